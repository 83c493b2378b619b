"""The Solver's oracle: every layer within the bounds tried one by one, with the arithmetic that torch has checked."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

from cnnviz.engine.arithmetic import lost_cells, output_size, same_padding, transposed_size
from cnnviz.engine.axis_layer import AxisLayer
from cnnviz.errors import SpecError
from cnnviz.lessons.solver.spec import BOUNDS, Filters


def span(name: str) -> range:
    low, high = BOUNDS[name]
    return range(low, high + 1)


def size_of(layer: AxisLayer, n: int) -> int | None:
    k, s, p, d = layer.kernel, layer.stride, layer.padding, layer.dilation
    try:
        if layer.kind == "transposed":
            return transposed_size(n, k, s, p, d, layer.output_padding)
        return output_size(n, k, s, p, d, ceil_mode=layer.ceil)
    except SpecError:
        return None


@cache
def everything(kind: str, n: int, pads: str) -> dict[int, frozenset[AxisLayer]]:
    """Every layer by the size that it gives; no spelling left out."""
    found: dict[int, set[AxisLayer]] = {}
    for layer in candidates(kind, n, pads):
        size = size_of(layer, n)
        if size is not None:
            found.setdefault(size, set()).add(layer)
    return {size: frozenset(layers) for size, layers in found.items()}


def candidates(kind: str, n: int, pads: str) -> Iterator[AxisLayer]:
    for k, s, d in product(span("kernel"), span("stride"), span("dilation")):
        if pads == "same" and kind != "transposed":
            yield AxisLayer(kind, k, s, same_padding(n, k, s, d, convention="tf"), d)
            continue
        paddings = [(p, p) for p in span("padding")]
        if pads == "uneven" and kind != "transposed":
            paddings += [(p, p + 1) for p in span("padding") if p + 1 in span("padding")]
        for padding in paddings:
            if kind == "pool" and max(padding) > k // 2:
                continue
            extras = range(max(s, d)) if kind == "transposed" else (0,)
            yield from (AxisLayer(kind, k, s, padding, d, extra) for extra in extras)
            if kind == "pool" and padding[0] == padding[1]:
                yield AxisLayer(kind, k, s, padding, d, ceil=True)


def brute(kind: str, n: int, wanted: int, filters: Filters) -> set[AxisLayer]:
    """What must be found: all that gives the size and passes the filters, each layer in one spelling."""
    return {
        layer
        for layer in everything(kind, n, filters.pads).get(wanted, frozenset())
        if passes(layer, n, filters) and not respelled(layer, n, filters)
    }


def passes(layer: AxisLayer, n: int, filters: Filters) -> bool:
    fixed = [name for name in ("kernel", "stride", "dilation") if getattr(filters, name) is not None]
    if any(getattr(layer, name) != getattr(filters, name) for name in fixed):
        return False
    if filters.padding is not None and filters.padding != layer.padding[0]:
        named = filters.pads == "same" and layer.kind != "transposed"
        if not named:
            return False
    if layer.kind == "transposed" and filters.output_padding not in {None, layer.output_padding}:
        return False
    if filters.odd and layer.kernel % 2 == 0:
        return False
    if layer.ceil and not filters.ceil:
        return False
    loses = layer.kind != "transposed" and not layer.ceil and lost_cells(n, *numbers(layer)) > 0
    return not (filters.exact and loses)


def respelled(layer: AxisLayer, n: int, filters: Filters) -> bool:
    """Whether another row says the same layer."""
    if layer.ceil:
        floor = AxisLayer(layer.kind, layer.kernel, layer.stride, layer.padding, layer.dilation)
        return size_of(floor, n) == size_of(layer, n)
    needed = layer.kind == "transposed" and layer.output_padding >= layer.stride
    return layer.kernel == 1 and layer.dilation > 1 and filters.dilation is None and not needed


def numbers(layer: AxisLayer) -> tuple[int, int, tuple[int, int], int]:
    return layer.kernel, layer.stride, layer.padding, layer.dilation
