"""What it computes: plain integers and numpy arrays in, plain integers and numpy arrays out."""
