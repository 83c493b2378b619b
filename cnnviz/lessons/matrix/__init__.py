"""The lesson “Matrix form”."""
