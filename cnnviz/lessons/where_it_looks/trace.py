"""Where a network looks for a class: the gradient on the picture, Grad-CAM, and the picture with patches covered.

    eyes = own_eyes("digits_lenet")
    x = eyes.prepare(digit(7, hand=3))
    saliency(eyes, x, 7).shape, grad_cam(eyes, x, 7, "relu2").coarse.shape      # (28, 28), (10, 10)

Three ways to ask, and `faded` puts them to the test: cover first what a map calls important. If the map is right, the
class's score falls at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.networks.graph import Network
from cnnviz.engine.networks.seeing.maps import Eyes, Maps
from cnnviz.engine.networks.trace import cached_trace
from cnnviz.engine.pictures.grey import luma
from cnnviz.engine.turns import Turns

Plane = NDArray[np.float32]
Way = Literal["plain", "times", "smooth"]
Fill = Literal["grey", "black", "mean"]

SMOOTH_COPIES = 16
SMOOTH_NOISE = 0.15
"""Of the distance from the smallest to the largest number of the input."""
MOST_NUMBERS = 3_000_000
"""The numbers of the input that one batch of covered pictures may hold."""
COVERING = Turns("cover a picture")
"""Covering a large picture takes seconds: one learner's at a time in the whole process."""
DIM = 0.5
BRIGHT = (254, 232, 56)
"""The brightest colour of the viewer's scale for scores."""
FADING = 12
"""Into so many parts the pixels are divided when they are covered one part after the other."""


def looking_layers(network: Network) -> list[str]:
    """Name the layers that give maps with places, for Grad-CAM: all but those after the network has forgotten where."""
    return [
        row.name for row in cached_trace(network).rows if len(row.output_shape) == 3 and max(row.output_shape[1:]) > 1
    ]


def saliency(eyes: Eyes, x: Maps, number: int, way: Way = "plain", seed: int = 0) -> Plane:
    """Say how much the class's score moves when a pixel moves: the largest absolute gradient over the channels.

    "times" multiplies the gradient by the input and adds the channels up: each pixel's share, with its sign. "smooth"
    takes the mean of the absolute gradients of several noisy copies.
    """
    if way == "smooth":
        spread = SMOOTH_NOISE * float(x.max() - x.min())
        noise = np.random.default_rng(seed).normal(0, spread, (SMOOTH_COPIES, *x.shape)).astype(np.float32)
        slopes = np.concatenate([_slopes(eyes, one[None] + x, number) for one in noise])
        smooth: Plane = np.abs(slopes).mean(0).max(0)
        return smooth
    slope = _slopes(eyes, x[None], number)[0]
    found: Plane = (slope * x).sum(0) if way == "times" else np.abs(slope).max(0)
    return found


def _slopes(eyes: Eyes, batch: Maps, number: int) -> Maps:
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    inputs = torch.from_numpy(batch).requires_grad_()
    (slope,) = torch.autograd.grad(_scores(eyes, inputs)[:, number].sum(), inputs)
    found: Maps = slope.numpy()
    return found


def _scores(eyes: Eyes, inputs: Any) -> Any:
    return eyes.module(inputs).flatten(1)


@dataclass(frozen=True, eq=False)
class Cam:
    """Grad-CAM at one layer: every map has a weight, and what their sum leaves above zero speaks for the class."""

    weights: NDArray[np.float32]
    """For each map the mean of the score's gradient over its places."""
    signed: Plane
    """The weighted sum of the maps, before ReLU."""
    fine: Plane
    """After ReLU, enlarged to the size of the input."""

    @property
    def coarse(self) -> Plane:
        """After ReLU, at the layer's own size."""
        return np.maximum(self.signed, 0)


def grad_cam(eyes: Eyes, x: Maps, number: int, layer: str) -> Cam:
    """Weigh a layer's maps by how much they move the class's score, and add them up."""
    import torch  # noqa: PLC0415
    from torch.nn import functional as F  # noqa: N812, PLC0415

    torch.set_num_threads(1)
    last = eyes.network.last

    def watched(name: str, result: Any) -> Any:
        return result.detach().requires_grad_() if name == layer else result

    kept = eyes.module(torch.from_numpy(x)[None], keep=(layer, last), edit=watched)
    maps = kept[layer]
    (slope,) = torch.autograd.grad(kept[last].flatten(1)[0, number], maps, allow_unused=True)
    weights = torch.zeros(maps.shape[1]) if slope is None else slope[0].mean((1, 2))
    signed = (weights[:, None, None] * maps.detach()[0]).sum(0)
    fine = F.interpolate(signed.clamp(min=0)[None, None], x.shape[1:], mode="bilinear", align_corners=False)[0, 0]
    return Cam(weights.numpy(), signed.numpy(), fine.numpy())


