"""The words of the comparison: what each way of shrinking costs, reads, and can give back.

>>> from cnnviz.lessons.downsampling.trace import trace_downsampling
>>> from cnnviz.lessons.downsampling.spec import DownsamplingSpec
>>> for way in explain_ways(trace_downsampling(DownsamplingSpec(look="pool"))):
...     print(way.name, way.shape, way.parameters, way.keeps)
Maximum 3×3 0 9 of 36 numbers survive, each as it was; which ones depends on the picture.
Average 3×3 0 All 36 numbers count, each with a weight of 1/4; none of them survives as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cnnviz.engine.windows import AxisWindows
from cnnviz.explain.grids import comment_lines, grid_lines, pair_text
from cnnviz.lessons.downsampling.trace import DownsamplingTrace


@dataclass(frozen=True, slots=True)
class Way:
    """One way to shrink: its name, its output, its cost, and what it keeps."""

    name: str
    shape: str
    parameters: int
    cost: str
    keeps: str

    @property
    def sentence(self) -> str:
        """Say it all in plain words."""
        parameters = f"{self.parameters} parameter{'' if self.parameters == 1 else 's'}"
        return f"**{self.name}** → {self.shape}, {parameters}, {self.cost}. {self.keeps}"


def explain_ways(trace: DownsamplingTrace) -> Iterator[Way]:
    """Describe the ways that the picture shows, in its order."""
    spec, cells = trace.spec, trace.values.size
    if spec.convolves:
        taps, seen = trace.weight.size, _read(trace.strided_axes)
        read = f"It reads {_all_or_some(seen, cells)}, and its weights can be learned."
        shape = _shape(trace.strided.shape)
        yield Way(f"Stride {spec.factor}", shape, taps, _times(trace.strided.size * taps), read)
        same = "The same numbers; only the work for the dropped cells is wasted."
        yield Way("Stride 1, then dropped", shape, taps, _times(trace.dense.size * taps), same)
    if spec.pools:
        window, outputs = spec.factor**2, trace.largest.size
        survivors, counted = len(set(trace.winners.ravel().tolist())), _read(trace.pool_axes)
        shape = _shape(trace.largest.shape)
        what = f"{survivors} of {cells} numbers survive, each as it was; which ones depends on the picture."
        yield Way("Maximum", shape, 0, _count(outputs * (window - 1), "comparison"), what)
        some = f"All {cells}" if counted == cells else f"{counted} of {cells}"
        mean = f"{some} numbers count, each with a weight of 1/{window}; none of them survives as it was."
        yield Way("Average", shape, 0, _count(outputs * (window - 1), "addition"), mean)
    if spec.look in {"all", "shuffle"} and trace.parts is not None:
        shape = "×".join(map(str, trace.parts.shape))
        keeps = f"All {cells} numbers are kept, in {spec.factor**2} channels; pixel shuffle brings them back."
        yield Way("Pixel unshuffle", shape, 0, "no arithmetic", keeps)


def explain_equality(trace: DownsamplingTrace) -> str:
    """Say how far stride, and no stride with dropping, are apart."""
    difference = float(np.abs(trace.strided - trace.kept).max())
    factor, dropped = trace.spec.factor, trace.dense.size - trace.kept.size
    if difference > 1e-9:
        return f"The largest difference between the two is {difference:.3g}."
    return (
        f"A convolution with stride {factor} gives what stride 1 gives in every {_nth(factor)} row and column: the "
        f"largest difference is 0. Stride 1 computes {dropped} more cells, and dropping throws them away."
    )


def explain_price(trace: DownsamplingTrace) -> str:
    """Say why keeping everything is expensive for the next layer."""
    channels = trace.spec.factor**2
    return (
        f"Unshuffle moves the picture into {channels} channels. The next 3×3 convolution then needs {channels} slices "
        f"for each of its kernels: {9 * channels} weights instead of 9. After a pooling it needs 9."
    )


def _nth(factor: int) -> str:
    return {2: "second", 3: "third"}.get(factor, "fourth")


def _read(axes: tuple[AxisWindows, AxisWindows]) -> int:
    rows, columns = (axis.n - len(axis.unread) for axis in axes)
    return rows * columns


def _all_or_some(seen: int, cells: int) -> str:
    return f"all {cells} cells" if seen == cells else f"{seen} of {cells} cells"


def _times(count: int) -> str:
    return _count(count, "multiplication")


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))


def downsampling_code(trace: DownsamplingTrace, *, numbers: bool) -> str:
    """Write PyTorch: with `numbers`, the stage's own input and kernel; else layers and a random input."""
    return "\n".join(_with_numbers(trace) if numbers else _layers(trace))


