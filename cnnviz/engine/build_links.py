"""Where a layer of a network can be seen cell by cell: the stages that show its operation, with its settings.

>>> from cnnviz.engine.network import trace_network
>>> from cnnviz.spec.zoo import ARCHITECTURES
>>> row = trace_network(ARCHITECTURES["resnet18"]).row("layer2.0.conv1")
>>> [(link.page, link.query) for link in stage_links(row)][0]
('convolution', {'n': '16', 's': '2', 'p': '1'})
>>> stage_links(row)[1].notes[0]
'The lesson holds up to 6 channels, so 64 become 6 and 128 become 6.'
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from cnnviz.engine.layer_windows import layer_pads, say
from cnnviz.engine.network import Row
from cnnviz.engine.solver_links import BOUNDS as STAGE_BOUNDS
from cnnviz.engine.solver_links import stage_link
from cnnviz.spec import channels, pooling
from cnnviz.spec.channels import ChannelsSpec
from cnnviz.spec.layers import AdaptivePool, Conv, ConvTranspose, Pool
from cnnviz.spec.pooling import PoolingSpec
from cnnviz.spec.query import Pair, show_pair
from cnnviz.spec.solver_layer import AxisLayer
from cnnviz.spec.solver_question import Question

NAMES = {"kernel": "window", "stride": "stride", "dilation": "dilation", "output_padding": "output padding"}
POOLS = {"max": "max", "avg": "mean", "lp": "norm"}


@dataclass(frozen=True, slots=True)
class StageOpen:
    """A page, its state, and what had to be made smaller to fit there."""

    page: str
    query: dict[str, str]
    notes: tuple[str, ...] = ()


def axis_layer(row: Row, axis: int) -> AxisLayer | None:
    """Give one axis of a layer with a window, in the Solver's words."""
    layer = row.node.layer
    if not isinstance(layer, (Conv, ConvTranspose, Pool)) or len(row.inputs[0]) != layer.rank + 1:
        return None
    sides = layer_pads(layer, row.inputs[0][1:]) if isinstance(layer, Conv) else layer.padding
    kind = {"conv_transpose": "transposed"}.get(layer.kind, layer.kind)
    extra = layer.output_padding[axis] if isinstance(layer, ConvTranspose) else 0
    ceil = isinstance(layer, Pool) and layer.ceil_mode
    return AxisLayer(
        kind, layer.kernel[axis], layer.stride[axis], sides[axis], layer.dilation[axis], extra, ceil
    )  # fmt: skip


def stage_links(row: Row) -> list[StageOpen]:
    """Find the stages for a layer; none if it has no window, or not two axes."""
    layer = row.node.layer
    if len(row.inputs[0]) != 3 or getattr(layer, "rank", 2) != 2:
        return []
    if isinstance(layer, AdaptivePool):
        return [_adaptive(layer, row.inputs[0])]
    first, second = axis_layer(row, 0), axis_layer(row, 1)
    if first is None or second is None:
        return []
    found = [_window(row, first, second)]
    if isinstance(layer, Conv):
        found.append(_channels(layer, row.inputs[0]))
    return [one for one in found if one]


def _window(row: Row, first: AxisLayer, second: AxisLayer) -> StageOpen | None:
    notes: list[str] = []
    small = [_within(one, notes) for one in (first, second)]
    rows, columns = row.inputs[0][1:]
    size = (rows, columns)
    link = stage_link(Question(size, size), *small)
    if link is None:  # no smaller input loses as many cells: the largest one that works
        most = STAGE_BOUNDS[first.kind]["input"][1]
        for side in range(most, 0, -1):
            tried = min(rows, side), min(columns, side)
            if link := stage_link(Question(tried, tried), *small):
                break
    if link is None:
        return None
    if link.size != size:
        notes.append(f"The stage holds small grids, so {say(size)} becomes {say(link.size)}.")
    query = dict(link.query)
    if isinstance(row.node.layer, Pool) and row.node.layer.how != "max":
        query["op"] = POOLS[row.node.layer.how]
        spec, _ = PoolingSpec.from_query(query)
        query = replace(spec, count_pad=row.node.layer.count_include_pad).to_query()
    return StageOpen(link.page, query, tuple(dict.fromkeys(notes)))


