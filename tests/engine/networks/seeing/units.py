"""Networks that have seen something, with all their maps, for the tests of cells that are taken apart."""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np
import torch

from cnnviz.engine.grids import Pair
from cnnviz.engine.networks.graph import INPUT, Draft
from cnnviz.engine.networks.layers.kinds import Layer
from cnnviz.engine.networks.modules import build_module
from cnnviz.engine.networks.seeing.maps import Eyes, Maps, own_eyes, random_eyes, see
from cnnviz.engine.networks.seeing.unit import UnitTrace, trace_unit


class Looked:
    """A network, what it sees, and every map."""

    def __init__(self, eyes: Eyes, x: Maps) -> None:
        self.eyes, self.x = eyes, x

    @cached_property
    def maps(self) -> dict[str, Maps]:
        return see(self.eyes, self.x, [INPUT, *(node.name for node in self.eyes.network)]).maps

    def anywhere(self, layer: str, rng: np.random.Generator) -> tuple[int, Pair]:
        """A channel and a cell of a layer."""
        count, *space = self.maps[layer].shape
        row, column = (int(rng.integers(n)) for n in space) if space else (0, 0)
        return int(rng.integers(count)), (row, column)

    def unit(self, layer: str, channel: int, at: Pair | None = None) -> UnitTrace:
        return trace_unit(self.eyes, self.maps, layer, channel, at)


@lru_cache(maxsize=2)
def look(name: str) -> Looked:
    """A network of the zoo looks at noise; batch norm remembers something else than nothing."""
    eyes = own_eyes(name) if name == "digits_lenet" else random_eyes(name)
    draw = torch.Generator().manual_seed(0)
    for module in eyes.module.modules():
        if hasattr(module, "running_mean"):
            module.running_mean.normal_(0, 0.3, generator=draw)
            module.running_var.uniform_(0.5, 2, generator=draw)
            module.weight.uniform_(-1, 1, generator=draw)
            module.bias.normal_(0, 0.5, generator=draw)
    return Looked(eyes, np.random.default_rng(0).normal(size=eyes.input).astype(np.float32))


def made(*layers: Layer, size: tuple[int, ...] = (4, 9, 11), seed: int = 0) -> Looked:
    """A network of a few layers, and what it sees of noise."""
    draft = Draft("made", "Made for a test", size)
    draft.chain(list(layers))
    network = draft.done()
    module = build_module(network, seed=seed).eval().requires_grad_(False)
    eyes = Eyes(network, module, (), "random", f"made {layers} {seed}")
    x = np.random.default_rng(seed).normal(size=size).astype(np.float32)
    return Looked(eyes, x)
