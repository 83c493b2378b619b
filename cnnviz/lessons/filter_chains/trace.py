"""Two kernels one after the other, the one kernel that does the same at once, and where the two ways part.

>>> picture = np.arange(36, dtype=np.uint8).reshape(6, 6)
>>> trace = trace_sequence(picture, FilterChainsSpec())
>>> trace.combined.numbers.tolist()[2], trace.combined.divisor
([3, 6, 9, 6, 3], 81)
>>> trace.inside, round(trace.border, 2), trace.exact
(0.0, 4.41, True)

A network's layers correlate: y[i] = sum of x[i + a] k1[a], and z[i] = sum of y[i + b] k2[b]. Put in, z[i] is the sum of
x[i + a + b] k1[a] k2[b]: the weight at place c = a + b is the sum of all k1[a] k2[c - a], the two kernels convolved.

Kernels that are whole numbers over a divisor are laid over the bytes of the picture in whole numbers, and divided last:
then the two ways agree exactly, or not at all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.convolution import convolve
from cnnviz.engine.grids import Pair
from cnnviz.engine.pictures.kernels import whole_rows
from cnnviz.engine.settings import Array
from cnnviz.engine.windows import PaddingMode
from cnnviz.errors import SpecError
from cnnviz.lessons.filter_chains.spec import FilterChainsSpec
from cnnviz.state.kernels import KernelSource, kernel_rows

Grey = NDArray[np.uint8]

BRIGHTEST = 255
LARGEST_SHOWN = 2**31 - 1
"""The viewer's codes have four bytes."""

FLOAT_ERROR = 2e-6
"""A difference this small, compared with the largest sums that may cancel, is the rounding of 32-bit numbers."""


