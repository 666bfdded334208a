"""The inbox: the resident's side in the private chat, the operators' side in their group."""
