"""Convolution arithmetic of ONE axis: closed-form integers, and the sentences for what cannot be.

A 2-D layer is two independent axes and a 3-D layer three, so this module never needs to know
more than one. The short names of the literature live here and nowhere else in the project:

n  cells of the input            s  stride, cells from one window to the next
k  cells of the kernel (taps)    d  dilation, cells from one tap to the next
p  padding, always (before, after)

>>> output_size(7, 3, stride=2, padding=1)
4
>>> output_size(224, 7, stride=2, padding=same_padding(224, 7, 2, convention="tf"))
112
"""

from __future__ import annotations

import operator
from typing import Literal

from cnnviz.errors import SpecError

Padding = int | tuple[int, int]


def output_size(
    n: int, kernel: int, stride: int = 1, padding: Padding = 0, dilation: int = 1, *, ceil_mode: bool = False
) -> int:
    """Count the outputs of a convolution or a pooling.

    >>> output_size(5, 3, stride=2, padding=1)
    3
    >>> output_size(4, 2, stride=3, padding=1), output_size(4, 2, stride=3, padding=1, ceil_mode=True)
    (2, 2)
    >>> output_size(6, 3, stride=2), output_size(6, 3, stride=2, ceil_mode=True)
    (2, 3)

    `ceil_mode` rounds up, so that a last window may hang over the end; as in PyTorch that window
    is dropped if it would start behind the input and its padding before (the first line's case).
    """
    n, s = whole("input", n, 1), whole("stride", stride, 1)
    reach = effective_kernel(kernel, dilation)
    before, after = both_sides(padding)
    room = n + before + after - reach
    if not ceil_mode:
        if room < 0:
            raise _kernel_too_large(reach, n + before + after, dilation)
        return room // s + 1
    size = (room + s - 1) // s + 1
    if size < 1:
        raise _kernel_too_large(reach, n + before + after, dilation, overhang=s - 1)
    last_window_starts_behind = (size - 1) * s >= n + before
    return size - 1 if last_window_starts_behind else size


def transposed_size(  # noqa: PLR0917 - the six numbers, in the order of every book
    n: int, kernel: int, stride: int = 1, padding: Padding = 0, dilation: int = 1, output_padding: int = 0
) -> int:
    """Count the outputs of a transposed convolution: the input size that a convolution would need.

    >>> transposed_size(3, 3, stride=2, padding=1), output_size(5, 3, stride=2, padding=1)
    (5, 3)
    >>> transposed_size(3, 3, stride=2, padding=1, output_padding=1), output_size(6, 3, stride=2, padding=1)
    (6, 3)
    """
    n, s = whole("input", n, 1), whole("stride", stride, 1)
    reach = effective_kernel(kernel, dilation)
    before, after = both_sides(padding)
    extra = whole("output_padding", output_padding, 0)
    limit = max(s, dilation)
    if extra >= limit:
        raise SpecError(
            "output_padding",
            f"Output padding is {extra}, but it must be smaller than the stride or the dilation (here {limit}): "
            f"it only chooses between the input sizes that one output size can come from. "
            f"Take {limit - 1} or less.",
        )
    grown = (n - 1) * s + reach + extra
    size = grown - before - after
    if size < 1:
        raise SpecError(
            "padding",
            f"A transposed convolution takes its padding away: {before} + {after} from an output of {cells(grown)} "
            f"leaves {size}, {1 - size} too few. Keep the padding of both ends to {grown - 1} in total.",
        )
    return size


def effective_kernel(kernel: int, dilation: int = 1) -> int:
    """Count the cells from the first tap of a kernel to its last: d * (k - 1) + 1.

    >>> effective_kernel(3), effective_kernel(3, dilation=2)
    (3, 5)
    """
    return whole("dilation", dilation, 1) * (whole("kernel", kernel, 1) - 1) + 1


