"""One convolution of the stage as a matrix: a row for every output, a column for every input.

>>> trace = trace_matrix(MatrixSpec(size=(1, 5), kernel=(1, 3), padding="full", flip=True))
>>> trace.matrix.tolist()[:3]
[[1, 0, 0, 0, 0], [2, 1, 0, 0, 0], [3, 2, 1, 0, 0]]
>>> trace.matrix @ trace.conv.values.ravel() == trace.conv.output.ravel()
array([ True,  True,  True,  True,  True,  True,  True])
>>> trace.counts
Counts(dense=35, local=21, shared=3, lines=15)

Beside it stand two layers of the same size: one that joins every input with every output, and one that joins the same
cells as the convolution, but with a weight of its own for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.windows import AxisWindows, product_taps
from cnnviz.errors import SpecError
from cnnviz.lessons.convolution.trace import ConvolutionTrace, check_convolution, trace_convolution
from cnnviz.lessons.matrix.spec import LARGEST, VIEWS, MatrixSpec

Array = NDArray[Any]
AXES = ("rows", "columns")


@dataclass(frozen=True, slots=True)
class Counts:
    """Parameters of a dense, a locally connected and a convolutional layer of one size.

    `lines` counts the entries of the matrix that hold a weight: where a window reads zeros of the padding, it has fewer
    of them than weights.
    """

    dense: int
    local: int
    shared: int
    lines: int

    @property
    def zeros(self) -> int:
        """Entries of the matrix that are zero whatever the weights are."""
        return self.dense - self.lines


@dataclass(frozen=True)
class MatrixTrace:
    """A spec with its convolution, and which weight of the kernel (or -1) every entry of the matrix is."""

    spec: MatrixSpec
    conv: ConvolutionTrace
    used: NDArray[np.intp]

    @cached_property
    def matrix(self) -> Array:
        """The matrix: outputs × inputs."""
        weights = self.conv.weight.ravel()
        return _frozen(np.where(self.used < 0, 0, weights[self.used]).astype(weights.dtype))

    @cached_property
    def dense(self) -> Array:
        """Weights between every input and every output: none is zero, none is shared."""
        return _own_weights(*self.used.shape, self.spec.seed)

    @cached_property
    def local(self) -> Array:
        """The same weights, only where the convolution has one."""
        return _frozen(np.where(self.used < 0, 0, self.dense))

    @property
    def counts(self) -> Counts:
        """Count the parameters of the three layers."""
        weights = self.conv.weight.size
        return Counts(self.used.size, len(self.used) * weights, weights, int(np.count_nonzero(self.used >= 0)))


def trace_matrix(spec: MatrixSpec) -> MatrixTrace:
    """Compute a convolution and its matrix, or say which setting makes it impossible.

    >>> trace_matrix(MatrixSpec(size=(9, 9)))
    Traceback (most recent call last):
    cnnviz.errors.SpecError: The matrix has a row for each of the 49 outputs and a column for each of the 81 inputs. \
That is legal, but the stage draws at most 49 rows and 64 columns: 17 columns too many. Take a smaller input.
    """
    rows, columns = check_matrix(spec)
    return MatrixTrace(spec, trace_convolution(spec), weight_of_entries(rows, columns, spec.flip))


def check_matrix(spec: MatrixSpec) -> tuple[AxisWindows, AxisWindows]:
    """Map both axes without computing anything, or say which setting makes it impossible."""
    _, (rows, columns) = check_convolution(spec)
    for name, axis in zip(AXES, (rows, columns), strict=True):
        if spec.mode == "circular" and any(axis.padding):
            _check_circle(name, axis)
    _check_size(spec, rows.size * columns.size, rows.n * columns.n)
    return rows, columns


@lru_cache(maxsize=256)
def weight_of_entries(rows: AxisWindows, columns: AxisWindows, flip: bool = False) -> NDArray[np.intp]:
    """Say for every entry of the matrix which weight it is (counted row after row), or -1 for a structural zero.

    >>> from cnnviz.engine.windows import axis_windows
    >>> one, three = axis_windows(1, 1), axis_windows(3, 2)
    >>> weight_of_entries(one, three).tolist()
    [[0, 1, -1], [-1, 0, 1]]
    """
    used = product_taps(rows.taps, columns.taps, columns.kernel)
    return _frozen(np.where(used < 0, -1, rows.kernel * columns.kernel - 1 - used)) if flip else used


@lru_cache(maxsize=256)
def _own_weights(outputs: int, inputs: int, seed: int) -> Array:
    return _frozen(_drawn_weights(seed)[:outputs, :inputs].copy())


@lru_cache(maxsize=64)
def _drawn_weights(seed: int) -> Array:
    """Draw whole numbers without 0, for the largest matrix: every connection has its own."""
    drawn = np.random.default_rng((seed, 4)).integers(1, 5, (49, 64))
    signs = np.random.default_rng((seed, 5)).choice((-1, 1), (49, 64))
    weights: Array = drawn * signs
    return weights


def _check_circle(name: str, axis: AxisWindows) -> None:
    """Refuse a window that meets itself on the circle: one entry would be the sum of two weights."""
    reach = (axis.kernel - 1) * axis.dilation + 1
    if reach > axis.n:
        raise SpecError(
            "kernel",
            f"In the {name}, the kernel reaches over {reach} cells, but the circle has only {axis.n}: it would meet "
            f"itself, and an entry of the matrix would be the sum of two weights. "
            f"Take an input of at least {reach}, or a smaller kernel.",
        )


def _check_size(spec: MatrixSpec, outputs: int, inputs: int) -> None:
    most = LARGEST[spec.how]
    over = [(outputs - most[0], "row"), (inputs - most[1], "column")]
    parts = [f"{count} {what}{'s' if count > 1 else ''} too many" for count, what in over if count > 0]
    if not parts:
        return
    ways = "Take a smaller input" if inputs > most[1] else "Take a smaller input, a larger stride or less padding"
    if spec.how == "layers":
        ways += f", or look at “{VIEWS['matrix']}”"
    raise SpecError(
        "input",
        f"The matrix has a row for each of the {outputs} outputs and a column for each of the {inputs} inputs. "
        f"That is legal, but the stage draws at most {most[0]} rows and {most[1]} columns"
        f"{' of three matrices' if spec.how == 'layers' else ''}: {' and '.join(parts)}. {ways}.",
    )


def _frozen(array: Array) -> Array:
    array.setflags(write=False)
    return array
