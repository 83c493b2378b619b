"""How much each pixel of a receptive field moves its unit: the gradient of random networks, computed by PyTorch.

>>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
>>> found = effective_field(ARCHITECTURES["lecture_cnn"], "conv", (4, 7))
>>> found.weight.shape, float(found.weight.max()), int((found.weight > 0).sum()), found.seeds
((32, 32), 1.0, 9, 8)

Nothing behind the unit is computed. Weights are drawn anew for each seed (He's deviation, no bias), the input is noise,
and of all gradients the root mean square is taken. For random weights that does not depend on how many channels there
are, so a network too large for a lecture hall is narrowed: the same layers, with fewer channels. Instead of noise the
input can be one picture, and then the weights can be trained ones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.networks.cut import cut
from cnnviz.engine.networks.graph import Network, Node, Shape
from cnnviz.engine.networks.layers.kinds import (
    Activation,
    AdaptivePool,
    BatchNorm,
    Conv,
    ConvTranspose,
    Layer,
    Linear,
    Mean,
    Norm,
    Pool,
)
from cnnviz.engine.networks.modules import build_module
from cnnviz.engine.networks.trace import NetworkTrace, trace_network
from cnnviz.engine.networks.zoo.trained import TRAINED
from cnnviz.engine.pictures.fitted import Pixels
from cnnviz.engine.turns import Turns
from cnnviz.errors import SpecError
from cnnviz.lessons.receptive_field.trace import QUIET, Unit

SEEDS = 8
MOST_MACS = 250_000_000
"""For one seed; the way there and back is three times as much."""
MOST_NUMBERS = 12_000_000
"""In all maps together; PyTorch keeps them for the way back."""
REFUSED = 12
"""What is so many times beyond these bounds, even narrowed, is not computed."""
FACTORS = (1, 2, 4, 8, 16, 32, 64)
MEASURING = Turns("measure a field", error=partial(SpecError, "more"))
"""One measurement at a time in the whole process: whoever measures for a learner takes a turn."""


@dataclass(frozen=True, eq=False)
class EffectiveField:
    """What a unit weighs."""

    weight: NDArray[np.float32]
    """For each pixel the root mean square of the gradient, the largest being 1."""
    factor: int
    """How many times fewer channels were computed."""
    seeds: int
    on: str = "noise"
    """What it was measured on: noise, picture (both with random weights) or trained (a picture, trained weights)."""

    @property
    def dead(self) -> bool:
        """Whether no gradient came through at all."""
        return not bool(self.weight.any())

    def pixels(self, part: float) -> int:
        """Give how many pixels it takes, the strongest first, to hold a part of the gradient's energy.

        >>> EffectiveField(np.array([[1, 0.5, 0.5, 0]], np.float32), 1, 1).pixels(0.9)
        3
        """
        energy = np.sort(self.weight.astype(np.float64).ravel() ** 2)[::-1].cumsum()
        return 0 if self.dead else int(np.searchsorted(energy, part * energy[-1])) + 1


def effective_field(
    network: Network, layer: str, unit: Unit, size: Shape | None = None, seeds: int = SEEDS
) -> EffectiveField:
    """Measure it on noise with random weights."""
    return _measured(network, layer, unit, size, seeds, None, "noise")


def field_on_picture(
    network: Network, layer: str, unit: Unit, pixels: Pixels, *, trained: bool = False, seeds: int = SEEDS
) -> EffectiveField:
    """Measure it on one picture of the input's size, (H, W, 3), 0..255; with trained weights if there are any."""
    size = (network.input[0], *pixels.shape[:2])
    if trained and (network.name not in TRAINED or size != network.input):
        raise SpecError("on", f"There are no trained weights for {network.title} and {size}.")
    return _measured(network, layer, unit, size, seeds, pixels, "trained" if trained else "picture")


def _measured(  # noqa: PLR0917 - a unit of a network, and how it is measured
    network: Network, layer: str, unit: Unit, size: Shape | None, seeds: int, pixels: Pixels | None, on: str
) -> EffectiveField:
    trace, factor = bounded(cut(network, layer), size)
    weight = np.sqrt(_measure(trace, unit, seeds, pixels, on))
    most = float(weight.max())
    weight = (weight / most if most > 0 else weight).astype(np.float32)
    weight.flags.writeable = False
    return EffectiveField(weight, factor, seeds, on)


def bounded(network: Network, size: Shape | None) -> tuple[NetworkTrace, int]:
    """Narrow a network until it can be computed in a moment; and say by how much."""
    best: tuple[NetworkTrace, int] | None = None
    for factor in FACTORS:
        try:
            trace = trace_network(narrowed(network, factor), size)
        except SpecError:
            continue
        if trace.fault:
            if factor == 1:
                raise trace.fault
            continue
        best = trace, factor
        if trace.macs <= MOST_MACS and trace.activations <= MOST_NUMBERS:
            break
    if best is None or best[0].macs > REFUSED * MOST_MACS or best[0].activations > REFUSED * MOST_NUMBERS:
        raise SpecError("more", "That would take too long here. Choose a smaller input, or a layer nearer to it.")
    return best


