"""One transposed convolution of the stage, computed with everything that there is to see of it.

>>> trace = trace_transposed(TransposedSpec(size=(1, 2), kernel=(1, 3)))
>>> trace.values.tolist(), trace.weight.tolist()
([[1, 2]], [[0, 1, 2]])
>>> trace.output.tolist()
[[0, 1, 2, 2, 4]]
>>> trace.columns.stamps[2]  # the cell in the middle gets a stamp of both inputs: (input cell, weight)
((0, 2), (1, 0))

Padding takes cells away from what the stamps cover; output padding takes less away at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.arithmetic import effective_kernel, output_size, transposed_size
from cnnviz.engine.convolution import correlate_plane
from cnnviz.engine.grids import Pair
from cnnviz.engine.patterns import fill_input, fill_kernel
from cnnviz.engine.windows import AxisWindows, axis_windows, pad, product_taps
from cnnviz.errors import SpecError
from cnnviz.lessons.transposed.spec import LARGEST_MATRIX, LARGEST_PICTURE, WITH_MATRIX, TransposedSpec

AXES = ("rows", "columns")
Array = NDArray[Any]


@dataclass(frozen=True)
class TransposedAxis:
    """One axis, seen both ways: as stamps on a canvas, and as windows over an input with zeros between its cells.

    The canvas is what the stamps cover; `cut` of it is taken away before and after. It is longer where output padding
    asks for cells that no stamp reaches. `margin` counts the zeros around the stretched input; where the padding is
    larger than the kernel's reach - 1 there are none, and the first window starts later, at `start`.
    """

    n: int
    kernel: int
    stride: int
    padding: Pair
    dilation: int
    output_padding: int
    size: int

    @property
    def reach(self) -> int:
        """Cells from the first tap of the kernel to its last."""
        return effective_kernel(self.kernel, self.dilation)

    @property
    def covered(self) -> int:
        """Cells that the stamps cover, from the first to the last."""
        return (self.n - 1) * self.stride + self.reach

    @property
    def cut(self) -> Pair:
        """Cells of the canvas that are taken away before and after."""
        return self.padding[0], max(self.padding[1] - self.output_padding, 0)

    @property
    def beyond(self) -> int:
        """Outputs at the end that no stamp can reach."""
        return max(self.output_padding - self.padding[1], 0)

    @property
    def canvas(self) -> int:
        """Cells of the canvas, those to be cut included."""
        return self.covered + self.beyond

    @cached_property
    def stamps(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """For every cell of the canvas the (input cell, weight) of each stamp on it.

        It is the map of the convolution from the canvas to the input, turned round.
        """
        readers = axis_windows(self.covered, self.kernel, self.stride, 0, self.dilation).readers
        return readers + ((),) * self.beyond

    @cached_property
    def taps(self) -> NDArray[np.intp]:
        """The weight through which an output (row) is stamped by an input cell (column), -1 where it is not."""
        found = np.full((self.size, self.n), -1)
        for output, stamps in enumerate(self.stamps[self.cut[0] : self.cut[0] + self.size]):
            for cell, weight in stamps:
                found[output, cell] = weight
        return _frozen(found)

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """How many stamps fall on each cell of the canvas."""
        return tuple(map(len, self.stamps))

    @property
    def kept_counts(self) -> tuple[int, ...]:
        """How many stamps fall on each output."""
        return self.counts[self.cut[0] : self.cut[0] + self.size]

    @property
    def margin(self) -> Pair:
        """Zeros around the stretched input."""
        before, after = self.padding
        return max(self.reach - 1 - before, 0), max(self.reach - 1 - after + self.output_padding, 0)

    @property
    def start(self) -> int:
        """Where the first window over the stretched input begins."""
        return max(self.padding[0] - (self.reach - 1), 0)

    @property
    def stretched(self) -> int:
        """Cells of the input with `stride` - 1 zeros between two of them and its margin around."""
        return sum(self.margin) + (self.n - 1) * self.stride + 1

    @property
    def leftover(self) -> int:
        """The guide's a: what is left over when the convolution that this one turns back divides by its stride."""
        return (self.size + sum(self.padding) - self.reach) % self.stride

    @property
    def is_even(self) -> bool:
        """Tell whether every place of the stride gets equally many weights, so that overlaps make no pattern."""
        places = np.bincount(np.arange(self.kernel) * self.dilation % self.stride, minlength=self.stride)
        return bool((places == places[0]).all())

    @property
    def silent(self) -> tuple[int, ...]:
        """The input cells of which every stamp is cut away."""
        heard = {cell for stamps in self.stamps[self.cut[0] : self.cut[0] + self.size] for cell, _ in stamps}
        return tuple(cell for cell in range(self.n) if cell not in heard)


