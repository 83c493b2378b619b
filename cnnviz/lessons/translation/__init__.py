"""The lesson “Translation”."""
