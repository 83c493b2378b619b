"""The lesson “Lecture topics”."""
