"""The lesson “Backward”."""
