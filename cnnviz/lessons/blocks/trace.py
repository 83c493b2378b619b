"""A stack of layers with and without batch norm or shortcuts: its maps, their spread, and where the gradient goes.

    stack = run_stack(batch, Stack(depth=20, gain=0.7, norm=True))
    stack.layers[9].std, stack.layers[9].slope      # the spread of the tenth layer's maps; the gradient that reaches it

A layer is a 3 by 3 convolution without bias, then ReLU; the first one makes eight maps of the picture. Weights are
the same with and without. At the end a gradient of length 1 is put in, in a random direction, and sent back.

    u_net(plane, levels=3, skip=True)       # a bottleneck, and the map that skips across it
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.lessons.blocks.spec import CHANNELS

Array = NDArray[np.float32]
BINS = 61
WITHIN = 0.998
"""Histograms reach so far that so much lies inside."""
EPSILON = 1e-5


@dataclass(frozen=True)
class Stack:
    """How a stack is built."""

    depth: int
    gain: float = 1.0
    norm: bool = False
    shortcut: bool = False
    remembered: bool = False
    """Batch norm uses the mean and variance of `others` instead of the batch's own."""
    gamma: float = 1.0
    beta: float = 0.0
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer at work: of what it gives, and of the gradient that comes back to it."""

    std: float
    slope: float
    """The length of the gradient at its output."""


@dataclass(frozen=True, eq=False)
class Inside:
    """One layer taken apart, for the first picture of the batch: maps (C, H, W)."""

    before: Array
    """What comes into the layer."""
    summed: Array
    """After its convolution."""
    normed: Array
    """After batch norm; the same as `summed` without."""
    after: Array
    """After ReLU, and the shortcut if there is one."""
    mean: Array
    """Of each channel over the batch: what batch norm subtracts."""
    variance: Array
    counts: tuple[NDArray[np.int64], NDArray[np.int64]]
    """How often which value comes before and after batch norm, over the whole batch, in `BINS` bins of `edges`; the
    few that are larger count in the outermost."""
    edges: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Run:
    """A stack at work."""

    layers: tuple[Layer, ...]
    inside: Inside


def run_stack(batch: Array, stack: Stack, at: int = 1, others: Array | None = None) -> Run:
    """Send a batch (N, C, H, W) through a stack and a gradient back; `at` is the layer that is taken apart, from 1."""
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    x, known = torch.from_numpy(batch).requires_grad_(), None if others is None else torch.from_numpy(others)
    outputs, inside = [], None
    for number, weight in enumerate(_weights(batch.shape[1], stack), 1):
        before = x
        summed = _convolve(x, weight)
        stats = _statistics(summed)
        if known is not None:
            with torch.no_grad():
                known_summed = _convolve(known, weight)
                if stack.remembered:
                    stats = _statistics(known_summed)
                known = _rest(known_summed, _statistics(known_summed), known, stack, number)
        normed = _normed(summed, stats, stack)
        x = _rest(summed, stats, before, stack, number)
        x.retain_grad()
        outputs.append(x)
        if number == at:
            inside = _taken_apart([one.detach() for one in (before, summed, normed, x, *stats)])
    direction = torch.randn(x.shape, generator=torch.Generator().manual_seed(stack.seed))
    (x * (direction / direction.norm())).sum().backward()
    assert inside is not None
    return Run(tuple(map(_told, outputs)), inside)


def _weights(channels: int, stack: Stack) -> list[Any]:
    """Draw the weights: He's deviation times the gain, so that ReLU keeps the spread when the gain is 1."""
    import torch  # noqa: PLC0415

    generator = torch.Generator().manual_seed(stack.seed)
    drawn = []
    for number in range(stack.depth):
        inputs = channels if number == 0 else CHANNELS
        spread = stack.gain * (2 / (9 * inputs)) ** 0.5
        drawn.append(torch.randn((CHANNELS, inputs, 3, 3), generator=generator) * spread)
    return drawn


