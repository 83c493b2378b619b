"""The lesson “Properties”."""
