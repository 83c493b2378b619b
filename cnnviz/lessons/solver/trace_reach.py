"""What a kind of layer can reach at all: why a question has no answer, and which nearby one has.

>>> reach = reach_of("conv", 5)
>>> reach.strides[1], reach.nearest(100)
((1, 15), (15,))
>>> nearest_inputs("conv", 5, 100)
(90,)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import lru_cache

from cnnviz.engine.axis_layer import AxisLayer
from cnnviz.engine.grids import Pair
from cnnviz.lessons.solver.spec import BOUNDS, Filters
from cnnviz.lessons.solver.trace import NO_FILTERS, frames, kernels, solve_axis, within


@dataclass(frozen=True, slots=True)
class Reach:
    """All sizes that one input size can become, in order, and for each stride the smallest and the largest."""

    sizes: tuple[int, ...]
    strides: dict[int, Pair]

    def nearest(self, wanted: int) -> tuple[int, ...]:
        """Give the size or the two sizes nearest to the wanted one."""
        return _nearest([(size, size) for size in self.sizes], wanted)


@lru_cache(maxsize=256)
def reach_of(kind: str, n: int, filters: Filters = NO_FILTERS) -> Reach:
    """Compute every size that a layer within the bounds and the filters can give."""
    sizes: set[int] = set()
    strides: dict[int, Pair] = {}
    for stride, low, high in _outcomes(kind, n, filters):
        sizes.update(range(low, high + 1))
        least, most = strides.get(stride, (low, high))
        strides[stride] = min(least, low), max(most, high)
    return Reach(tuple(sorted(sizes)), dict(sorted(strides.items())))


def _outcomes(kind: str, n: int, filters: Filters) -> Iterator[tuple[int, int, int]]:
    """Give a stride, and the smallest and the largest size, of every window within the bounds."""
    strides = within("stride", filters.stride, *BOUNDS["stride"])
    if filters.pads == "same" and kind != "transposed":
        most = _widest(filters)
        for stride in strides:
            outputs = -(-n // stride)
            if most and (not filters.exact or n <= (outputs - 1) * stride + most):
                yield stride, outputs, outputs
        return
    for kernel, dilation, padding in frames(kind, filters):
        room = n + sum(padding) - dilation * (kernel - 1) - 1
        for stride in strides:
            if kind == "transposed":
                base = (n - 1) * stride + dilation * (kernel - 1) + 1 - sum(padding)
                extras = within("output_padding", filters.output_padding, 0, max(stride, dilation) - 1)
                if extras and base + extras[-1] > 0:
                    yield stride, max(base + extras[0], 1), base + extras[-1]
                continue
            if room >= 0 and not (filters.exact and room % stride):
                yield stride, room // stride + 1, room // stride + 1
            if kind == "pool" and filters.ceil and padding[0] == padding[1] and room > -stride:
                size = min(-(-room // stride) + 1, (n + padding[0] - 1) // stride + 1)
                yield stride, size, size


@lru_cache(maxsize=256)
def nearest_inputs(kind: str, n: int, wanted: int, filters: Filters = NO_FILTERS) -> tuple[int, ...]:
    """Give the input size or the two sizes nearest to `n` from which a layer gives the wanted output."""
    return _nearest(set(_origins(kind, wanted, filters)), n)


def _origins(kind: str, wanted: int, filters: Filters) -> Iterator[Pair]:
    """Give the smallest and the largest input for the wanted output, of every window within the bounds."""
    strides = within("stride", filters.stride, *BOUNDS["stride"])
    if filters.pads == "same" and kind != "transposed":
        most = _widest(filters)
        for stride in strides if most else ():
            yield (wanted - 1) * stride + 1, (wanted - 1) * stride + (min(stride, most) if filters.exact else stride)
        return
    for kernel, dilation, padding in frames(kind, filters):
        reach, padded = dilation * (kernel - 1) + 1, sum(padding)
        for stride in strides:
            if kind == "transposed":
                extras = within("output_padding", filters.output_padding, 0, max(stride, dilation) - 1)
                if extras:
                    missing = wanted + padded - reach
                    yield -((extras[-1] - missing) // stride) + 1, (missing - extras[0]) // stride + 1
                continue
            first = (wanted - 1) * stride + reach - padded
            yield first, first if filters.exact else first + stride - 1
            if kind == "pool" and filters.ceil and padding[0] == padding[1]:
                layer = AxisLayer(kind, kernel, stride, padding, dilation, ceil=True)
                yield first_input(layer, wanted), first_input(layer, wanted + 1) - 1


def first_input(layer: AxisLayer, size: int) -> int:
    """Give the smallest input from which a layer gives at least so many outputs; below 1 means any input does.

    >>> first_input(AxisLayer("conv", 3, 2, (1, 1)), 128)
    255
    """
    padded, steps = sum(layer.padding), (size - 1) * layer.stride
    if layer.kind == "transposed":
        return -((layer.reach + layer.output_padding - padded - size) // layer.stride) + 1
    if layer.ceil:
        return max(steps - layer.stride + 1 + layer.reach - padded, steps + 1 - layer.padding[0])
    return steps + layer.reach - padded


def inputs_for(layer: AxisLayer, low: int, high: int) -> Pair | None:
    """Give the smallest and the largest input from which a layer makes an output between two sizes, if there is one.

    >>> inputs_for(AxisLayer("conv", 3, 2, (1, 1)), 128, 128)
    (255, 256)
    >>> inputs_for(AxisLayer("transposed", 2, 2), 7, 7) is None
    True

    A larger input never gives a smaller output, so all inputs between the two do it as well.
    """
    first, last = max(first_input(layer, low), 1), first_input(layer, high + 1) - 1
    return (first, last) if first <= last else None


def loosened(kind: str, n: int, wanted: int, filters: Filters) -> dict[str, int]:
    """Count for every filter that is set the answers there would be without it.

    >>> loosened("conv", 224, 112, Filters(odd=True, exact=True))
    {'exact': 10, 'odd': 7}
    """
    counts = {}
    for name in (field.name for field in fields(Filters)):
        usual = getattr(NO_FILTERS, name)
        if getattr(filters, name) != usual and name != "ceil":
            found = len(solve_axis(kind, n, wanted, replace(filters, **{name: usual})))
            if found:
                counts[name] = found
    return counts


def _widest(filters: Filters) -> int:
    """Give the longest reach of any kernel, 0 if the filters leave none."""
    return max((dilation * (kernel - 1) + 1 for kernel, dilation in kernels(filters)), default=0)


def _nearest(ranges: Iterable[Pair], wanted: int) -> tuple[int, ...]:
    """Give the whole numbers from 1 on, in any of the ranges, that are nearest to the wanted one: one or two."""
    ends = {min(max(wanted, low, 1), high) for low, high in ranges if max(low, 1) <= high}
    distance = min((abs(end - wanted) for end in ends), default=0)
    return tuple(sorted(end for end in ends if abs(end - wanted) == distance))
