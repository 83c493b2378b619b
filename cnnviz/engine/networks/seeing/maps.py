"""A network that sees: its weights, its classes, how a picture becomes its input, and every map on the way.

    eyes = own_eyes("digits_lenet")
    seen = see(eyes, eyes.prepare(digit(7, hand=3)), keep=("relu1",))
    seen.maps["relu1"].shape, eyes.classes[seen.scores.argmax()]      # (8, 28, 28), '7'

Our own networks are loaded when they are first asked for, once a process; no session changes them, so all share them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.engine.networks.graph import INPUT, Network, Shape
from cnnviz.engine.networks.modules import build_module
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.engine.networks.zoo.trained import TRAINED

FOLDER = Path(__file__).resolve().parents[4] / "assets" / "networks"
LARGEST_SIDE = 512
"""Pixels on the longer side of what a network is given, unless it asks for one size."""

Pixels = NDArray[np.uint8]
Maps = NDArray[np.float32]
Off = Collection[tuple[str, int]]
"""Channels that are switched off: the layer's name and the channel."""


@dataclass(frozen=True, eq=False)
class Eyes:
    """A network with weights, ready to see. `module` never learns here: its weights take no gradients."""

    network: Network
    module: Any
    classes: tuple[str, ...]
    source: str
    """Where the weights are from: "ours", "random", or the file's name."""
    digest: str
    """Names the weights, for caches."""
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    shorter: int = 0
    """The shorter side before a square is cut from the middle, as ImageNet's networks were shown their pictures; 0: the
    picture is squeezed or enlarged to the size of the input."""
    other_classes: int = 0
    """How many classes the weights know, if they are other ones than the network's own."""

    @property
    def input(self) -> Shape:
        """The size that the network was made for."""
        return self.network.input

    def crop(self, pixels: Pixels) -> Pixels:
        """Cut and resize a picture to what the network is shown, (H, W, 3) or (H, W) as the network has channels."""
        channels, height, width = self.input
        image = Image.fromarray(pixels)
        image = image.convert("L" if channels == 1 else "RGB")
        if image.size == (width, height):
            return np.asarray(image)
        if self.shorter:
            short = min(image.size)  # the longer side is cut down to whole pixels, as torchvision does it
            sides = (self.shorter * image.width // short, self.shorter * image.height // short)
            image = image.resize(sides, Image.Resampling.BILINEAR)
            side = height
        else:
            side = min(image.size)
        left, top = round((image.width - side) / 2), round((image.height - side) / 2)
        image = image.crop((left, top, left + side, top + side))
        return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=3))

    def prepare(self, pixels: Pixels) -> Maps:
        """Turn a picture 0..255 into what the network is given: (C, H, W)."""
        cut = self.crop(pixels)
        planes = np.moveaxis(cut[..., None] if cut.ndim == 2 else cut, -1, 0).astype(np.float32) / 255
        if self.mean:
            planes = (planes - _column(self.mean)) / _column(self.std)
        return np.ascontiguousarray(planes, dtype=np.float32)


def _column(values: tuple[float, ...]) -> Maps:
    return np.array(values, np.float32)[:, None, None]


@dataclass(frozen=True, eq=False)
class Seen:
    """What came of one picture: the maps that were asked for, (C, H, W) or (features,), and a score a class."""

    maps: dict[str, Maps]
    scores: NDArray[np.float32]

    @property
    def chances(self) -> NDArray[np.float64]:
        """The scores as chances that add up to 1: softmax."""
        scores = self.scores.astype(float)
        powers = np.exp(scores - scores.max())
        chances: NDArray[np.float64] = powers / powers.sum()
        return chances

    def best(self, count: int) -> list[int]:
        """The classes with the largest scores, the largest first."""
        return [int(one) for one in np.argsort(-self.scores, kind="stable")[:count]]


def see(eyes: Eyes, x: Maps, keep: Collection[str] = (), off: Off = ()) -> Seen:
    """Send one prepared picture through; keep the named layers' maps, and switch channels off where asked."""
    import torch  # noqa: PLC0415

    last = eyes.network.last
    dark: dict[str, list[int]] = {}
    for layer, channel in off:
        dark.setdefault(layer, []).append(channel)

    def darken(name: str, result: torch.Tensor) -> torch.Tensor:
        if name in dark:
            result = result.clone()
            result[:, dark[name]] = 0
        return result

    torch.set_num_threads(1)
    with torch.inference_mode():
        kept = eyes.module(torch.from_numpy(x)[None], keep=(*keep, last), edit=darken if dark else None)
    maps = {name: kept[name][0].numpy() for name in keep if name != INPUT}
    if INPUT in keep:
        maps[INPUT] = x
    return Seen(maps, kept[last][0].reshape(-1).numpy())


@lru_cache(maxsize=len(TRAINED))
def own_eyes(name: str) -> Eyes:
    """Load one of our own networks; once a process."""
    from safetensors.torch import load_file  # noqa: PLC0415

    trained = TRAINED[name]
    module = _still(build_module(ARCHITECTURES[name]))
    module.load_state_dict(load_file(FOLDER / trained.file))
    return Eyes(ARCHITECTURES[name], module, trained.classes, "ours", name)


def random_eyes(name: str, seed: int = 0) -> Eyes:
    """Give a network of the zoo with weights drawn at random, as before any training."""
    network = ARCHITECTURES[name]
    module = _still(build_module(network, seed=seed))
    return Eyes(network, module, numbered(network, module), "random", f"{name} random {seed}")


def numbered(network: Network, module: Any) -> tuple[str, ...]:
    """Name the classes by their numbers, for networks whose classes nobody told."""
    from cnnviz.engine.networks.trace import trace_network  # noqa: PLC0415

    shape = trace_network(network).row(network.last).output_shape
    return tuple(f"class {number}" for number in range(shape[0]))


def _still(module: Any) -> Any:
    """Set a module to seeing: no gradients for its weights, no dropout, batch norm by what it remembers."""
    return module.eval().requires_grad_(False)
