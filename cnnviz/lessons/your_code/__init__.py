"""The lesson “Your code”."""
