"""The lesson “Down-sampling”."""
