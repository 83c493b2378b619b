"""The lesson “Batch norm and shortcuts”."""
