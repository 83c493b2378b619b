"""The lesson “Train a filter”."""
