"""A matrix times a column: the grids and links that every lesson with a matrix draws.

>>> import numpy as np
>>> entry_texts(np.array([[0, 1, -1]]), np.array([[5, 7]]))
('5', '7', '·')
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.stage.axis_maps import STRUCTURAL_ZERO
from cnnviz.stage.windows import fraction_texts
from cnnviz.state.numbers import show_number


def entry_texts(used: NDArray[np.intp], weight: NDArray[Any]) -> tuple[str, ...]:
    """Write the weight of every entry, and a dot where there is none."""
    signs = (*number_texts(weight), STRUCTURAL_ZERO)  # the last is what -1 picks
    return tuple(map(signs.__getitem__, used.ravel().tolist()))


def own_texts(used: NDArray[np.intp], values: NDArray[Any]) -> tuple[str, ...]:
    """Write every entry's own number, and a dot where there is no weight."""
    shown = zip(used.ravel().tolist(), number_texts(values), strict=True)
    return tuple(STRUCTURAL_ZERO if cell < 0 else text for cell, text in shown)


def number_texts(values: NDArray[Any]) -> tuple[str, ...]:
    """Write numbers as short as they can be."""
    return fraction_texts(values) or tuple(show_number(value) for value in values.ravel().tolist())
