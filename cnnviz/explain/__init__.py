"""What lessons have in common to say: notation, networks in words and code."""
