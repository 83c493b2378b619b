"""The lesson “Volumes”."""
