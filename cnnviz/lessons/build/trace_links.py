"""Where a layer of a network can be seen cell by cell: the stages that show its operation, with its settings.

>>> from cnnviz.engine.networks.trace import trace_network
>>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
>>> row = trace_network(ARCHITECTURES["resnet18"]).row("layer2.0.conv1")
>>> [(link.page, link.query) for link in stage_links(row)][0]
('convolution', {'n': '16', 's': '2', 'p': '1'})
>>> stage_links(row)[1].notes[0]
'The lesson holds up to 6 channels, so 64 become 6 and 128 become 6.'
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cnnviz.engine.axis_layer import AxisLayer
from cnnviz.engine.grids import Pair
from cnnviz.engine.networks.layers.kinds import AdaptivePool, Conv, ConvTranspose, PixelShuffle, Pool
from cnnviz.engine.networks.layers.windows import layer_pads, say
from cnnviz.engine.networks.trace import Row
from cnnviz.lessons.build.trace_links_ranks import shuffle_link, signal_link, volume_link
from cnnviz.lessons.build.trace_open import StageOpen, smaller
from cnnviz.lessons.channels import spec as channels
from cnnviz.lessons.channels.spec import ChannelsSpec
from cnnviz.lessons.pooling import spec as pooling
from cnnviz.lessons.pooling.spec import PoolingSpec
from cnnviz.lessons.solver.spec_question import Question
from cnnviz.lessons.solver.trace_links import BOUNDS as STAGE_BOUNDS
from cnnviz.lessons.solver.trace_links import stage_link
from cnnviz.state.query import show_pair

NAMES = {"kernel": "window", "stride": "stride", "dilation": "dilation", "output_padding": "output padding"}
POOLS = {"max": "max", "avg": "mean", "lp": "norm"}


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


def stage_links(row: Row) -> list[StageOpen]:  # noqa: PLR0911 - one case a kind
    """Find the stages for a layer; none if no page shows its operation."""
    layer, shape = row.node.layer, row.inputs[0]
    rank = len(shape) - 1
    if isinstance(layer, PixelShuffle):
        return [one for one in [shuffle_link(layer, shape)] if one]
    if rank not in {1, 2, 3} or getattr(layer, "rank", rank) != rank:
        return []
    if isinstance(layer, Conv) and rank != 2:
        pads = layer_pads(layer, shape[1:])
        return [signal_link(layer, shape[1], pads[0]) if rank == 1 else volume_link(layer, shape[1:], pads)]
    if rank == 3:
        return []
    if isinstance(layer, AdaptivePool):
        return [_adaptive(layer, shape)]
    axes = [axis_layer(row, axis) for axis in range(rank)]
    if rank == 1 and axes[0]:  # a line is a picture of one row
        axes.insert(0, replace(axes[0], kernel=1, stride=1, padding=(0, 0), dilation=1, output_padding=0))
    first, second = axes
    if first is None or second is None:
        return []
    rows, columns = (1, *shape[1:])[-2:]
    found = [_window(row, first, second, (rows, columns))]
    if isinstance(layer, Conv):
        found.append(_channels(layer, shape))
    return [one for one in found if one]


def _window(row: Row, first: AxisLayer, second: AxisLayer, size: Pair) -> StageOpen | None:
    notes: list[str] = []
    small = [_within(one, notes) for one in (first, second)]
    rows, columns = size
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
    rows, columns = (smaller(n, most, step) for n, step in zip(shape[1:], layer.stride, strict=True))
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


def _adaptive(layer: AdaptivePool, shape: tuple[int, ...]) -> StageOpen:
    most, outputs = pooling.BOUNDS["input"][1], pooling.BOUNDS["outputs"][1]
    whole, wanted = (1, *shape[1:])[-2:], (None, *layer.size)[-2:]
    size: Pair = (min(whole[0], most), min(whole[1], most))
    rows, columns = (
        min(n if one is None else one, outputs) for n, one in zip(size, wanted, strict=True)
    )  # fmt: skip
    notes = [f"{say(whole)} becomes {say(size)}."] if size != whole else []
    area = "global" if (rows, columns) == (1, 1) else "adaptive"
    spec = PoolingSpec(op=POOLS[layer.how], area=area, size=size, outputs=(rows, columns))
    return StageOpen("pooling", spec.to_query(), tuple(notes))
