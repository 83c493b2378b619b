"""The lesson “Fine-tuning”."""
