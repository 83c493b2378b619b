"""Published networks, and our own."""