@dataclass(frozen=True, eq=False)
class Occlusion:
    """How far the class's score falls when a patch of the picture is covered; below zero: it rises."""

    drops: Plane
    """For each place of the patch."""
    patch: int
    step: int
    score: float
    """Of the whole picture."""

    @property
    def worst(self) -> tuple[int, int]:
        """Row and column of the place that costs most."""
        row, column = np.unravel_index(int(np.argmax(self.drops)), self.drops.shape)
        return int(row), int(column)

    def box(self, row: int, column: int, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """Give the pixels that a place covers: first row and column, height, width; cut at the border."""
        top, left = (place * self.step - self.patch // 2 + self.step // 2 for place in (row, column))
        bottom, right = min(top + self.patch, size[0]), min(left + self.patch, size[1])
        top, left = max(top, 0), max(left, 0)
        return top, left, bottom - top, right - left


def places(size: tuple[int, int], step: int) -> tuple[int, int]:
    """Count the places of a patch: one for every `step` pixels of a side, whatever remains.

    >>> places((28, 28), 3)
    (10, 10)
    """
    return -(-size[0] // step), -(-size[1] // step)


def covering(x: Maps, fill: Fill) -> Maps:
    """Give what a covered pixel is: one number a channel."""
    if fill == "mean":
        return np.asarray(x.mean((1, 2)), np.float32)
    middle = (x.max() + x.min()) / 2 if fill == "grey" else x.min()
    return np.full(len(x), middle, np.float32)


def occlusion(
    eyes: Eyes, x: Maps, number: int, *, patch: int, step: int, fill: Fill = "mean"
) -> Iterator[tuple[int, int, Occlusion | None]]:
    """Cover one place after the other; tells how many of how many are done, and at the end the result."""
    size = (x.shape[1], x.shape[2])
    rows, columns = places(size, step)
    score = float(score_of(eyes, x[None], number)[0])
    found = Occlusion(np.zeros((rows, columns), np.float32), patch, step, score)
    paint = covering(x, fill)[:, None, None]
    where = list(product(range(rows), range(columns)))
    at_once = max(1, min(64, MOST_NUMBERS // x.size // 8))
    for start in range(0, len(where), at_once):
        part = where[start : start + at_once]
        batch = np.repeat(x[None], len(part), 0)
        for one, (row, column) in zip(batch, part, strict=True):
            top, left, height, width = found.box(row, column, size)
            one[:, top : top + height, left : left + width] = paint
        found.drops.flat[start : start + len(part)] = score - score_of(eyes, batch, number)
        yield start + len(part), len(where), None
    yield len(where), len(where), found


def score_of(eyes: Eyes, batch: Maps, number: int) -> NDArray[np.float32]:
    """Give the class's score for each of several inputs."""
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    with torch.inference_mode():
        scores: NDArray[np.float32] = _scores(eyes, torch.from_numpy(batch))[:, number].numpy()
    return scores


def faded(eyes: Eyes, x: Maps, number: int, importance: Plane, fill: Fill = "mean") -> NDArray[np.float64]:
    """Cover the pixels, the most important first, in `FADING` parts; give the class's chance before and after each."""
    order = np.argsort(-importance, axis=None, kind="stable")
    flat = x.reshape(len(x), -1)
    paint = covering(x, fill)[:, None]
    chances = []
    for part in range(FADING + 1):
        copy = flat.copy()
        copy[:, order[: round(part * len(order) / FADING)]] = paint
        chances.append(chance_of(eyes, copy.reshape(x.shape), number))
    return np.array(chances)


def chance_of(eyes: Eyes, x: Maps, number: int) -> float:
    """Give the class's chance: softmax of the scores."""
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    with torch.inference_mode():
        return float(_scores(eyes, torch.from_numpy(np.ascontiguousarray(x))[None]).double().softmax(1)[0, number])


def lit(pixels: NDArray[np.uint8], importance: Plane) -> NDArray[np.uint8]:
    """Show a picture in dim grey, and yellow where it matters: bright, so that it is told without colours too.

    >>> lit(np.full((1, 2), 200, np.uint8), np.array([[0.0, 2.0]], np.float32)).tolist()
    [[[100, 100, 100], [254, 232, 56]]]
    """
    most = float(importance.max())
    heat = np.clip(importance / most, 0, 1)[..., None] if most > 0 else np.zeros((*importance.shape, 1))
    grey = pixels.astype(float) if pixels.ndim == 2 else luma(pixels).astype(float)
    shown: NDArray[np.uint8] = np.rint((1 - heat) * DIM * grey[..., None] + heat * np.array(BRIGHT)).astype(np.uint8)
    return shown
