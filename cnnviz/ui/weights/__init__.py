"""The door to a network's weights: our own, random ones, a file, the server's folder, a download."""