def _within(layer: AxisLayer, notes: list[str]) -> AxisLayer:
    """Bring settings into the stage's bounds, and say so."""
    bounds = STAGE_BOUNDS[layer.kind]
    found: dict[str, Any] = {}
    for name, word in NAMES.items():
        low, high = bounds.get(name, (0, 99))
        value = getattr(layer, name)
        found[name] = min(max(value, low), high)
        if value > high:
            notes.append(f"The stage’s largest {word} is {high}, so {value} becomes {high}.")
    most = bounds["padding"][1]
    if layer.kind == "pool":
        most = min(most, found["kernel"] // 2)
    if max(layer.padding) > most:
        notes.append(f"The padding becomes {most}.")
    before, after = (min(one, most) for one in layer.padding)
    if layer.kind == "pool":
        before = after = max(before, after)
    if layer.kind == "transposed":
        found["output_padding"] = min(found["output_padding"], max(found["stride"], found["dilation"]) - 1)
    return replace(layer, padding=(before, after), **found)


def _channels(layer: Conv, shape: tuple[int, ...]) -> StageOpen | None:
    bounds = channels.BOUNDS
    pads = layer_pads(layer, shape[1:])
    if any(before != after or before > bounds["padding"][1] for before, after in pads) or max(layer.dilation) > 1:
        return None
    if max(layer.kernel) > bounds["kernel"][1] or max(layer.stride) > bounds["stride"][1]:
        return None
    inputs, outputs, groups = _few(shape[0], layer.channels, layer.groups)
    notes = []
    if (inputs, outputs) != (shape[0], layer.channels):
        said = [
            f"{have:,} become {now}" for have, now in ((shape[0], inputs), (layer.channels, outputs)) if have != now
        ]
        more = f" in {groups} groups" if groups > 1 else ""
        notes.append(f"The lesson holds up to {channels.MOST_CHANNELS} channels, so {' and '.join(said)}{more}.")
    most = bounds["input"][1]
    rows, columns = (_smaller(n, most, step) for n, step in zip(shape[1:], layer.stride, strict=True))
    if (rows, columns) != shape[1:]:
        notes.append(f"{say(shape[1:])} becomes {say((rows, columns))}.")
    padding: Pair = (pads[0][0], pads[1][0])
    spec = ChannelsSpec(
        size=(rows, columns), kernel=layer.kernel, stride=layer.stride, padding=padding, inputs=inputs,
        outputs=outputs, groups=groups, bias=channels.ONE_BIAS if layer.bias else (),
    )  # fmt: skip
    return StageOpen("channels", spec.to_query() or {"n": show_pair(spec.size)}, tuple(notes))


def _few(inputs: int, outputs: int, groups: int) -> tuple[int, int, int]:
    """Find fewer channels with the same kind of groups.

    >>> _few(64, 64, 64), _few(64, 128, 1), _few(32, 64, 2)
    ((6, 6, 6), (6, 6, 1), (6, 6, 2))
    """
    most = channels.MOST_CHANNELS
    if groups == 1:
        return min(inputs, most), min(outputs, most), 1
    wide = max(outputs // inputs, 1) if groups == inputs else 1
    few = min(groups, max(most // wide, 1), most)
    each = most // few if groups != inputs else 1
    return few * min(inputs // groups, each), few * min(outputs // groups, max(most // few, 1)), few


def _smaller(n: int, most: int, step: int) -> int:
    return n if n <= most else most - (most - n) % step


def _adaptive(layer: AdaptivePool, shape: tuple[int, ...]) -> StageOpen:
    most, outputs = pooling.BOUNDS["input"][1], pooling.BOUNDS["outputs"][1]
    size: Pair = (min(shape[1], most), min(shape[2], most))
    rows, columns = (
        min(n if one is None else one, outputs) for n, one in zip(size, layer.size, strict=True)
    )  # fmt: skip
    notes = [f"{say(shape[1:])} becomes {say(size)}."] if size != shape[1:] else []
    area = "global" if (rows, columns) == (1, 1) else "adaptive"
    spec = PoolingSpec(op=POOLS[layer.how], area=area, size=size, outputs=(rows, columns))
    return StageOpen("pooling", spec.to_query(), tuple(notes))
