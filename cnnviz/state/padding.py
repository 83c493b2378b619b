"""Padding in words: the amounts that have a name, and the modes.

>>> MODES["zeros"]
'Zeros'
"""

from __future__ import annotations

NAMED_PADDING = ("valid", "same", "full")

MODES = {"zeros": "Zeros", "reflect": "Reflect", "replicate": "Replicate", "circular": "Circular"}
"""The padding modes, under PyTorch's names."""
