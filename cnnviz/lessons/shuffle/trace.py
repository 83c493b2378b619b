"""One pixel shuffle or unshuffle of the stage, with the numbers of both sides.

>>> trace = trace_shuffle(ShuffleSpec(cells=(1, 1)))
>>> trace.fine.tolist(), trace.coarse.tolist()
([[[0, 1], [2, 3]]], [[[0]], [[1]], [[2]], [[3]]])
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.patterns import fill_input
from cnnviz.engine.shuffle import pixel_unshuffle
from cnnviz.errors import SpecError
from cnnviz.lessons.shuffle.spec import MOST_CHANNELS, ShuffleSpec

Array = NDArray[Any]

MARK = 100
"""What sets the numbers of one channel apart from those of the channel before it."""


@dataclass(frozen=True)
class ShuffleTrace:
    """A spec with its numbers: the large side (C, H, W) and the small side with more channels."""

    spec: ShuffleSpec
    fine: Array
    coarse: Array

    @property
    def source(self) -> Array:
        """What the numbers come from."""
        return self.fine if self.spec.way == "unshuffle" else self.coarse

    @property
    def result(self) -> Array:
        """Where the numbers go to."""
        return self.coarse if self.spec.way == "unshuffle" else self.fine


def trace_shuffle(spec: ShuffleSpec) -> ShuffleTrace:
    """Compute both sides, or say which setting makes too many channels.

    Changed cells belong to the first channel of the large side.
    """
    check_shuffle(spec)
    channels, *size = spec.fine
    first = fill_input(spec.values, (size[0], size[1]), spec.seed)
    plain = fill_input(replace(spec.values, edits=()), (size[0], size[1]), spec.seed)
    fine = np.stack([first, *(plain + MARK * channel for channel in range(1, channels))])
    return ShuffleTrace(spec, fine, pixel_unshuffle(fine, spec.factor))


def check_shuffle(spec: ShuffleSpec) -> None:
    """Refuse what is legal, but more than the stage can draw.

    >>> check_shuffle(ShuffleSpec(factor=4, channels=2))
    Traceback (most recent call last):
    cnnviz.errors.SpecError: 2 channels and a factor of 4 make 2 · 4² = 32 channels. That is legal, but the stage draws\
 at most 18: 14 too many. Take fewer channels, or a smaller factor.
    """
    channels = spec.coarse[0]
    if channels > MOST_CHANNELS:
        raise SpecError(
            "channels",
            f"{spec.channels} channels and a factor of {spec.factor} make {spec.channels} · {spec.factor}² = "
            f"{channels} channels. That is legal, but the stage draws at most {MOST_CHANNELS}: "
            f"{channels - MOST_CHANNELS} too many. Take fewer channels, or a smaller factor.",
        )
