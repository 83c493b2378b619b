"""The grids of a layer with several channels: channels, kernel slices, partial maps, outputs.

>>> from cnnviz.lessons.channels.trace import trace_channels
>>> from cnnviz.lessons.channels.spec import ChannelsSpec
>>> trace = trace_channels(ChannelsSpec())
>>> kernel_grid(trace, 0).size, input_grid(trace, 1).title
('3×3×3', 'Green')
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.windows import axis_windows
from cnnviz.lessons.channels.spec import COLOURS, ChannelsSpec
from cnnviz.lessons.channels.trace import (
    Array,
    ChannelsTrace,
    InputSettings,
    KernelSettings,
    filled_inputs,
    filled_kernels,
    input_settings,
    kernel_settings,
)
from cnnviz.stage.scene import Grid
from cnnviz.stage.windows import fraction_texts, origin_list


def channel_name(spec: ChannelsSpec, channel: int) -> str:
    """Name an input channel as its title does: by its colour, if there are three."""
    return COLOURS[channel] if spec.is_rgb else f"x[{channel}]"


def input_grid(trace: ChannelsTrace, channel: int) -> Grid:
    """Draw an input channel with its padding."""
    return _input_grids(input_settings(trace.spec))[channel]


@lru_cache(maxsize=256)
def _input_grids(settings: InputSettings) -> tuple[Grid, ...]:
    """Draw all input channels; scenes that differ in other things share the grids, which a pack then writes once."""
    _, _, inputs, size, padding, _ = settings
    rows, columns = (axis_windows(n, 1, 1, p) for n, p in zip(size, padding, strict=True))
    ring = (*rows.padding, *columns.padding)
    origins = (origin_list(rows), origin_list(columns)) if any(ring) else None
    coloured = inputs == len(COLOURS)
    # The hatching shows the padding; beside many channels there is no room to say it.
    note = "" if not origins or inputs <= len(COLOURS) else "\u200b"
    return tuple(
        Grid(
            f"in{channel}",
            COLOURS[channel] if coloured else f"x[{channel}]",
            "input",
            padded,
            ring=ring,
            origins=origins,
            editable=True,
            symbol=f"x[{channel}]",
            scale="inputs",
            note=note,
            frame=_frame(inputs, channel),
        )
        for channel, padded in enumerate(filled_inputs(*settings)[1])
    )


def _frame(inputs: int, channel: int) -> str:
    return COLOURS[channel].lower() if inputs == len(COLOURS) else ""


def slice_grid(trace: ChannelsTrace, kernel: int, slot: int, channel: int) -> Grid:
    """Draw the slice of a kernel with which it reads one channel."""
    return _slice_grid(kernel_settings(trace.spec), kernel, slot, channel)


@lru_cache(maxsize=1024)
def _slice_grid(settings: KernelSettings, kernel: int, slot: int, channel: int) -> Grid:
    plane = filled_kernels(*settings)[kernel][slot]
    return Grid(
        f"k{kernel}_{slot}",
        f"w[{kernel},{slot}]",
        "kernel",
        plane,
        texts=fraction_texts(plane),
        editable=True,
        symbol=f"w[{kernel}, {slot}]",
        scale="kernels",
        frame=_frame(settings[3], channel),
    )


def kernel_grid(trace: ChannelsTrace, output: int) -> Grid:
    """Lay all slices of one kernel side by side."""
    return _kernel_grids(kernel_settings(trace.spec))[output]


@lru_cache(maxsize=256)
def _kernel_grids(settings: KernelSettings) -> tuple[Grid, ...]:
    height, width = settings[5]
    found = []
    for output, slices in enumerate(filled_kernels(*settings)):
        values = _side_by_side(slices)
        found.append(
            Grid(
                f"w{output}",
                f"w[{output}]",
                "kernel",
                values,
                texts=fraction_texts(values),
                editable=True,
                scale="kernels",
                blocks=(0, width) if len(slices) > 1 else (0, 0),
                size=f"{len(slices)}×{height}×{width}",
            )
        )
    return tuple(found)


def part_grid(trace: ChannelsTrace, channel: int, plane: Array) -> Grid:
    """Draw what one slice makes of its channel."""
    frame = _frame(trace.spec.inputs, channel)
    return Grid(f"m{channel}", f"m[{channel}]", "output", plane, symbol=f"m[{channel}]", scale="outputs", frame=frame)


def output_grid(trace: ChannelsTrace, at: int, title: str) -> Grid:
    """Draw an output map."""
    return Grid(f"y{at}", f"{title}[{at}]", "output", trace.outputs[at], symbol=f"y[{at}]", scale="outputs")


def bias_cell(trace: ChannelsTrace) -> Grid:
    """Draw the bias of the shown output channel."""
    shown = trace.spec.shown
    value = np.array([[trace.bias[shown]]])
    return Grid(f"b{shown}", f"b[{shown}]", "kernel", value, editable=True, symbol="b", size="\u200b")


def mixing_row(trace: ChannelsTrace) -> Grid:
    """Draw the pointwise weights of the shown output channel."""
    assert trace.mixing is not None
    shown = trace.spec.shown
    row = trace.mixing[shown : shown + 1]
    size = f"{trace.spec.inputs}×1×1"
    return Grid(
        "v", f"v[{shown}]", "kernel", row, texts=fraction_texts(row), editable=True, symbol=f"v[{shown}]", size=size
    )


def mixing_grid(trace: ChannelsTrace) -> Grid:
    """Draw all pointwise weights: a row for each output channel."""
    assert trace.mixing is not None
    texts = fraction_texts(trace.mixing)
    size = f"{trace.spec.outputs}×{trace.spec.inputs}×1×1"
    return Grid("v", "v", "kernel", trace.mixing, texts=texts, editable=True, symbol="v", size=size)


@lru_cache(maxsize=2048)
def _shared(planes: tuple[bytes, ...], shape: tuple[int, int], kind: str) -> NDArray[np.generic]:
    values = np.concatenate([np.frombuffer(plane, kind).reshape(shape) for plane in planes], axis=1)
    values.setflags(write=False)
    return values


def _side_by_side(slices: tuple[Array, ...]) -> Array:
    """Join the slices of a kernel; equal kernels give the same object, which a pack then stores once."""
    kind = np.result_type(*slices)
    return _shared(tuple(plane.astype(kind).tobytes() for plane in slices), slices[0].shape, kind.str)
