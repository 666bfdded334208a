"""Views: what a button opens. Each is drawn from its callback data alone, in any language."""
