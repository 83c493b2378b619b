"""The lesson “Build a network”."""
