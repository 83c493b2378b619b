"""The lesson “Networks”."""
