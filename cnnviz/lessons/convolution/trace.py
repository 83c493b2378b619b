"""One convolution of the stage, computed with everything that there is to see of it.

>>> trace = trace_convolution(ConvolutionSpec())
>>> trace.output.tolist()
[[12, 12, 17], [10, 17, 19], [9, 6, 14]]
>>> trace.rows.reads[0].tolist(), trace.rows.coverage.tolist()
([0, 1, 2], [1, 2, 3, 2, 1])
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from numpy.typing import NDArray

from cnnviz.engine.arithmetic import effective_kernel, full_padding, same_padding
from cnnviz.engine.convolution import correlate_plane
from cnnviz.engine.patterns import fill_input, fill_kernel
from cnnviz.engine.windows import AxisWindows, PaddingMode, axis_windows, pad
from cnnviz.errors import SpecError
from cnnviz.lessons.convolution.spec import BOUNDS, ConvolutionSpec
from cnnviz.state.query import Sides

AXES = ("rows", "columns")


@dataclass(frozen=True)
class ConvolutionTrace:
    """A spec with its numbers: the index map of both axes, the padded input, the kernel and the output.

    `weight` is the kernel as the learner wrote it; `padding` is what ``"same"`` or ``"full"`` came to.
    """

    spec: ConvolutionSpec
    padding: Sides
    rows: AxisWindows
    columns: AxisWindows
    values: NDArray[Any]
    padded: NDArray[Any]
    weight: NDArray[Any]
    output: NDArray[Any]

    @property
    def axes(self) -> tuple[AxisWindows, AxisWindows]:
        """Both index maps, rows first."""
        return self.rows, self.columns


def trace_convolution(spec: ConvolutionSpec) -> ConvolutionTrace:
    """Compute a convolution for the stage, or say which setting makes it impossible.

    >>> trace_convolution(ConvolutionSpec(size=(2, 5)))
    Traceback (most recent call last):
    cnnviz.errors.SpecError: In the rows: The kernel reaches over 3 cells, but the padded input has only 2: 1 too few. \
Add padding, or take a kernel of at most 2.
    """
    padding, (rows, columns) = check_convolution(spec)
    values = fill_input(spec.values, spec.size, spec.seed)
    weight = fill_kernel(spec.weights, spec.kernel, spec.seed)
    padded = pad(values, (rows, columns))
    applied = weight[::-1, ::-1] if spec.flip else weight
    output = correlate_plane(padded, applied, (rows, columns))
    return ConvolutionTrace(spec, padding, rows, columns, values, padded, weight, output)


def check_convolution(spec: ConvolutionSpec) -> tuple[Sides, tuple[AxisWindows, AxisWindows]]:
    """Map both axes without computing anything, or say which setting makes it impossible."""
    padding = resolve_padding(spec)
    return padding, (_windows(spec, padding, 0), _windows(spec, padding, 1))


def check_axis(axis: int, spec: ConvolutionSpec) -> None:
    """Say which setting makes one axis impossible, whatever the other is; “same” and “full” hang on both, and pass.

    >>> check_axis(0, ConvolutionSpec(size=(5, 2)))
    >>> check_axis(1, ConvolutionSpec(size=(5, 2)))
    Traceback (most recent call last):
    cnnviz.errors.SpecError: In the columns: The kernel reaches over 3 cells, but the padded input has only 2: 1 too \
few. Add padding, or take a kernel of at most 2.
    """
    if spec.padding not in {"same", "full"}:
        _windows(spec, resolve_padding(spec), axis)


def resolve_padding(spec: ConvolutionSpec) -> Sides:
    """Turn ``"valid"``, ``"same"`` and ``"full"`` into numbers of cells: (top, bottom), (left, right).

    >>> resolve_padding(ConvolutionSpec(kernel=(3, 4), padding="same"))
    ((1, 1), (1, 2))
    """
    if not isinstance(spec.padding, str):
        return spec.padding
    if spec.padding == "valid":
        return (0, 0), (0, 0)
    if spec.padding == "same" and max(spec.stride) > 1:
        stride = max(spec.stride)
        raise SpecError(
            "padding",
            f"“Same” padding keeps the size, and a stride of {stride} divides it: PyTorch refuses the two together. "
            "Take stride 1, or give the padding as a number.",
        )
    sides = cast("Sides", tuple(_named(spec, axis) for axis in (0, 1)))
    _check_room(spec, sides)
    return sides


def _named(spec: ConvolutionSpec, axis: int) -> tuple[int, int]:
    kernel, dilation = spec.kernel[axis], spec.dilation[axis]
    if spec.padding == "full":
        return full_padding(kernel, dilation)
    return same_padding(spec.size[axis], kernel, 1, dilation)


def _check_room(spec: ConvolutionSpec, sides: Sides) -> None:
    """Refuse what is legal but larger than the stage can draw."""
    widest = max(max(side) for side in sides)
    room = BOUNDS["padding"][1]
    if widest > room:
        axis = 0 if max(sides[0]) == widest else 1
        reach = effective_kernel(spec.kernel[axis], spec.dilation[axis])
        raise SpecError(
            "padding",
            f"“{str(spec.padding).capitalize()}” padding of a kernel that reaches over {reach} cells needs {widest} "
            f"cells on one side. That is legal, but the stage draws at most {room}. Take a smaller kernel or dilation.",
        )


def _windows(spec: ConvolutionSpec, padding: Sides, axis: int) -> AxisWindows:
    settings = spec.size[axis], spec.kernel[axis], spec.stride[axis], padding[axis], spec.dilation[axis]
    try:
        return axis_windows(*settings, cast("PaddingMode", spec.mode))
    except SpecError as error:
        pairs = (spec.size, spec.kernel, spec.stride, padding, spec.dilation)
        where = "" if all(rows == columns for rows, columns in pairs) else f"In the {AXES[axis]}: "
        raise SpecError(error.field, where + error.message) from None
