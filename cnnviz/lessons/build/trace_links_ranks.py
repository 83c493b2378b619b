"""Links to the stages of convolutions that are not 2-D, and of pixel shuffles.

>>> from cnnviz.engine.networks.layers.kinds import Conv, PixelShuffle
>>> signal_link(Conv(8, 5, stride=2, rank=1), 99, (2, 2))
StageOpen(page='signals', query={'n': '23', 'k': '5', 's': '2', 'p': '2'}, notes=('99 becomes 23.',))
>>> volume_link(Conv(8, 3, padding=1, rank=3), (6, 6, 6), ((1, 1),) * 3).query
{'n': '6', 'p': '1'}
>>> shuffle_link(PixelShuffle(2), (4, 3, 3)).query
{'way': 'shuffle'}
"""

from __future__ import annotations

from typing import Any

from cnnviz.engine.grids import Pair
from cnnviz.engine.networks.layers.kinds import Conv, PixelShuffle
from cnnviz.engine.networks.layers.windows import say
from cnnviz.lessons.build.trace_open import StageOpen, smaller
from cnnviz.lessons.shuffle import spec as shuffle
from cnnviz.lessons.shuffle.spec import ShuffleSpec
from cnnviz.lessons.signals import spec as signals
from cnnviz.lessons.signals.spec import SignalSpec
from cnnviz.lessons.volumes import spec as volumes
from cnnviz.lessons.volumes.spec import VolumesSpec

Axis = dict[str, int]


def signal_link(layer: Conv, length: int, pads: Pair) -> StageOpen:
    """Open a convolution along a line."""
    notes: list[str] = []
    axis = _axis(layer, 0, length, signals.BOUNDS, notes)
    most = signals.BOUNDS["padding"][1]
    before, after = (min(one, most) for one in pads)
    if (before, after) != pads:
        notes.append(f"The padding becomes at most {most}.")
    _fit(axis, before + after)
    spec = SignalSpec(
        axis["input"], axis["kernel"], axis["stride"], (before, after), axis["dilation"]
    )  # fmt: skip
    if axis["input"] != length:
        notes.append(f"{length} becomes {axis['input']}.")
    # An empty link would bring back the lesson's last state.
    return StageOpen("signals", spec.to_query() or {"n": str(spec.size)}, tuple(dict.fromkeys(notes)))


def volume_link(layer: Conv, size: tuple[int, ...], pads: tuple[Pair, ...]) -> StageOpen:
    """Open a convolution of a film."""
    notes: list[str] = []
    axes = [_axis(layer, axis, n, volumes.BOUNDS, notes) for axis, n in enumerate(size)]
    most = volumes.BOUNDS["padding"][1]
    even = tuple(min(max(one), most) for one in pads)
    if any((one, one) != pair for one, pair in zip(even, pads, strict=True)):
        notes.append(f"The padding becomes {say(even)} on both sides.")
    for axis, one in zip(axes, even, strict=True):
        _fit(axis, 2 * one)
    triples: dict[str, Any] = {name: tuple(axis[name] for axis in axes) for name in axes[0]}
    spec = VolumesSpec(
        size=triples["input"], kernel=triples["kernel"], stride=triples["stride"], dilation=triples["dilation"],
        padding=(even[0], even[1], even[2]),
    )  # fmt: skip
    if spec.size != size:
        notes.append(f"{say(size)} becomes {say(spec.size)}.")
    query = spec.to_query() or {"n": volumes.show_triple(spec.size)}
    return StageOpen("volumes", query, tuple(dict.fromkeys(notes)))


def shuffle_link(layer: PixelShuffle, shape: tuple[int, ...]) -> StageOpen | None:
    """Open a pixel shuffle, or its other way."""
    low, high = shuffle.BOUNDS["factor"]
    if layer.factor < low or len(shape) != 3:
        return None
    notes = []
    factor = min(layer.factor, high)
    if factor != layer.factor:
        notes.append(f"The stage’s largest factor is {high}, so {layer.factor} becomes {factor}.")
    fine = shape[0] if layer.down else shape[0] // layer.factor**2
    channels = max(min(fine, shuffle.BOUNDS["channels"][1], shuffle.MOST_CHANNELS // factor**2), 1)
    if channels != fine:
        notes.append(f"{fine:,} channels become {channels}.")
    small = tuple(n // layer.factor for n in shape[1:]) if layer.down else shape[1:]
    most = shuffle.BOUNDS["cells"][1]
    cells = max(min(small[0], most), 1), max(min(small[1], most), 1)
    if cells != small:
        notes.append(f"The small side, {say(small)}, becomes {say(cells)}.")
    spec = ShuffleSpec(way="unshuffle" if layer.down else "shuffle", factor=factor, cells=cells, channels=channels)
    return StageOpen("shuffle", spec.to_query() or {"r": str(factor)}, tuple(notes))


def _axis(layer: Conv, axis: int, n: int, bounds: dict[str, Pair], notes: list[str]) -> Axis:
    """Bring an axis into a stage's bounds, and say so."""
    found: Axis = {}
    for name, word in (("kernel", "window"), ("stride", "stride"), ("dilation", "dilation")):
        have = getattr(layer, name)[axis]
        found[name] = min(have, bounds[name][1])
        if found[name] != have:
            notes.append(f"The stage’s largest {word} is {found[name]}, so {have} becomes {found[name]}.")
    found["input"] = smaller(n, bounds["input"][1], found["stride"])
    return found


def _fit(axis: Axis, pads: int) -> None:
    """Lay the taps closer where the window no longer fits."""
    while axis["dilation"] > 1 and axis["dilation"] * (axis["kernel"] - 1) + 1 > axis["input"] + pads:
        axis["dilation"] -= 1
    while axis["kernel"] > 1 and axis["dilation"] * (axis["kernel"] - 1) + 1 > axis["input"] + pads:
        axis["kernel"] -= 1