@dataclass(frozen=True, eq=False)
class Kernel:
    """A kernel as whole numbers over a divisor, or as floats over 1."""

    numbers: Array
    divisor: int

    @property
    def values(self) -> NDArray[np.float64]:
        """The weights themselves."""
        return self.numbers / np.float64(self.divisor)

    @property
    def whole(self) -> bool:
        """Whether it is exact."""
        return self.numbers.dtype.kind == "i"

    @property
    def shape(self) -> Pair:
        """Rows and columns."""
        rows, columns = self.numbers.shape
        return rows, columns

    @property
    def size(self) -> int:
        """How many weights."""
        return int(self.numbers.size)

    def reduced(self) -> Kernel:
        """Divide numbers and divisor by what they have in common.

        >>> Kernel(np.array([[2, 4]]), 6).reduced().numbers.tolist()
        [[1, 2]]
        """
        common = math.gcd(self.divisor, *self.numbers.ravel().tolist()) if self.whole else 1
        return Kernel(self.numbers // common, self.divisor // common) if common > 1 else self

    @property
    def before(self) -> Pair:
        """Cells of padding above and on the left that keep the size; those below and on the right are `after`."""
        return (self.shape[0] - 1) // 2, (self.shape[1] - 1) // 2

    @property
    def after(self) -> Pair:
        """Cells of padding below and on the right."""
        return self.shape[0] // 2, self.shape[1] // 2


@dataclass(frozen=True, eq=False)
class SequenceTrace:
    """Two steps, one step, and their difference."""

    spec: FilterChainsSpec
    first: Kernel
    second: Kernel
    combined: Kernel
    between: Array
    """The picture after the first kernel, and after the ReLU if there is one."""
    steps: Array
    """After both."""
    once: Array
    """After the combined kernel."""
    difference: Array
    inside: float | None
    """The largest difference where all windows lie in the picture; None: nowhere do they."""
    border: float
    """The largest difference where one of them reads padding."""
    rounding: float
    """What counts as no difference."""
    parts: int
    """How many pixels differ by more than rounding."""
    between_offset: tuple[float, float]
    offset: tuple[float, float]
    at: Pair

    @property
    def exact(self) -> bool:
        """Whether everything was computed in whole numbers."""
        return self.first.whole and self.second.whole

    @property
    def one_kernel(self) -> bool:
        """Whether the combined kernel gives the same inside."""
        return self.inside is None or self.inside <= self.rounding

    @property
    def products(self) -> tuple[int, int]:
        """How many multiplications the whole picture takes in two steps, and at once."""
        between = int(self.between.size)
        two = between * self.first.size + int(self.steps.size) * self.second.size
        return two, int(self.once.size) * self.combined.size


def kernel_of(source: KernelSource) -> Kernel:
    """Give the kernel that was asked for.

    >>> kernel_of(KernelSource("box")).divisor, kernel_of(KernelSource("gaussian")).whole
    (9, False)
    """
    rows, divisor = whole_rows(kernel_rows(source))
    whole = all(isinstance(value, int) for row in rows for value in row)
    return Kernel(np.array(rows, np.int64 if whole else np.float64), divisor)


def combine(first: Kernel, second: Kernel) -> Kernel:
    """Convolve two kernels, all of it: the kernel that does both at once.

    >>> one = Kernel(np.array([[1, -1]]), 1)
    >>> combine(one, one).numbers.tolist()
    [[1, -2, 1]]
    """
    a, b = (kernel if first.whole and second.whole else Kernel(kernel.values, 1) for kernel in (first, second))
    numbers = convolve(a.numbers[None], b.numbers[None, None], padding="full", flip=True)[0]
    return Kernel(numbers, a.divisor * b.divisor)


def trace_sequence(picture: Grey, spec: FilterChainsSpec) -> SequenceTrace:
    """Filter twice, and once with the combined kernel, and compare; SpecError if the picture is too small."""
    first, second = kernel_of(spec.first), kernel_of(spec.second)
    _check_size(first, second)
    combined = combine(first, second)
    exact = combined.whole
    x: Array = picture if exact else picture.astype(np.float32)
    between = _filtered(x, first, first.before, first.after, spec.mode)
    if spec.relu:
        np.maximum(between, 0, out=between)
    steps = _filtered(between, second, second.before, second.after, spec.mode)
    before, after = (_sum(one, two) for one, two in ((first.before, second.before), (first.after, second.after)))
    once = _filtered(x, combined, before, after, spec.mode)
    if exact:
        between, steps, once = (
            _divided(map_, divisor)
            for map_, divisor in ((between, first.divisor), (steps, combined.divisor), (once, combined.divisor))
        )
    difference = steps - once
    padded = spec.mode != "valid"
    inside, border = _largest(difference, before if padded else (0, 0), after if padded else (0, 0))
    rounding = 0.0 if exact else FLOAT_ERROR * _reach(first, second)
    parts = int(np.count_nonzero(np.abs(difference) > rounding)) if max(inside or 0.0, border) > rounding else 0
    row, column = spec.at or (steps.shape[0] // 2, steps.shape[1] // 2)
    return SequenceTrace(
        spec, first, second, combined, between, steps, once, difference, inside, border, rounding, parts,
        _centre(first.shape, first.before if padded else (0, 0)),
        _centre(combined.shape, before if padded else (0, 0)),
        (min(row, steps.shape[0] - 1), min(column, steps.shape[1] - 1)),
    )  # fmt: skip


def _filtered(x: Array, kernel: Kernel, before: Pair, after: Pair, mode: str) -> Array:
    """Correlate a plane, in whole numbers if both are whole."""
    weight = kernel.numbers if x.dtype.kind in "iu" else kernel.values.astype(np.float32)
    valid = mode == "valid"
    padding = 0 if valid else tuple(zip(before, after, strict=True))
    kind: PaddingMode = "zeros" if valid else cast(PaddingMode, mode)
    out: Array = convolve(x[None], weight[None, None], padding=padding, padding_mode=kind)[0]
    return out


def _divided(numbers: Array, divisor: int) -> Array:
    """Divide whole numbers; equal ones stay equal."""
    return numbers.astype(np.int32) if divisor == 1 else numbers.astype(np.float32) / np.float32(divisor)


def _largest(difference: Array, before: Pair, after: Pair) -> tuple[float | None, float]:
    """Find the largest difference inside and in the frame that padding reaches."""
    height, width = difference.shape
    rows, columns = slice(before[0], height - after[0]), slice(before[1], width - after[1])
    absolute = np.abs(difference)
    middle = absolute[rows, columns]
    inside = float(middle.max()) if middle.size else None
    frame = [absolute[: rows.start], absolute[max(rows.stop, 0) :]]
    frame += [absolute[:, : columns.start], absolute[:, max(columns.stop, 0) :]]
    return inside, max((float(part.max()) for part in frame if part.size), default=0.0)


def _centre(shape: Pair, before: Pair) -> tuple[float, float]:
    """Place an output over the middle of its window."""
    return (shape[0] - 1) / 2 - before[0], (shape[1] - 1) / 2 - before[1]


def _sum(one: Pair, two: Pair) -> Pair:
    return one[0] + two[0], one[1] + two[1]


def _reach(first: Kernel, second: Kernel) -> float:
    """Bound what a pixel can become."""
    return BRIGHTEST * float(np.abs(first.values).sum()) * float(np.abs(second.values).sum())


def _check_size(first: Kernel, second: Kernel) -> None:
    """Refuse weights with which a pixel could become larger than can be shown."""
    reach = _reach(first, second)
    if reach > LARGEST_SHOWN:
        raise SpecError(
            "k1",
            f"With weights this large a pixel could reach {reach:.1e}; the viewer shows no more than "
            f"{LARGEST_SHOWN:,}. Take weights that are {reach / LARGEST_SHOWN:.1f} times smaller.",
        )


def grey_bytes(luma: NDArray[Any]) -> Grey:
    """Round a grey picture to bytes, so that its numbers can be read and its sums checked by hand.

    >>> grey_bytes(np.array([[0.4, 254.6]], np.float32)).tolist()
    [[0, 255]]
    """
    rounded: Grey = np.rint(luma).astype(np.uint8)
    return rounded
