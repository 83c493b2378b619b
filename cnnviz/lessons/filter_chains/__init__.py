"""The lesson “Filter chains”."""
