"""Pasted PyTorch code, followed with values of its own; nothing in it is ever executed."""