def _convolve(x: Any, weight: Any) -> Any:
    from torch.nn import functional as F  # noqa: N812, PLC0415

    return F.conv2d(x, weight, padding=1)


def _statistics(summed: Any) -> tuple[Any, Any]:
    return summed.mean((0, 2, 3)), summed.var((0, 2, 3), unbiased=False)


def _normed(summed: Any, stats: tuple[Any, Any], stack: Stack) -> Any:
    if not stack.norm:
        return summed
    mean, variance = (one[:, None, None] for one in stats)
    return stack.gamma * (summed - mean) / (variance + EPSILON) ** 0.5 + stack.beta


def _rest(summed: Any, stats: tuple[Any, Any], before: Any, stack: Stack, number: int) -> Any:
    """Normalise, cut off below zero, and add what came in; the first layer has other channels, so it cannot."""
    result = _normed(summed, stats, stack).relu()
    return result + before if stack.shortcut and number > 1 else result


def _told(output: Any) -> Layer:
    return Layer(std=float(output.detach().std()), slope=float(output.grad.norm()))


def _taken_apart(parts: list[Any]) -> Inside:
    """Keep the first picture's maps, and count the whole batch's values."""
    before, summed, normed, after, mean, variance = parts
    largest = max(*(float(np.quantile(one.abs().numpy(), WITHIN)) for one in (summed, normed)), 1e-30)
    edges = np.linspace(-largest, largest, BINS + 1)
    counts = tuple(np.histogram(np.clip(one.numpy(), -largest, largest), edges)[0] for one in (summed, normed))
    return Inside(
        before=before[0].numpy(),
        summed=summed[0].numpy(),
        normed=normed[0].numpy(),
        after=after[0].numpy(),
        mean=mean.numpy(),
        variance=variance.numpy(),
        counts=(counts[0], counts[1]),
        edges=edges,
    )


@dataclass(frozen=True, eq=False)
class Bottleneck:
    """A picture made small and large again, with or without the map that skips across."""

    small: Array
    """At the bottom."""
    output: Array
    slope: Array
    """How much each pixel of the picture moves one pixel of the output."""


def u_net(plane: Array, levels: int, *, skip: bool, unit: tuple[int, int]) -> Bottleneck:
    """Halve a picture (H, W) by means, double it again, and mix in, level by level, what skips across: half and half.

    >>> found = u_net(np.eye(4, dtype=np.float32), 1, skip=False, unit=(0, 0))
    >>> found.output[0].tolist(), found.slope[0].tolist()
    ([0.5, 0.5, 0.0, 0.0], [0.25, 0.25, 0.0, 0.0])
    >>> u_net(np.eye(4, dtype=np.float32), 1, skip=True, unit=(0, 0)).slope[0].tolist()
    [0.625, 0.125, 0.0, 0.0]
    """
    import torch  # noqa: PLC0415
    from torch.nn import functional as F  # noqa: N812, PLC0415

    picture = torch.from_numpy(plane)[None, None].requires_grad_()
    down = [picture]
    for _ in range(levels):
        down.append(F.avg_pool2d(down[-1], 2))
    up = down[-1]
    for across in reversed(down[:-1]):
        up = F.interpolate(up, scale_factor=2, mode="nearest")
        if skip:
            up = (up + across) / 2
    (slope,) = torch.autograd.grad(up[0, 0, unit[0], unit[1]], picture)
    return Bottleneck(down[-1].detach()[0, 0].numpy(), up.detach()[0, 0].numpy(), slope[0, 0].numpy())


def likeness(one: Array, other: Array) -> float:
    """Give the correlation of two pictures; 0 if one of them is flat.

    >>> round(likeness(np.array([[1.0, 2.0]], np.float32), np.array([[3.0, 5.0]], np.float32)), 6)
    1.0
    """
    first, second = (plane.astype(float) - float(plane.mean()) for plane in (one, other))
    length = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float((first * second).sum()) / length if length else 0.0
