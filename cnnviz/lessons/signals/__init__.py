"""The lesson “Signals”."""
