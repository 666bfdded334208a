"""What must hold when something fails: no update lost, one effect each, a clear end.

F01, F02 … number the failures that the project lists for itself.
"""
