"""The scenes of a layer with several channels: one output channel in full, or all maps with all kernels.

>>> from cnnviz.lessons.channels.trace import trace_channels
>>> from cnnviz.lessons.channels.spec import ChannelsSpec
>>> scene = channels_scene(trace_channels(ChannelsSpec(outputs=1)))
>>> scene.shape
'(1, 3, 5, 5) → (1, 1, 3, 3)'
>>> [grid.title for grid in scene.grids]
['Red', 'w[0,0]', 'm[0]', 'Green', 'w[0,1]', 'm[1]', 'Blue', 'w[0,2]', 'm[2]', 'Sum y[0]']
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from cnnviz.engine.windows import AxisWindows
from cnnviz.lessons.channels.scene_grids import (
    bias_cell,
    channel_name,
    input_grid,
    kernel_grid,
    mixing_grid,
    mixing_row,
    output_grid,
    part_grid,
    slice_grid,
)
from cnnviz.lessons.channels.trace import ChannelsTrace
from cnnviz.stage.axis_maps import spread, straight
from cnnviz.stage.channel_layouts import all_layouts, one_layouts
from cnnviz.stage.scene import AxisLinks, Grid, Link, Scene
from cnnviz.stage.windows import unread_notes, window_links


def channels_scene(trace: ChannelsTrace) -> Scene:
    """Draw a trace as its spec asks for it."""
    return _all_scene(trace) if trace.spec.view == "all" else _one_scene(trace)


def shape_text(trace: ChannelsTrace) -> str:
    """Say the shapes as PyTorch prints them: N, C, H, W."""
    height, width = trace.spec.size
    spec = trace.spec
    return f"(1, {spec.inputs}, {height}, {width}) → (1, {spec.outputs}, {trace.rows.size}, {trace.columns.size})"


def _one_scene(trace: ChannelsTrace) -> Scene:
    """Show what one output channel is made of, and the other outputs beside it."""
    spec, shown = trace.spec, trace.spec.shown
    group = trace.group(shown)
    summed = len(group) > 1 or spec.separable
    grids, links, signs = [], [], []
    for at, channel in enumerate(group):
        kernel, slot = (channel, 0) if spec.separable else (shown, at)
        part = f"m{channel}" if summed else f"y{shown}"
        grids += [input_grid(trace, channel), slice_grid(trace, kernel, slot, channel)]
        signs += ["", "⋆"]
        links.append(_window_link(*trace.axes, f"in{channel}", part, f"k{kernel}_{slot}"))
        if summed:
            grids.append(part_grid(trace, channel, trace.parts[kernel][slot]))
            signs.append("=")
            links.append(_sum_link(trace, channel))
    extra = []
    if trace.mixing is not None:
        extra.append(mixing_row(trace))
    if trace.bias:
        extra.append(bias_cell(trace))
        links.append(Link(f"b{shown}", f"y{shown}", None, spread(trace.rows.size), spread(trace.columns.size)))
    others = [at for at in range(spec.outputs) if at != shown]
    outputs = [output_grid(trace, shown, "Sum y" if summed else "y"), *(output_grid(trace, at, "y") for at in others)]
    end = "Σ" if summed and not extra else "="
    signs += [
        *("⋆" if grid.role == "kernel" and grid.name == "v" else "+" for grid in extra),
        end,
        *("" for _ in others),
    ]
    names = [grid.name for grid in extra]
    return Scene(
        grids=(*grids, *extra, *outputs),
        links=tuple(links),
        shape=shape_text(trace),
        notes=tuple(_notes(trace)),
        alt=alt_text(trace),
        arrangements=one_layouts(
            tuple(tuple(grid.name for grid in _of_channel(grids, at, summed)) for at in range(len(group))),
            tuple(names),
            f"y{shown}",
            tuple(f"y{at}" for at in others),
        ),
        signs=tuple(signs[1:]),
        steps=f"y{shown}",
        deep=True,
        tall_phone=True,
    )


def _of_channel(grids: list[Grid], at: int, summed: bool) -> list[Grid]:
    many = 3 if summed else 2
    return grids[at * many : (at + 1) * many]


def _all_scene(trace: ChannelsTrace) -> Scene:
    """Show every input channel, every kernel and every output map."""
    spec = trace.spec
    inputs = [input_grid(trace, channel) for channel in range(spec.inputs)]
    outputs = [output_grid(trace, at, "y") for at in range(spec.outputs)]
    kernels = [kernel_grid(trace, at) for at in range(len(trace.slices))]
    maps, extra = [], []
    if trace.mixing is not None:
        maps = [part_grid(trace, channel, trace.parts[channel][0]) for channel in range(spec.inputs)]
        extra.append(mixing_grid(trace))
    if trace.bias:
        values = np.array(trace.bias).reshape(-1, 1)
        extra.append(Grid("b", "b", "kernel", values, editable=True, symbol="b"))
    signs = {"w0": "⋆", "m0": "=", "v": "⋆", "b": "+", "y0": "="}
    groups = 0 if spec.separable else spec.groups
    grids = (*inputs, *kernels, *maps, *extra, *outputs)
    names = [[grid.name for grid in column] for column in (inputs, kernels, maps, extra, outputs)]
    return Scene(
        grids=grids,
        links=_all_links(*trace.axes, spec.inputs, spec.outputs, groups, bool(trace.bias)),
        shape=shape_text(trace),
        notes=tuple(_notes(trace)),
        alt=alt_text(trace),
        arrangements=all_layouts(*(tuple(column) for column in names)),
        signs=tuple(signs.get(grid.name, "") for grid in grids[1:]),
        steps=f"y{spec.shown}",
        deep=True,
        tall=True,
    )


# The links


@lru_cache(maxsize=256)
def _all_links(  # noqa: PLR0917 - positional, because that is what a cache sees
    rows: AxisWindows, columns: AxisWindows, inputs: int, outputs: int, groups: int, bias: bool
) -> tuple[Link, ...]:
    """Link everything with everything that it is made of; a separable layer has no groups."""
    links = []
    if groups:
        inside, share = inputs // groups, outputs // groups
        for at in range(outputs):
            first = at // share * inside
            links += [
                _window_link(rows, columns, f"in{first + slot}", f"y{at}", f"w{at}", slot) for slot in range(inside)
            ]
    else:
        every = range(inputs)
        links += [_window_link(rows, columns, f"in{channel}", f"m{channel}", f"w{channel}") for channel in every]
        links += [_mix_link(rows, columns, channel, at, at) for at in range(outputs) for channel in every]
    if bias:
        across = spread(columns.size)
        links += [Link("b", f"y{at}", None, spread(rows.size, at, outputs), across) for at in range(outputs)]
    return tuple(links)


def _window_link(  # noqa: PLR0917 - the axes, then from where to where through what
    rows: AxisWindows, columns: AxisWindows, source: str, target: str, weight: str, slot: int = 0
) -> Link:
    across = shifted(window_links(columns), slot * columns.kernel)
    return Link(source, target, weight, window_links(rows), across)


def _sum_link(trace: ChannelsTrace, channel: int) -> Link:
    """A partial map goes into the sum, cell by cell; in a separable layer, through a weight."""
    if trace.mixing is not None:
        return _mix_link(*trace.axes, channel, trace.spec.shown, 0)
    rows, columns = (straight(axis.size) for axis in trace.axes)
    return Link(f"m{channel}", f"y{trace.spec.shown}", None, rows, columns)


def _mix_link(rows: AxisWindows, columns: AxisWindows, channel: int, output: int, row: int) -> Link:
    return Link(f"m{channel}", f"y{output}", "v", straight(rows.size, row), straight(columns.size, channel))


@lru_cache(maxsize=512)
def shifted(axis: AxisLinks, by: int) -> AxisLinks:
    """Move the weights of an axis on, to the next slice of a kernel.

    >>> shifted(AxisLinks(3, ((0, 1), (1, 2)), (0, 1)), 2).taps
    (2, 3)
    """
    taps = tuple(tap + by for tap in axis.taps if isinstance(tap, int))
    return AxisLinks(axis.source_size, axis.reads, taps) if by else axis


# The words


def alt_text(trace: ChannelsTrace) -> str:
    """Say the whole picture in one sentence, for those who cannot see it."""
    spec = trace.spec
    height, width = spec.size
    kernel_height, kernel_width = spec.kernel
    channels = f"{spec.inputs} input channel{'s' if spec.inputs > 1 else ''} of {height} by {width}"
    maps = f"{spec.outputs} output map{'s' if spec.outputs > 1 else ''} of {trace.rows.size} by {trace.columns.size}"
    if spec.separable:
        layer = f"one {kernel_height} by {kernel_width} kernel a channel, then a 1 by 1 convolution"
    else:
        groups = f" in {spec.groups} groups" if spec.groups > 1 else ""
        layer = f"kernels of {len(trace.slices[0])} slices of {kernel_height} by {kernel_width}{groups}"
    shown = "" if spec.view == "all" else f" Shown in full: output channel {spec.shown}."
    return f"{channels[0].upper()}{channels[1:]}; {layer}; {maps}.{shown}"


def _notes(trace: ChannelsTrace) -> list[str]:
    spec = trace.spec
    (height, width), inputs = spec.size, spec.inputs
    outputs = f"({trace.rows.size}, {trace.columns.size}, {spec.outputs})"
    notes = [f"N, C, H, W above. One picture as H, W, C: ({height}, {width}, {inputs}) → {outputs}."]
    if spec.view == "one" and spec.used_groups > 1 and not spec.separable:
        group = trace.group(spec.shown)
        named = [channel_name(spec, channel) for channel in group]
        which = f"channel {named[0]}" if len(named) == 1 else f"the channels {', '.join(named[:-1])} and {named[-1]}"
        notes.append(f"y[{spec.shown}] reads only {which}: group {group.start // len(group)} of {spec.groups}, from 0.")
    return notes + unread_notes(trace)
