"""What the three ways to compute a transposed convolution cost, how its stamps overlap, and what a round trip loses.

>>> from cnnviz.lessons.transposed.trace import trace_transposed
>>> from cnnviz.lessons.transposed.spec import TransposedSpec
>>> cost = explain_cost(trace_transposed(TransposedSpec()))
>>> cost.stamps, cost.windows, cost.matrix
(81, 441, 441)
>>> cost.sentence
'Stamping multiplies 81 times. Over the inserted zeros it would be 441, of which 360 meet a zero. The matrix has 441 \
entries, and 360 are always 0.'
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cnnviz.lessons.transposed.trace import TransposedAxis, TransposedTrace
from cnnviz.state.numbers import show_number


@dataclass(frozen=True, slots=True)
class TransposedCost:
    """Multiplications of each way; `needed` are those whose result is kept and that meet an input cell."""

    weights: int
    stamps: int
    windows: int
    matrix: int
    needed: int

    @property
    def sentence(self) -> str:
        """Say it all in plain words."""
        cut = self.stamps - self.needed
        lost = f", of which {cut:,} are cut away" if cut else ""
        return (
            f"Stamping multiplies {self.stamps:,} times{lost}. Over the inserted zeros it would be {self.windows:,}, "
            f"of which {self.windows - self.needed:,} meet a zero. The matrix has {self.matrix:,} entries, "
            f"and {self.matrix - self.needed:,} are always 0."
        )


def explain_cost(trace: TransposedTrace) -> TransposedCost:
    """Count multiplications: all stamps, all windows over the stretched input, and the entries of the matrix."""
    rows, columns = trace.axes
    weights, inputs, outputs = trace.weight.size, trace.values.size, trace.output.size
    needed = sum(rows.kept_counts) * sum(columns.kept_counts)
    return TransposedCost(weights, inputs * weights, outputs * weights, inputs * outputs, needed)


def explain_overlap(trace: TransposedTrace) -> str:
    """Say how the stamps overlap, and whether that makes a checkerboard.

    >>> from cnnviz.lessons.transposed.trace import trace_transposed
    >>> from cnnviz.lessons.transposed.spec import TransposedSpec
    >>> explain_overlap(trace_transposed(TransposedSpec(kernel=(2, 2))))
    'Kernel and stride are both 2: the stamps lie side by side, one on every cell.'
    """
    rows, columns = trace.axes
    if rows == columns:
        return _overlap(rows)
    return f"Down the rows: {_overlap(rows)} Along the columns: {_overlap(columns)}"


def _overlap(axis: TransposedAxis) -> str:
    reach = "" if axis.dilation == 1 else f" with dilation {axis.dilation}"
    if axis.kernel == axis.stride == axis.reach:
        return f"Kernel and stride are both {axis.kernel}: the stamps lie side by side, one on every cell."
    if axis.stride == 1:
        return (
            f"With stride 1 every cell gets {axis.kernel} weights in each direction, "
            "but for the rim: there is no checkerboard."
            if axis.kernel > 1
            else "Every cell gets exactly one stamp."
        )
    if axis.is_even:
        return (
            f"Kernel {axis.kernel}{reach} and stride {axis.stride} fit: every place gets equally many weights, "
            "and there is no checkerboard but for the rim."
        )
    places = np.bincount(np.arange(axis.kernel) * axis.dilation % axis.stride, minlength=axis.stride)
    return (
        f"Kernel {axis.kernel}{reach} and stride {axis.stride} do not fit: in each direction cells get "
        f"{places.min()} or {places.max()} weights in turn. In a trained network this is seen as a checkerboard."
    )


def explain_trip(trace: TransposedTrace) -> str:
    """Say what came back from a round trip; nothing in other views.

    >>> from cnnviz.lessons.transposed.trace import trace_transposed
    >>> from cnnviz.lessons.transposed.spec import TransposedSpec
    >>> explain_trip(trace_transposed(TransposedSpec(how="round"))).split(". ")[0]
    'The 49 values of the picture became 9, and these became 49 again'
    """
    if trace.trip is None:
        return ""
    picture, middle = trace.trip.picture.size, trace.trip.middle.size
    largest = show_number(float(np.abs(trace.trip.difference).max()))
    came = (
        "Here all of them are the old values."
        if largest == "0"
        else f"They are not the old values: the largest difference is {largest}."
    )
    fewer = " What fewer numbers hold cannot all come back." if middle < picture else ""
    return (
        f"The {picture} values of the picture became {middle}, and these became {picture} again. {came}{fewer} "
        "Transposing turns the matrix on its side; it does not invert it. “Deconvolution” is a misleading name."
    )