@dataclass(frozen=True)
class RoundTrip:
    """A picture, the convolution of it, and how far off the way back ends; `axes` lead to the middle."""

    picture: Array
    middle: Array
    axes: tuple[AxisWindows, AxisWindows]
    difference: Array


@dataclass(frozen=True)
class TransposedTrace:
    """A spec with its numbers. On a round trip `values` is what the convolution gave, else what the learner wrote."""

    spec: TransposedSpec
    rows: TransposedAxis
    columns: TransposedAxis
    values: Array
    weight: Array
    canvas: Array
    trip: RoundTrip | None = None

    @property
    def axes(self) -> tuple[TransposedAxis, TransposedAxis]:
        """Both axes, rows first."""
        return self.rows, self.columns

    @cached_property
    def output(self) -> Array:
        """What is left of the canvas."""
        (top, _), (left, _) = self.rows.cut, self.columns.cut
        return _frozen(self.canvas[top : top + self.rows.size, left : left + self.columns.size].copy())

    @cached_property
    def stretched(self) -> Array:
        """The input with zeros between its cells and around it."""
        rows, columns = self.axes
        grid = np.zeros((rows.stretched, columns.stretched), self.values.dtype)
        (top, _), (left, _) = rows.margin, columns.margin
        down, across = (axis.stride * (axis.n - 1) + 1 for axis in self.axes)
        grid[top : top + down : rows.stride, left : left + across : columns.stride] = self.values
        return _frozen(grid)

    @property
    def turned(self) -> Array:
        """The kernel, turned by 180 degrees."""
        return self.weight[::-1, ::-1]

    @cached_property
    def counts(self) -> Array:
        """How many stamps fall on each cell of the canvas."""
        return _frozen(np.outer(self.rows.counts, self.columns.counts))

    @cached_property
    def matrix(self) -> Array:
        """The matrix that takes the flattened input to the flattened output."""
        used = matrix_weights(self.rows, self.columns)
        return _frozen(np.where(used < 0, 0, self.weight.ravel()[used]).astype(self.weight.dtype))


def trace_transposed(spec: TransposedSpec) -> TransposedTrace:
    """Compute a transposed convolution for the stage, or say which setting makes it impossible.

    >>> trace_transposed(TransposedSpec(output_padding=(2, 2)))
    Traceback (most recent call last):
    cnnviz.errors.SpecError: Output padding is 2, but it must be smaller than the stride or the dilation (here 2): \
it only chooses between the input sizes that one output size can come from. Take 1 or less.
    """
    axes = check_transposed(spec)
    weight = fill_kernel(spec.weights, spec.kernel, spec.seed)
    if spec.how != "round":
        values = fill_input(spec.values, spec.size, spec.seed)
        return TransposedTrace(spec, *axes, values, weight, _stamp(values, weight, axes))
    picture = fill_input(spec.values, (axes[0].size, axes[1].size), spec.seed)
    there = _windows(axes)
    middle = _frozen(correlate_plane(pad(picture, there), weight, there))
    trace = TransposedTrace(spec, *axes, middle, weight, _stamp(middle, weight, axes))
    trip = RoundTrip(picture, middle, there, _frozen(trace.output - picture))
    return TransposedTrace(spec, *axes, middle, weight, trace.canvas, trip)


def check_transposed(spec: TransposedSpec) -> tuple[TransposedAxis, TransposedAxis]:
    """Map both axes without computing anything, or say which setting makes it impossible."""
    axes = _axis_of(spec, 0), _axis_of(spec, 1)
    if spec.how in WITH_MATRIX:
        _check_matrix(axes)
    if spec.how == "round":
        for axis in axes:
            _check_trip(axis)
    return axes


def check_axis(axis: int, spec: TransposedSpec) -> None:
    """Say which setting makes one axis impossible, whatever the other is."""
    _axis_of(spec, axis)