def _layers(trace: DownsamplingTrace) -> list[str]:
    spec = trace.spec
    height, width = trace.values.shape
    lines = ["import torch", "from torch import nn"]
    if spec.convolves and not _even(trace):
        lines.append("import torch.nn.functional as F")
    lines += ["", f"x = torch.randn(1, 1, {height}, {width})  # N, C, H, W"]
    if spec.convolves:
        padded, padding = _padding(trace)
        size = pair_text(spec.kernel)
        lines += [
            f"conv = nn.Conv2d(1, 1, {size}, stride={spec.factor}{padding}, bias=False)",
            f"strided = conv({padded})",
            "conv.stride = (1, 1)",
            f"dropped = conv({padded})[..., ::{spec.factor}, ::{spec.factor}]",
            "print(torch.allclose(strided, dropped, atol=1e-6))  # True",
        ]
    if spec.pools:
        lines += [f"largest = nn.MaxPool2d({spec.factor})(x)", f"mean = nn.AvgPool2d({spec.factor})(x)"]
    return [*lines, *_parts(trace, f"nn.PixelUnshuffle({spec.factor})(x)")]


def _with_numbers(trace: DownsamplingTrace) -> list[str]:
    spec = trace.spec
    lines = ["import torch", "import torch.nn.functional as F", "", *grid_lines("x", trace.values, "  # N, C, H, W")]
    if spec.convolves:
        padded, padding = _padding(trace)
        lines += [
            *grid_lines("w", trace.weight),
            "",
            f"strided = F.conv2d({padded}, w, stride={spec.factor}{padding})",
            f"dropped = F.conv2d({padded}, w{padding})[..., ::{spec.factor}, ::{spec.factor}]",
            "print(torch.allclose(strided, dropped))  # True",
            *comment_lines(trace.strided),
        ]
    if spec.pools:
        lines += [f"largest = F.max_pool2d(x, {spec.factor})", *comment_lines(trace.largest)]
        lines += [f"mean = F.avg_pool2d(x, {spec.factor})", *comment_lines(trace.mean)]
    return [*lines, *_parts(trace, f"F.pixel_unshuffle(x, {spec.factor})")]


def _parts(trace: DownsamplingTrace, call: str) -> list[str]:
    if trace.parts is None or trace.spec.look not in {"all", "shuffle"}:
        return []
    return [f"parts = {call}", f"print(parts.shape)  # torch.Size([1, {', '.join(map(str, trace.parts.shape))}])"]


def _even(trace: DownsamplingTrace) -> bool:
    """Say whether both sides of each axis have the same padding, so that a layer can pad by itself."""
    return all(before == after for before, after in (axis.padding for axis in trace.dense_axes))


def _padding(trace: DownsamplingTrace) -> tuple[str, str]:
    """Write what a convolution reads, and its setting for the padding."""
    (top, bottom), (left, right) = (axis.padding for axis in trace.dense_axes)
    if not _even(trace):
        return f"F.pad(x, ({left}, {right}, {top}, {bottom}))", ""
    return "x", f", padding={pair_text((top, left))}" if top or left else ""
