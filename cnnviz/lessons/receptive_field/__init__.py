"""The lesson “Receptive field”."""