def same_padding(
    n: int, kernel: int, stride: int = 1, dilation: int = 1, *, convention: Literal["torch", "tf"] = "torch"
) -> tuple[int, int]:
    """Give the padding called "same"; an odd cell goes after.

    >>> same_padding(5, 3), same_padding(5, 4)
    ((1, 1), (1, 2))
    >>> same_padding(224, 7, 2, convention="torch"), same_padding(224, 7, 2, convention="tf")
    ((3, 3), (2, 3))

    PyTorch's does not look at the stride: it is what keeps the size at stride 1. TensorFlow's
    pads as little as gives ceil(n / s) outputs.
    """
    n, s = whole("input", n, 1), whole("stride", stride, 1)
    reach = effective_kernel(kernel, dilation)
    if convention == "torch":
        total = reach - 1
    elif convention == "tf":
        outputs = -(-n // s)
        total = max((outputs - 1) * s + reach - n, 0)
    else:
        raise SpecError("padding", f'There is no "same" padding called {convention!r}: take "torch" or "tf".')
    return total // 2, total - total // 2


def full_padding(kernel: int, dilation: int = 1) -> tuple[int, int]:
    """Give the padding called "full": every window that touches the input at all counts.

    >>> full_padding(3), output_size(5, 3, padding=full_padding(3))
    ((2, 2), 7)
    """
    reach = effective_kernel(kernel, dilation)
    return reach - 1, reach - 1


def lost_cells(n: int, kernel: int, stride: int = 1, padding: Padding = 0, dilation: int = 1) -> int:
    """Count the cells at the end of the padded axis that the last window does not reach.

    >>> lost_cells(6, 3, stride=2), lost_cells(7, 3, stride=2)
    (1, 0)

    A division with a remainder is legal: the remainder is what is lost.
    """
    output_size(n, kernel, stride, padding, dilation)  # the one place that refuses
    before, after = both_sides(padding)
    return (n + before + after - effective_kernel(kernel, dilation)) % stride


def both_sides(padding: Padding) -> tuple[int, int]:
    """Read a padding, one number or (before, after), as (before, after).

    >>> both_sides(1), both_sides((0, 2))
    ((1, 1), (0, 2))
    """
    if isinstance(padding, (tuple, list)):
        if len(padding) != 2:
            raise SpecError(
                "padding",
                f"One axis has 2 ends, but its padding has {len(padding)} numbers: "
                "give one number, or (before, after).",
            )
        return whole("padding", padding[0], 0), whole("padding", padding[1], 0)
    both = whole("padding", padding, 0)
    return both, both


def whole(field: str, value: int, least: int) -> int:
    """Check that a setting is a whole number and not below its least value.

    >>> whole("stride", 2, 1)
    2
    >>> whole("stride", 0, 1)
    Traceback (most recent call last):
    cnnviz.errors.SpecError: The stride is 0, but it must be at least 1.
    """
    if type(value) is not int:
        value = _as_int(field, value)
    if value < least:
        raise SpecError(field, f"{_the(field)} is {value}, but it must be at least {least}.")
    return value


def cells(count: int) -> str:
    """Say a number of cells.

    >>> cells(1), cells(3)
    ('1 cell', '3 cells')
    """
    return "1 cell" if count == 1 else f"{count} cells"


def _as_int(field: str, value: object) -> int:
    """Accept what counts as an integer (a numpy integer, say); True is not meant as 1, nor 2.0 as 2."""
    if not isinstance(value, bool):
        try:
            return operator.index(value)  # type: ignore[arg-type]  # the TypeError is the answer
        except TypeError:
            pass
    hint = f": did you mean {round(value)}?" if isinstance(value, float) and abs(value) < 1e9 else "."
    raise SpecError(field, f"{_the(field)} is {value!r}, but it must be a whole number{hint}")


def _the(field: str) -> str:
    """Name a setting as a sentence begins."""
    return "The input size" if field == "input" else f"The {field.replace('_', ' ')}"


def _kernel_too_large(reach: int, padded: int, dilation: int, overhang: int = 0) -> SpecError:
    """Say by how much a kernel is too large for its padded input."""
    missing = reach - padded - overhang
    beyond = f" (and {overhang} beyond its end, in ceil mode)" if overhang else ""
    most = (padded + overhang - 1) // dilation + 1
    dilated = f" at dilation {dilation}" if dilation > 1 else ""
    return SpecError(
        "kernel",
        f"The kernel reaches over {cells(reach)}, but the padded input has only {padded}{beyond}: "
        f"{missing} too few. Add padding, or take a kernel of at most {most}{dilated}.",
    )
