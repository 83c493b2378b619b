"""Links that carry a learned kernel to other pages: to the Filters page, and onto the stage.

>>> filters_link(np.array([[0.25, -1.0]]))
{'k': '0.25 -1', 'p': 'same', 'kind': 'signed'}
>>> sorted(stage_link(np.ones((5, 5)), np.full((28, 28), 255, np.uint8)))
['k', 'n', 'p', 'w', 'x']
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.grids import CUSTOM, GridSource
from cnnviz.engine.pictures.kernels import LARGEST_KERNEL
from cnnviz.lessons.convolution.spec import BOUNDS, ConvolutionSpec
from cnnviz.state.kernels import KernelSource, show_kernel

DECIMALS = 4
WINDOW = 12
"""Rows and columns of the picture that go onto the stage."""


def _rows(values: NDArray[np.floating], decimals: int) -> tuple[tuple[int | float, ...], ...]:
    rounded = np.round(values.astype(float), decimals) + 0.0
    return tuple(tuple(int(one) if one == int(one) else float(one) for one in row) for row in rounded)


def filters_link(kernel: NDArray[np.floating]) -> dict[str, str]:
    """Write a kernel for the Filters page, to four decimals; nothing if it is too large."""
    if max(kernel.shape) > LARGEST_KERNEL:
        return {}
    return {"k": show_kernel(KernelSource(CUSTOM, rows=_rows(kernel, DECIMALS))), "p": "same", "kind": "signed"}


def stage_link(kernel: NDArray[np.floating], picture: NDArray[np.uint8]) -> dict[str, str]:
    """Write a kernel for the Convolution page, over the middle of the picture (0 to 1); nothing if too large."""
    if max(kernel.shape) > BOUNDS["kernel"][1]:
        return {}
    grey = picture.mean(2) if picture.ndim == 3 else picture
    side = min(WINDOW, *grey.shape)
    top, left = ((one - side) // 2 for one in grey.shape)
    window = grey[top : top + side, left : left + side] / 255
    spec = ConvolutionSpec(
        size=(side, side),
        kernel=(kernel.shape[0], kernel.shape[1]),
        padding="same",
        values=GridSource(CUSTOM, _rows(window, 2)),
        weights=GridSource(CUSTOM, _rows(kernel, 3)),
    )
    return spec.to_query()
