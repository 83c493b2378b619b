"""The lesson “Filters”."""
