"""The lesson “Feature maps”."""
