r"""Channels and kernels that a learner types or pastes whole: one of them, or all, parted by empty lines.

>>> spec = CHANNEL_READERS["All input channels"](ChannelsSpec(), "1 2\n3 4\n\n5 6\n7 8")
>>> spec.inputs, spec.size, spec.to_query()["xe"]
(2, (2, 2), '0.0.0 1_0.0.1 2_0.1.0 3_0.1.1 4_1.0.0 5_1.0.1 6_1.1.0 7_1.1.1 8')
"""

from __future__ import annotations

from dataclasses import replace

from cnnviz.errors import SpecError
from cnnviz.lessons.channels.spec import BOUNDS, COLOURS, MOST_CHANNELS, ChannelsSpec
from cnnviz.lessons.channels.trace import check_groups
from cnnviz.stage.typed import Reader, must_fit, must_fit_link, shape_of
from cnnviz.state.grids import parse_grids, parse_rows
from cnnviz.state.indexed import put

Spec = ChannelsSpec
SIDE, KERNEL = BOUNDS["input"][1], BOUNDS["kernel"][1]


def read_channels(spec: Spec, text: str) -> Spec:
    """Read all input channels: as many as there are grids."""
    grids = parse_grids(text, SIDE)
    if len(grids) > MOST_CHANNELS:
        raise SpecError("values", f"These are {len(grids)} channels; {MOST_CHANNELS} is the limit.")
    edits = put((), {(channel,): rows for channel, rows in enumerate(grids)})
    return _kept(replace(spec, inputs=len(grids), size=shape_of(grids[0]), value_edits=edits))


def channel_reader(channel: int) -> Reader[Spec]:
    """Make the reader of one input channel; the other channels take its size."""

    def into(spec: Spec, text: str) -> Spec:
        if channel >= spec.inputs:
            raise SpecError("values", f"{_are(spec.inputs, 'input channel')}, counted from 0. Add channels first.")
        rows = parse_rows(text, SIDE)
        return _kept(replace(spec, size=shape_of(rows), value_edits=put(spec.value_edits, {(channel,): rows})))

    return into


def read_kernels(spec: Spec, text: str) -> Spec:
    """Read all slices of all kernels, in the order of the weight in PyTorch: (out, in / groups)."""
    kernels, slots = kernels_of(spec)
    places = [(kernel, slot) for kernel in range(kernels) for slot in range(slots)]
    each = f"{kernels} kernels of {slots} {'slice' if slots == 1 else 'slices'}"
    return _slices(spec, text, places, f"All kernels are {each}, {len(places)} grids in all")


def kernel_reader(kernel: int) -> Reader[Spec]:
    """Make the reader of one kernel: a slice for each channel that it reads."""

    def into(spec: Spec, text: str) -> Spec:
        kernels, slots = kernels_of(spec)
        if kernel >= kernels:
            raise SpecError("values", f"{_are(kernels, 'kernel')} here, counted from 0. Add channels first.")
        say = (
            f"w[{kernel}] has {slots} {'slice, for the one channel' if slots == 1 else 'slices, one for each channel'}"
        )
        return _slices(spec, text, [(kernel, slot) for slot in range(slots)], f"{say} that it reads")

    return into


def read_mixing(spec: Spec, text: str) -> Spec:
    """Read the weights of the pointwise layer: a row for each output channel."""
    if not spec.separable:
        raise SpecError("values", "Only the layer “Depthwise + pointwise” has pointwise weights. Choose it first.")
    rows = parse_rows(text, MOST_CHANNELS)
    must_fit(rows, "v", (spec.outputs, spec.inputs))
    return _kept(replace(spec, mixing_edits=put((), {(): rows})))


def read_bias(spec: Spec, text: str) -> Spec:
    """Read one number for each output channel, in one row or one column."""
    numbers = [number for row in parse_rows(text, MOST_CHANNELS) for number in row]
    if len(numbers) != spec.outputs:
        raise SpecError(
            "values", f"{_are(spec.outputs, 'output channel')} and each has one bias, but these are {len(numbers)}."
        )
    return replace(spec, bias=(*numbers, *(0,) * (MOST_CHANNELS - len(numbers))))


def kernels_of(spec: Spec) -> tuple[int, int]:
    """Count the kernels of the (first) convolution, and the slices of each; groups that do not divide are refused.

    >>> kernels_of(ChannelsSpec(inputs=4, outputs=6, groups=2)), kernels_of(ChannelsSpec(separable=True))
    ((6, 2), (3, 1))
    """
    if spec.separable:
        return spec.inputs, 1
    check_groups(spec)
    return spec.outputs, spec.inputs // spec.groups


def _slices(spec: Spec, text: str, places: list[tuple[int, int]], say: str) -> Spec:
    grids = parse_grids(text, KERNEL)
    if len(grids) != len(places):
        these = "this is one" if len(grids) == 1 else f"these are {len(grids)}"
        raise SpecError("values", f"{say}; {these}. Leave an empty line between the grids.")
    edits = put(spec.weight_edits, dict(zip(places, grids, strict=True)))
    return _kept(replace(spec, kernel=shape_of(grids[0]), weight_edits=edits))


def _kept(spec: Spec) -> Spec:
    must_fit_link(spec)
    return spec


def _are(count: int, noun: str) -> str:
    return f"There is one {noun}" if count == 1 else f"There are {count} {noun}s"


CHANNEL_READERS: dict[str, Reader[Spec]] = {
    "All input channels": read_channels,
    **{
        f"Input channel {at}{f' ({COLOURS[at].lower()})' if at < len(COLOURS) else ''}": channel_reader(at)
        for at in range(MOST_CHANNELS)
    },
    "All kernels": read_kernels,
    **{f"Kernel w[{at}]": kernel_reader(at) for at in range(MOST_CHANNELS)},
    "Pointwise weights v": read_mixing,
    "Bias b": read_bias,
}
"""What can be typed whole, by the name that the page gives it."""
