"""What becomes of the last maps: a long row of numbers, or one number each; and what each adds to a class's score.

Behind the last maps come dense layers and ReLUs. For one picture each ReLU either lets its number through or not, and
while that stays so the score is a weighted sum of the numbers in the row: `Ending.weights` are those weights, exactly.

>>> from cnnviz.engine.pictures.digits import digit
>>> from cnnviz.engine.networks.seeing.maps import own_eyes
>>> eyes = own_eyes("digits_lenet")
>>> end = watch(eyes, eyes.prepare(digit(7, hand=3))).end(label=7)
>>> end.kind, end.maps.shape, end.row.shape, end.index(3, 2, 1)
('flatten', (16, 5, 5), (400,), 86)
>>> abs(float(end.shares.sum()) + end.rest - end.score) < 1e-4
True
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.networks.graph import INPUT
from cnnviz.engine.networks.layers.kinds import AdaptivePool, Flatten, Linear, Mean
from cnnviz.engine.networks.seeing.maps import Eyes, Maps, Off, Seen
from cnnviz.engine.networks.trace import NetworkTrace, trace_network

MOST_ROW = 30_000


@dataclass(frozen=True, eq=False)
class Ending:
    """The way from the last maps to the score of one class."""

    kind: Literal["flatten", "pool"]
    layer: str
    """The last layer with maps."""
    by: str
    """The layer that makes a row of them."""
    maps: Maps
    row: Maps
    weights: Maps
    """How much the class's score moves with each number of the row."""
    label: int
    score: float
    straight: bool
    """The class reads the row itself, with no layer between."""

    @property
    def shares(self) -> Maps:
        """What each number of the row adds to the score."""
        shares: Maps = self.row * self.weights
        return shares

    @property
    def map_shares(self) -> NDArray[np.float64]:
        """What each map adds to the score."""
        shares: NDArray[np.float64] = self.shares.astype(float).reshape(len(self.maps), -1).sum(axis=1)
        return shares

    @property
    def rest(self) -> float:
        """What the score has besides: the biases on the way."""
        return self.score - float(self.shares.sum(dtype=float))

    def index(self, channel: int, row: int, column: int) -> int:
        """Say where a cell of the maps stands in the flattened row."""
        height, width = self.maps.shape[1:]
        return int((channel * height + row) * width + column)

    @property
    def activation(self) -> Maps:
        """The class activation map: every place's share in the score, the maps weighed and added up."""
        _, height, width = self.maps.shape
        if self.kind == "flatten":
            return np.asarray(self.shares.reshape(self.maps.shape).sum(axis=0), np.float32)
        return np.asarray(np.tensordot(self.weights, self.maps, 1) / (height * width), np.float32)


def end_layers(trace: NetworkTrace) -> tuple[str, str] | None:
    """Name the last layer with maps, and the one that makes a row of them; None where there is no such end.

    >>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
    >>> end_layers(trace_network(ARCHITECTURES["shapes_vgg"])), end_layers(trace_network(ARCHITECTURES["alexnet"]))
    (('relu4_2', 'gap'), ('avgpool', 'flatten'))
    """
    for row in trace.rows:
        layer, shape = row.node.layer, row.output_shape
        flattens = isinstance(layer, Flatten) and len(shape) == 1
        pools = isinstance(layer, AdaptivePool) and layer.how == "avg" and shape[1:] == (1, 1)
        means = isinstance(layer, Mean) and layer.how != "max" and len(shape) == 1
        if not (flattens or pools or means) or len(row.inputs[0]) != 3:
            continue
        if not any(isinstance(after.node.layer, Linear) for after in trace.rows[trace.rows.index(row) :]):
            return None  # the maps are the classes themselves
        before = trace.network.inputs_of(row.name)[0]
        return (before, row.name) if before != INPUT and shape[0] <= MOST_ROW else None
    return None


@dataclass(frozen=True, eq=False)
class Watched:
    """What a network saw, and the way from its last maps to the scores, still open for questions."""

    seen: Seen
    names: tuple[str, str] | None
    straight: bool
    scores: Any
    row: Any

    def end(self, label: int) -> Ending | None:
        """Follow the last maps to the score of a class; None if the network has no such end."""
        import torch  # noqa: PLC0415

        if self.names is None:
            return None
        before, by = self.names
        (weights,) = torch.autograd.grad(self.scores[label], self.row, retain_graph=True)
        row = self.row.detach()[0]
        maps = self.seen.maps[before]
        return Ending(
            "flatten" if row.numel() == maps.size and maps[0].size > 1 else "pool",
            before,
            by,
            maps,
            row.reshape(-1).numpy(),
            weights.reshape(-1).numpy(),
            label,
            float(self.scores[label].detach()),
            self.straight,
        )


def watch(eyes: Eyes, x: Maps, keep: Collection[str] = (), off: Off = ()) -> Watched:
    """Send one prepared picture through as `see` does, and keep the way behind the last maps open."""
    import torch  # noqa: PLC0415

    trace = trace_network(eyes.network, x.shape)
    names, last = end_layers(trace), eyes.network.last
    dark: dict[str, list[int]] = {}
    for layer, channel in off:
        dark.setdefault(layer, []).append(channel)
    held: dict[str, Any] = {}

    def edit(name: str, result: Any) -> Any:
        if name in dark:
            result = result.clone()
            result[:, dark[name]] = 0
        if names and name == names[1]:
            result = result.detach().requires_grad_(True)
            held[name] = result
        return result

    torch.set_num_threads(1)
    wanted = {*keep, *(names or ()), last}
    with torch.enable_grad():
        kept = eyes.module(torch.from_numpy(x)[None], keep=tuple(wanted), edit=edit)
    scores = kept[last][0].reshape(-1)
    seen = Seen({name: maps[0].detach().numpy() for name, maps in kept.items()}, scores.detach().numpy())
    straight = sum(isinstance(row.node.layer, Linear) for row in trace.rows) == 1
    return Watched(seen, names, straight, scores, held.get(names[1]) if names else None)
