"""The lesson “Augmentation”."""