def _measure(trace: NetworkTrace, unit: Unit, seeds: int, pixels: Pixels | None, on: str) -> NDArray[np.float64]:
    import torch  # noqa: PLC0415 - only who computes waits for it

    torch.set_num_threads(1)
    module = build_module(trace.network, trace.input).eval()
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    weights = [parameter for parameter in module.parameters() if parameter.dim() > 1]
    for name, parameter in module.named_parameters():
        if parameter.dim() == 1 and name.endswith("bias"):
            parameter.zero_()
    if on == "trained":
        _teach(module, trace.network.name)
    energy = np.zeros(trace.input[1:])
    for seed in range(seeds):
        draw = torch.Generator().manual_seed(seed)
        for weight in weights if on != "trained" else []:
            fan_in = max(weight[0].numel(), 1)
            weight.normal_(0, (2 / fan_in) ** 0.5, generator=draw)
        if pixels is None:
            x = torch.randn(1, *trace.input, generator=draw)
        else:
            x = torch.from_numpy(seen_as(pixels, trace.input[0], plain=on == "trained"))[None]
        x.requires_grad_(True)
        y = module(x)[0]
        chosen = y[unit] if y.dim() == 1 else y[(slice(None), *unit)]
        mix = torch.randn(chosen.shape, generator=draw)
        gradient: Any = torch.autograd.grad((chosen * mix).sum(), x)[0]
        squares = gradient[0].double().pow(2).sum(0).numpy()
        most = squares.max()
        if np.isfinite(most) and most > 0:  # every seed counts alike, however large its gradient is
            energy += squares / (most if on != "trained" else 1)
    return energy


def seen_as(pixels: Pixels, channels: int, *, plain: bool) -> NDArray[np.float32]:
    """Turn a picture into an input: from 0 to 1 (`plain`), or with mean 0 and deviation 1, as random weights expect it.

    >>> seen_as(np.full((2, 2, 3), 51, np.uint8), 1, plain=True).tolist()
    [[[0.20000000298023224, 0.20000000298023224], [0.20000000298023224, 0.20000000298023224]]]
    """
    planes = np.moveaxis(pixels, -1, 0).astype(np.float32) / 255
    if channels != planes.shape[0]:  # a picture of three colours goes round
        planes = planes[np.arange(channels) % planes.shape[0]]
    if not plain:
        planes = (planes - planes.mean()) / max(float(planes.std()), 1e-3)
    return np.ascontiguousarray(planes, dtype=np.float32)


def _teach(module: Any, name: str) -> None:
    """Give a (cut) network its trained weights."""
    from cnnviz.engine.networks.seeing.maps import own_eyes  # noqa: PLC0415 - it loads torch

    learned = own_eyes(name).module.state_dict()
    module.load_state_dict({key: learned[key] for key in module.state_dict()})


def narrowed(network: Network, factor: int) -> Network:
    """Give the same network with fewer channels.

    >>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
    >>> narrowed(ARCHITECTURES["vgg16"], 16).nodes[0].layer
    Conv(4, 3, padding=1)
    """
    if factor == 1:
        return network
    return network.changed({node.name: _narrow(node.layer, factor) for node in network})


def _narrow(layer: Layer, factor: int) -> Layer:
    if isinstance(layer, (Conv, ConvTranspose)):
        channels = max(layer.channels // factor, 1)
        groups = channels if layer.groups == layer.channels > 1 else layer.groups
        return replace(layer, channels=channels, groups=groups, channels_in=None)
    if isinstance(layer, Linear):
        return replace(layer, features=max(layer.features // factor, 1), features_in=None)
    if isinstance(layer, (BatchNorm, Norm)):
        return replace(layer, features_in=None)
    return layer


def counting_twin(trace: NetworkTrace) -> Network:
    """Make the network that only counts: pooling adds up, and nothing is cut off, dropped or normalised.

    With positive weights its gradient is positive exactly where the field is. Norms over whole maps are left out.

    >>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
    >>> [node.layer for node in counting_twin(trace_network(ARCHITECTURES["lenet_modern"]))][:3]
    [Conv(6, 5, padding=2), Pool(2, stride=2, how='avg'), Conv(16, 5)]
    """
    network, names = trace.network, {"input": "input"}
    nodes: list[Node] = []
    for row in trace.rows:
        inputs = tuple(names[name] for name in network.inputs_of(row.name))
        layer = _counting(row.node.layer, row.inputs[0])
        names[row.name] = row.name
        if layer is None:
            names[row.name] = inputs[0]
        else:
            nodes.append(replace(row.node, layer=layer, inputs=inputs))
    return Network(
        network.name, network.title, trace.input, nodes or [Node("same", Activation("identity"), ("input",))]
    )


def _counting(layer: Layer, shape: Shape) -> Layer | None:
    match layer:
        case Activation(how="softmax" | "log_softmax"):
            return Linear(shape[0]) if len(shape) == 1 else Conv(shape[0], 1, rank=len(shape) - 1)
        case Pool() if any(one > 1 for one in layer.dilation):
            return Conv(shape[0], layer.kernel, layer.stride, layer.padding, layer.dilation, shape[0], rank=layer.rank)
        case Pool():
            return replace(layer, how="avg", count_include_pad=True)
        case AdaptivePool():
            return replace(layer, how="avg")
        case Mean():
            return replace(layer, how="mean")
    return None if isinstance(layer, QUIET) else layer
