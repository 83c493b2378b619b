"""The lesson “Pixels”."""
