"""The lesson “Where it looks”."""
