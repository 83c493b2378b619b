"""What excites a unit most: noise that climbs along the gradient, a few steps at a time.

    ascent = Ascent(own_eyes("digits_lenet"), "fc2", 3, Climb())
    while not ascent.done:
        ascent.advance(0.1)            # as many steps as fit into a tenth of a second, one at least
    ascent.picture                     # (1, 28, 28), values 0 to 1
    ascent.curve                       # the unit's value before each step

Every step moves the picture by a random jitter, goes `rate` along the gradient (divided by its spread: so steps are
equally long in every layer), then blurs and fades the picture a little. Same seed, same picture.

Whoever waits for the picture asks for slices; all sessions share `SLICES`, so that together they take a part of one
core at most, one slice each in the order in which they asked. Nothing goes on between slices: no thread, nothing to
stop.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.networks.graph import Shape
from cnnviz.engine.networks.seeing.maps import Eyes, Maps
from cnnviz.engine.networks.trace import Row, trace_network
from cnnviz.engine.networks.zoo.trained import TRAINED
from cnnviz.engine.slices import Slices
from cnnviz.lessons.learned_kernels.spec import Climb

GREY, NOISE = 0.5, 0.1
LARGEST = 128
"""Pixels on a side of the picture that a published network is given here; those that sum over all places take it."""
MOST_SECONDS = 60.0
"""How long one climb may compute."""
SHARE = 0.25
"""The part of a core that all climbs together take."""
SLICES = Slices(SHARE)


class Reached(Exception):  # noqa: N818 - it ends a run through the network, and is no error
    """The layer that was asked for has answered; what stands behind it need not be computed."""


def answer(eyes: Eyes, x: Any, layer: str) -> Any:
    """Send a batch through a network as far as a layer: that layer's output."""
    found = []

    def take(name: str, result: Any) -> Any:
        if name == layer:
            found.append(result)
            raise Reached
        return result

    try:
        eyes.module(x, edit=take)
    except Reached:
        pass
    return found[0]


def climbing_size(eyes: Eyes) -> Shape:
    """Give the size of the picture that climbs: our own networks' input, a smaller one for published ones."""
    channels, *sides = eyes.input
    if eyes.network.name in TRAINED or max(sides) <= LARGEST:
        return eyes.input
    return (channels, LARGEST, LARGEST)


def begin_at(eyes: Eyes) -> float:
    """Give the plain tone around which the noise begins: black for white on black, else grey."""
    return 0.0 if eyes.input[0] == 1 else GREY


class Ascent:
    """One climb: its picture and how far it is. Small enough to be kept by a session."""

    def __init__(self, eyes: Eyes, layer: str, channel: int, climb: Climb) -> None:
        import torch  # noqa: PLC0415

        self._layer, self._channel, self.climb = layer, channel, climb
        self._random = torch.Generator().manual_seed(climb.seed)
        self._tone = begin_at(eyes)
        noise = torch.randn(1, *climbing_size(eyes), generator=self._random)
        self._x = (self._tone + NOISE * noise).clamp(0, 1)
        self.curve: list[float] = []
        self.seconds = 0.0
        self.flat = False

    @property
    def picture(self) -> Maps:
        """The picture as it is now, (C, H, W), from 0 to 1."""
        found: Maps = self._x[0].numpy().copy()
        return found

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The same as pixels: (H, W), or (H, W, 3)."""
        pixels = np.rint(np.moveaxis(self.picture, 0, -1) * 255).astype(np.uint8)
        return pixels[..., 0] if pixels.shape[-1] == 1 else pixels

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do."""
        return self.flat or len(self.curve) > self.climb.steps or self.seconds > MOST_SECONDS

    def advance(self, eyes: Eyes, seconds: float) -> None:
        """Climb for a while; one step at least. The last value is taken after the last step."""
        import torch  # noqa: PLC0415

        torch.set_num_threads(1)
        start = time.perf_counter()
        while not self.done:
            self._step(eyes, torch)
            if time.perf_counter() - start > seconds:
                break
        self.seconds += time.perf_counter() - start

    def _step(self, eyes: Eyes, torch: Any) -> None:
        climb, x = self.climb, self._x
        down, right = torch.randint(-climb.jitter, climb.jitter + 1, (2,), generator=self._random).tolist()
        if len(self.curve) == climb.steps:
            with torch.inference_mode():
                self.curve.append(float(self._excited(eyes, x, torch)))
            return
        x = x.requires_grad_()
        value = self._excited(eyes, torch.roll(x, (down, right), (2, 3)), torch)
        (slope,) = torch.autograd.grad(value, x)
        self.curve.append(float(value.detach()))
        spread = slope.std()
        if not float(spread) > 0:
            self.flat = True
            self._x = x.detach()
            return
        x = x.detach() + climb.rate * slope / spread
        edge = torch.nn.functional.pad(x, (1, 1, 1, 1), "replicate")
        x = x + climb.blur * (torch.nn.functional.avg_pool2d(edge, 3, 1) - x)
        self._x = (x - climb.fade * (x - self._tone)).clamp(0, 1)

    def _excited(self, eyes: Eyes, x: Any, torch: Any) -> Any:
        if eyes.mean:
            shape = (1, -1, 1, 1)
            x = (x - torch.tensor(eyes.mean).view(shape)) / torch.tensor(eyes.std).view(shape)
        found = answer(eyes, x, self._layer)[0, self._channel]
        if found.dim() == 0:
            return found
        return found.mean() if self.climb.place == "map" else found[tuple(side // 2 for side in found.shape)]


def unit_row(eyes: Eyes, layer: str) -> Row:
    """Give a layer's row at the size that climbs: its shape and its receptive field there."""
    return trace_network(eyes.network, climbing_size(eyes)).row(layer)
