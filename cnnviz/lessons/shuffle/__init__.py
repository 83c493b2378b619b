"""The lesson “Pixel shuffle”."""
