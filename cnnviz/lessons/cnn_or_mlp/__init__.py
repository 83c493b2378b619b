"""The lesson “CNN or MLP”."""
