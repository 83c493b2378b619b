"""Read what a caller wrote: one number or one an axis, "same", lists; and check that it fits the arrays.

>>> [(rows.size, rows.padding) for rows in layer_axes((7, 5), (3, 2), stride=2, padding="full")]
[(5, (2, 2)), (3, (1, 1))]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.engine.arithmetic import Padding, full_padding, same_padding, whole
from cnnviz.engine.windows import AxisWindows, PaddingMode, axis_windows
from cnnviz.errors import SpecError

PerAxis = int | Sequence[int]
LayerPadding = str | int | Sequence[Padding]
Array = NDArray[Any]
Setting = TypeVar("Setting")

AXIS_NAMES = {
    1: ("",),
    2: ("In the rows: ", "In the columns: "),
    3: ("In the slices: ", "In the rows: ", "In the columns: "),
}
SHAPES = {1: "(N, C, length) or (C, length)", 2: "(N, C, H, W) or (C, H, W)", 3: "(N, C, D, H, W) or (C, D, H, W)"}


def per_axis(field: str, value: int | Sequence[Setting], rank: int) -> tuple[Setting | int, ...]:
    """Give one setting for each axis: a single one holds for all of them.

    >>> per_axis("stride", 2, 3), per_axis("stride", (2, 1), 2)
    ((2, 2, 2), (2, 1))
    """
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, (tuple, list)):
        return (value,) * rank  # type: ignore[return-value]  # not a sequence, so a number
    if len(value) == 1:
        return (value[0],) * rank
    if len(value) != rank:
        hint = ""
        if field == "padding" and rank == 1 and len(value) == 2:
            hint = f" To pad the two ends differently, write (({value[0]}, {value[1]}),)."
        raise SpecError(
            field,
            f"The {field.replace('_', ' ')} has {len(value)} numbers, but there {'are' if rank > 1 else 'is'} {rank} "
            f"{'axes' if rank > 1 else 'axis'}: give one number for all, or {rank}.{hint}",
        )
    return tuple(value)


def layer_axes(
    sizes: Sequence[int],
    kernel: Sequence[int],
    *,
    stride: PerAxis = 1,
    padding: LayerPadding = 0,
    dilation: PerAxis = 1,
    mode: PaddingMode = "zeros",
    ceil_mode: bool = False,
) -> tuple[AxisWindows, ...]:
    """Map every axis of a layer; an error names its axis.

    >>> layer_axes((7, 7), (3, 3), stride=(1, 0))
    Traceback (most recent call last):
    cnnviz.errors.SpecError: In the columns: The stride is 0, but it must be at least 1.
    """
    rank = len(kernel)
    strides, dilations = per_axis("stride", stride, rank), per_axis("dilation", dilation, rank)
    paddings: Sequence[Padding]
    if isinstance(padding, str):
        paddings = _named_paddings(padding, sizes, kernel, strides, dilations)
    else:
        paddings = per_axis("padding", padding, rank)
    settings = sizes, kernel, strides, paddings, dilations
    axes = []
    for axis, numbers in enumerate(zip(*settings, strict=True)):
        with named_axis(rank, axis, settings):
            axes.append(axis_windows(*numbers, mode, ceil_mode=ceil_mode))
    return tuple(axes)


class named_axis:  # noqa: N801 - reads as a phrase: with named_axis(...)
    """Name the axis in an error that is raised inside, where that helps: where the axes are not alike.

    >>> with named_axis(2, 1, [(7, 2), (3, 3)]):
    ...     raise SpecError("kernel", "The kernel is too large.")
    Traceback (most recent call last):
    cnnviz.errors.SpecError: In the columns: The kernel is too large.
    """

    def __init__(self, rank: int, axis: int, settings: Sequence[Sequence[object]]) -> None:
        self.rank, self.axis, self.settings = rank, axis, settings

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type | None, error: BaseException | None, _: object) -> None:
        alike = all(each.count(each[0]) == len(each) for each in self.settings)
        if isinstance(error, SpecError) and not alike:
            raise SpecError(error.field, AXIS_NAMES[self.rank][self.axis] + error.message) from None


def _named_paddings(
    name: str, sizes: Sequence[int], kernel: Sequence[int], strides: Sequence[int], dilations: Sequence[int]
) -> tuple[Padding, ...]:
    """Turn "valid", "same" and "full" into numbers."""
    if name == "valid":
        return (0,) * len(kernel)
    if name == "full":
        return tuple(full_padding(k, d) for k, d in zip(kernel, dilations, strict=True))
    if name == "same":
        moves = max(whole("stride", stride, 1) for stride in strides)
        if moves != 1:
            raise SpecError(
                "padding",
                f'Padding "same" promises an output as large as the input, but stride {moves} shrinks it: '
                "take stride 1, or give the padding as numbers.",
            )
        return tuple(same_padding(n, k, 1, d) for n, k, d in zip(sizes, kernel, dilations, strict=True))
    raise SpecError("padding", f'There is no padding called {name!r}: take "valid", "same", "full" or numbers.')


def real_array(field: str, value: ArrayLike) -> Array:
    """Read an array of real numbers; float16 becomes float32, so that nothing is computed in less.

    >>> real_array("input", [[1, 2]]).dtype, real_array("input", np.ones(3, np.float16)).dtype
    (dtype('int64'), dtype('float32'))
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise SpecError(field, f"The rows of the {field} are not equally long: give a rectangular grid.") from None
    if array.dtype.kind not in "biuf":
        raise SpecError(field, f"The {field} holds {array.dtype} values, but it must hold real numbers.")
    if array.dtype.kind == "f" and array.dtype.itemsize not in {4, 8}:
        array = array.astype(np.float32 if array.dtype.itemsize < 4 else np.float64)
    return array


