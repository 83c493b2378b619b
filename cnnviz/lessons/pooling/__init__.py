"""The lesson “Pooling”."""
