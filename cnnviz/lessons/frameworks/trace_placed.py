"""What one framework's convention makes of a layer along one axis.

>>> Placed("torch", "PyTorch", "padding=3", size=112).works
True
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Placed:
    """One convention at work, or why it refuses (`refused`; then all numbers are 0).

    `centre` is where output 0 stands, `shift` is against PyTorch's number (None if that refuses),
    `off_middle` is how far the middle of all outputs stands from the middle of the input.
    `overhang` cells lie beyond the padding but in the last window, `unread` ones behind it.
    """

    name: str
    framework: str
    setting: str
    size: int = 0
    before: int = 0
    after: int = 0
    overhang: int = 0
    unread: int = 0
    centre: Fraction = Fraction(0)
    off_middle: Fraction = Fraction(0)
    shift: Fraction | None = None
    refused: str = ""
    axis: int = 0
    """Cells of the axis that is padded or cut: the input's, or a transposed convolution's outputs."""
    windows: int = 0
    """Windows (or stamps) on it."""
    added: int = 0
    """Cells at the end of a transposed convolution's output that were appended."""

    @property
    def works(self) -> bool:
        """Whether there is an output at all."""
        return not self.refused

    @property
    def frame(self) -> tuple[int, ...]:
        """What two conventions have in common if they do just the same."""
        return self.size, self.before, self.after, self.overhang, self.added
