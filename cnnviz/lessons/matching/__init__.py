"""The lesson “Match a template”."""