def batched(x: Array, rank: int) -> tuple[Array, bool]:
    """Give an input its batch axis, and say whether it came with one.

    >>> batched(np.ones((1, 4, 4)), 2)[0].shape
    (1, 1, 4, 4)
    """
    if x.ndim not in {rank + 1, rank + 2}:
        hint = f" A single grid becomes one channel with x[None]: (1, {', '.join(map(str, x.shape))})."
        raise SpecError(
            "input",
            f"The input has {x.ndim} axes, but a {rank}-D layer reads {rank + 1} or {rank + 2}: {SHAPES[rank]}."
            + (hint if x.ndim == rank else ""),
        )
    spatial = x.shape[-rank:]
    if 0 in spatial:
        axis = spatial.index(0)
        raise SpecError("input", f"{AXIS_NAMES[rank][axis]}The input has 0 cells, but it must have at least 1.")
    return (x, True) if x.ndim == rank + 2 else (x[None], False)


def spatial_rank(x: Array, setting: object, rank: int | None) -> int:
    """Decide how many axes are spatial: the top of `pooling` tells the rule.

    >>> spatial_rank(np.ones((1, 8)), 2, None), spatial_rank(np.ones((1, 2, 8)), (2,), None)
    (1, 1)
    """
    if rank is None:
        if isinstance(setting, (tuple, list)) and len(setting) > 1:
            rank = len(setting)
        elif isinstance(setting, (tuple, list)) and x.ndim == 3:
            rank = 1
        else:
            rank = {2: 1, 3: 2, 4: 2, 5: 3}.get(x.ndim, 2)
    if rank not in {1, 2, 3}:
        raise SpecError("kernel", f"A window of {rank} axes is not supported: take 1, 2 or 3.")
    return rank


def check_groups(groups: int, inputs: int, outputs: int) -> None:
    """Refuse groups that do not divide the channels.

    >>> check_groups(4, 6, 8)
    Traceback (most recent call last):
    cnnviz.errors.SpecError: 4 groups cannot share 6 input channels equally: 2 are left over. Take 1, 2, 3 or 6 groups.
    """
    for side, channels in (("input", inputs), ("output", outputs)):
        left = channels % groups
        if left or not channels:
            divisors = [str(g) for g in range(1, channels + 1) if channels % g == 0]
            choice = " or ".join([", ".join(divisors[:-1]), divisors[-1]] if divisors[1:] else divisors)
            raise SpecError(
                "groups",
                f"{groups} groups cannot share {channels} {side} channels equally: {left} are left over. "
                f"Take {choice or 'at least 1 channel and 1'} groups.",
            )


def check_bias(bias: Array, outputs: int) -> None:
    """Refuse a bias that is not one number an output channel.

    >>> check_bias(np.zeros(3), 2)
    Traceback (most recent call last):
    cnnviz.errors.SpecError: The bias has shape (3,), but there is one number for each output channel: (2,).
    """
    if bias.shape != (outputs,):
        raise SpecError(
            "bias", f"The bias has shape {bias.shape}, but there is one number for each output channel: ({outputs},)."
        )
