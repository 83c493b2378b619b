"""The lesson “Frameworks”."""