@lru_cache(maxsize=256)
def matrix_weights(rows: TransposedAxis, columns: TransposedAxis) -> NDArray[np.intp]:
    """Say for every entry of the matrix which weight it is (counted row after row), or -1 for a structural zero.

    >>> one, three = transposed_axis(1, 1), transposed_axis(2, 3, stride=2)
    >>> matrix_weights(one, three).T.tolist()  # a column, here written as a row, is the stamp of one input
    [[0, 1, 2, -1, -1], [-1, -1, 0, 1, 2]]
    """
    return product_taps(rows.taps, columns.taps, columns.kernel)


@lru_cache(maxsize=2048)
def transposed_axis(  # noqa: PLR0917 - the six numbers, in the order of every book
    n: int, kernel: int, stride: int = 1, padding: Pair = (0, 0), dilation: int = 1, output_padding: int = 0
) -> TransposedAxis:
    """Map one axis, or say why it cannot be.

    >>> axis = transposed_axis(3, 3, stride=2, padding=(1, 1), output_padding=1)
    >>> axis.size, axis.canvas, axis.cut, axis.margin, axis.stretched, axis.leftover
    (6, 7, (1, 0), (1, 2), 8, 1)
    """
    size = transposed_size(n, kernel, stride, padding, dilation, output_padding)
    return TransposedAxis(n, kernel, stride, padding, dilation, output_padding, size)


def _axis_of(spec: TransposedSpec, axis: int) -> TransposedAxis:
    settings = (spec.size, spec.kernel, spec.stride, spec.padding, spec.dilation, spec.output_padding)
    try:
        found = transposed_axis(*(pair[axis] for pair in settings))
    except SpecError as error:
        where = "" if all(rows == columns for rows, columns in settings) else f"In the {AXES[axis]}: "
        raise SpecError(error.field, where + error.message) from None
    if found.canvas > LARGEST_PICTURE:
        raise SpecError(
            "input",
            f"The stamps cover {found.canvas} {AXES[axis]}. That is legal, but the stage draws at most "
            f"{LARGEST_PICTURE}. Take a smaller input, kernel or stride.",
        )
    return found


def _check_matrix(axes: tuple[TransposedAxis, TransposedAxis]) -> None:
    height, width = axes[0].size * axes[1].size, axes[0].n * axes[1].n
    if max(height, width) > LARGEST_MATRIX:
        raise SpecError(
            "how",
            f"The matrix has a row for each of the {height} outputs and a column for each of the {width} inputs. "
            f"That is legal, but the stage draws at most {LARGEST_MATRIX} of each. "
            "Take a smaller input or stride, more padding, or look at the stamps.",
        )


def _check_trip(axis: TransposedAxis) -> None:
    """Refuse an output padding that no convolution rounds away: it would come to another size in the middle."""
    middle = output_size(axis.size, axis.kernel, axis.stride, axis.padding, axis.dilation)
    if middle != axis.n:
        raise SpecError(
            "output_padding",
            f"With output padding {axis.output_padding} and stride {axis.stride} a picture of {axis.size} cells has "
            f"{middle} outputs, not {axis.n}: this is no way there and back. "
            f"Take output padding {axis.stride - 1} or less.",
        )


def _windows(axes: tuple[TransposedAxis, TransposedAxis]) -> tuple[AxisWindows, AxisWindows]:
    rows, columns = (axis_windows(axis.size, axis.kernel, axis.stride, axis.padding, axis.dilation) for axis in axes)
    return rows, columns


def _stamp(values: Array, weight: Array, axes: tuple[TransposedAxis, TransposedAxis]) -> Array:
    """Stamp the kernel for every input cell and add: the turned kernel over the input with zeros all around."""
    spread = np.zeros([axis.canvas + axis.reach - 1 for axis in axes], values.dtype)
    places = tuple(slice(a.reach - 1, a.reach - 1 + (a.n - 1) * a.stride + 1, a.stride) for a in axes)
    spread[places] = values
    windows = [axis_windows(axis.canvas + axis.reach - 1, axis.kernel, 1, 0, axis.dilation) for axis in axes]
    return _frozen(correlate_plane(spread, weight[::-1, ::-1], windows))


def _frozen(array: Array) -> Array:
    array.setflags(write=False)
    return array
