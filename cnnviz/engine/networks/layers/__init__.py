"""The kinds of layers: what each asks for, its size and its cost."""
