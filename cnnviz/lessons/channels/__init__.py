"""The lesson “Channels and groups”."""
