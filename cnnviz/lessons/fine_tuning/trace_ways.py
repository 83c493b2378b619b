"""Our colour network in two parts, features and head, and the ways to let parts of them learn.

>>> [(layer.name, layer.parameters) for layer in LAYERS][-3:]
[('conv4_1', 27712), ('conv4_2', 36928), ('fc', 0)]
>>> learning("head", "conv4_1", 3), learning("block", "conv4_1", 3), learning("all", "conv4_1", 3)
(195, 64835, 116147)
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

NETWORK = "shapes_vgg"
WIDTHS = (16, 32, 48, 64)
"""Channels of the four blocks, two convolutions each."""
FEATURES = WIDTHS[-1]
HEAD = "fc"


@dataclass(frozen=True, slots=True)
class LayerSize:
    """A layer with parameters; the head's depend on the number of classes."""

    name: str
    weights: tuple[int, ...]
    parameters: int


def _layers() -> tuple[LayerSize, ...]:
    found, before = [], 3
    for block, width in enumerate(WIDTHS, 1):
        for number in (1, 2):
            shape = (width, before, 3, 3)
            found.append(LayerSize(f"conv{block}_{number}", shape, before * 9 * width + width))
            before = width
    return (*found, LayerSize(HEAD, (), 0))


LAYERS = _layers()


def parameters_of(layer: LayerSize, classes: int) -> int:
    """Count a layer's parameters, the new head's by its classes."""
    return layer.parameters or FEATURES * classes + classes


def learns(layer: str, way: str, start: str) -> bool:
    """Tell whether a layer learns."""
    names = [one.name for one in LAYERS]
    first = {"head": HEAD, "block": start, "all": names[0], "scratch": names[0]}[way]
    return names.index(layer) >= names.index(first)


def learning(way: str, start: str, classes: int) -> int:
    """Count the parameters that learn."""
    return sum(parameters_of(layer, classes) for layer in LAYERS if learns(layer.name, way, start))


def build_features() -> Any:
    """Make all but the head; the parts have the names that the network's weights have."""
    from torch import nn  # noqa: PLC0415

    parts: OrderedDict[str, Any] = OrderedDict()
    before = 3
    for block, width in enumerate(WIDTHS, 1):
        for number in (1, 2):
            parts[f"conv{block}_{number}"] = nn.Conv2d(before, width, 3, padding=1)
            parts[f"relu{block}_{number}"] = nn.ReLU()
            before = width
        if block < len(WIDTHS):
            parts[f"pool{block}"] = nn.MaxPool2d(2)
    parts["gap"] = nn.AdaptiveAvgPool2d(1)
    parts["flatten"] = nn.Flatten()
    return nn.Sequential(parts)


def start_at_random(features: Any) -> None:
    """Give convolutions the random weights from which our networks were trained once."""
    from torch import nn  # noqa: PLC0415

    for part in features:
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
            if part.bias is not None:
                nn.init.zeros_(part.bias)


@dataclass(eq=False)
class Way:
    """One copy of the network: `fixed` stays, `moving` and `head` learn. What is fixed is computed once a picture."""

    name: str
    fixed: Any
    moving: Any
    head: Any
    optimiser: Any
    begun: dict[str, Any] = field(default_factory=dict)
    """The weights of every layer before the first step."""
    seconds: float = 0.0
    steps: int = 0
    _kept: dict[tuple[str, int], Any] = field(default_factory=dict)

    @classmethod
    def make(cls, name: str, start: str, features: Any, head: Any, rate: float) -> Way:
        """Part the features at the first layer that learns; features and head are this way's own."""
        from torch import optim  # noqa: PLC0415

        names = [one for one, _ in features.named_children()]
        at = {"head": len(names), "block": names.index(start)}.get(name, 0)
        fixed, moving = features[:at].requires_grad_(False), features[at:]
        way = cls(name, fixed, moving, head, optim.Adam([*moving.parameters(), *head.parameters()], rate))
        way.begun = {layer: weight.detach().clone() for layer, weight in way.weights().items()}
        return way

    def weights(self) -> dict[str, Any]:
        """Give every layer's weights, first to last."""
        parts = [*self.fixed.named_children(), *self.moving.named_children(), (HEAD, self.head)]
        return {name: part.weight for name, part in parts if hasattr(part, "weight")}

    def moved(self) -> NDArray[np.float32]:
        """Say how far every layer has gone, as a share of the length that it had."""
        shares = [float((now.detach() - self.begun[name]).norm() / self.begun[name].norm())
                  for name, now in self.weights().items()]  # fmt: skip
        return np.array(shares, np.float32)

    def halfway(self, sheet: str, pictures: Any, chosen: NDArray[np.int64]) -> Any:
        """Give what the fixed part makes of some pictures of a sheet; it never changes, so it is kept."""
        import torch  # noqa: PLC0415

        if not len(self.fixed):
            return pictures[chosen]
        missing = [one for one in dict.fromkeys(chosen.tolist()) if (sheet, one) not in self._kept]
        if missing:
            with torch.inference_mode():
                made = self.fixed(pictures[missing])
            self._kept |= {(sheet, one): row for one, row in zip(missing, made, strict=True)}
        return torch.stack([self._kept[sheet, one] for one in chosen.tolist()])

    def learn(self, halfway: Any, labels: Any, rate: float) -> float:
        """Take one step; the time that it took is added up."""
        from torch.nn import functional as F  # noqa: N812, PLC0415

        begin = time.thread_time()
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        loss: Any = F.cross_entropy(self.head(self.moving(halfway)), labels)
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        self.seconds += time.thread_time() - begin
        self.steps += 1
        return float(loss.item())

    def answers(self, halfway: Any, head: Any = None) -> NDArray[np.int64]:
        """Say which class each picture is, by this way's head or another one."""
        import torch  # noqa: PLC0415

        with torch.inference_mode():
            found: NDArray[np.int64] = (head or self.head)(self.moving(halfway)).argmax(1).numpy()
        return found
