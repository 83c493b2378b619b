"""A network as a PyTorch module, to compute with, and as the oracle that our own arithmetic is tested against.

>>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
>>> module = build_module(ARCHITECTURES["lecture_cnn"])
>>> [(name, tuple(tensor.shape)) for name, tensor in module.state_dict().items()][:2]
[('conv.weight', (1, 1, 3, 3)), ('conv.bias', (1,))]

Modules stand under their dotted names, so that a state dict has the names that torchvision gives it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from cnnviz.engine.networks.code.words import PAD_MODES, keeps_state
from cnnviz.engine.networks.graph import INPUT, Network, Shape
from cnnviz.engine.networks.layers.kinds import (
    ACTIVATIONS,
    Activation,
    AdaptivePool,
    Add,
    BatchNorm,
    Concat,
    Conv,
    ConvTranspose,
    Crop,
    Dropout,
    Flatten,
    Layer,
    Linear,
    Mean,
    Multiply,
    Norm,
    Pad,
    Pads,
    PixelShuffle,
    Pool,
    Upsample,
    View,
)
from cnnviz.engine.networks.layers.shapes import crop_margins
from cnnviz.engine.networks.trace import NetworkTrace, trace_network

if TYPE_CHECKING:
    import torch

    Edit = Callable[[str, torch.Tensor], torch.Tensor]


def build_module(network: Network, size: Shape | None = None, *, device: str = "cpu", seed: int | None = 0) -> Any:
    """Make an `nn.Module` whose `forward(x, keep=())` gives the output, or the named layers' outputs as a dict.

    `forward(x, edit=...)` lets `edit(name, result)` put something else in the place of any layer's result.

    `device="meta"` makes one without numbers, for sizes alone. A seed of None leaves PyTorch's generator alone.
    """
    import torch  # noqa: PLC0415 - only who computes waits for it

    trace = trace_network(network, size)
    if trace.fault:
        raise trace.fault
    if seed is not None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return _module_class()(network, trace, device)
    return _module_class()(network, trace, device)


_CLASS: list[Any] = []


def _module_class() -> Any:
    """Define the class when PyTorch is there; once."""
    if _CLASS:
        return _CLASS[0]
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415

    class NetworkModule(nn.Module):
        """Runs the nodes in order, and lets each map go after its last reader."""

        def __init__(self, network: Network, trace: NetworkTrace, device: str) -> None:
            super().__init__()
            self.network = network
            with torch.device(device):
                for row in trace.rows:
                    made = _parameters(row.node.layer, row.inputs[0])
                    if made is not None and not row.shared:
                        _place(self, row.node.home, made)
                        if row.node.frozen:
                            made.requires_grad_(False)
            self._last_reader = {name: node.name for node in network for name in network.inputs_of(node.name)}

        def forward(self, x: torch.Tensor, keep: tuple[str, ...] = (), edit: Edit | None = None) -> Any:
            """Send pictures (N, C, *space) through."""
            held, kept = {INPUT: x}, {}
            for node in self.network:
                names = self.network.inputs_of(node.name)
                inputs = [held[name] for name in names]
                module = self.get_submodule(node.home) if keeps_state(node.layer) else None
                result = module(inputs[0]) if module is not None else _function(node.layer)(*inputs)
                if edit is not None:
                    result = edit(node.name, result)
                held[node.name] = result
                if node.name in keep:
                    kept[node.name] = result
                for name in names:
                    if self._last_reader[name] == node.name and name != self.network.last:
                        held.pop(name, None)
            return kept if keep else held[self.network.last]

    _CLASS.append(NetworkModule)
    return NetworkModule


def _place(root: Any, name: str, module: Any) -> None:
    """Hang a module under its dotted name."""
    from torch import nn  # noqa: PLC0415

    *path, leaf = name.split(".")
    for part in path:
        if part not in root._modules:
            root.add_module(part, nn.Module())
        root = root._modules[part]
    root.add_module(leaf, module)


def _parameters(layer: Layer, shape: Shape) -> Any:  # noqa: PLR0911 - one case a layer
    """Make the module of a layer that has one."""
    from torch import nn  # noqa: PLC0415

    cls: Any
    match layer:
        case Conv():
            return _conv_module(layer, shape)
        case ConvTranspose():
            cls = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)[layer.rank - 1]
            padding = tuple(before for before, _ in layer.padding)
            return cls(
                shape[0], layer.channels, layer.kernel, layer.stride, padding, layer.output_padding, layer.groups,
                layer.bias, layer.dilation,
            )  # fmt: skip
        case Linear():
            return nn.Linear(shape[-1], layer.features, layer.bias)
        case BatchNorm():
            flat = len(shape) == 1
            cls = nn.BatchNorm1d if flat else (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)[len(shape) - 2]
            return cls(shape[0], affine=layer.affine)
        case Dropout():
            kinds = (nn.Dropout1d, nn.Dropout2d, nn.Dropout3d)
            return kinds[layer.rank - 1](layer.p) if layer.channels else nn.Dropout(layer.p)
        case Norm(how="group"):
            return nn.GroupNorm(layer.groups, shape[0], affine=layer.affine)
        case Norm(how="instance"):
            kinds_of = (nn.InstanceNorm1d, nn.InstanceNorm2d, nn.InstanceNorm3d)
            return kinds_of[len(shape) - 2](shape[0], affine=layer.affine)
        case Norm(how="layer"):
            return nn.LayerNorm(layer.shape, elementwise_affine=layer.affine)
        case Activation(how="prelu"):
            return nn.PReLU()
        case _:
            return None


def _conv_module(layer: Conv, shape: Shape) -> Any:
    from torch import nn  # noqa: PLC0415

    cls: Any = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[layer.rank - 1]
    even = layer.padding == "same" or all(before == after for before, after in layer.padding)
    padding = layer.padding if layer.padding == "same" else tuple(before for before, _ in layer.padding)
    conv = cls(
        shape[0],
        layer.channels,
        layer.kernel,
        layer.stride,
        padding if even else 0,
        layer.dilation,
        layer.groups,
        layer.bias,
        padding_mode=layer.padding_mode if even else "zeros",
    )
    if not even:  # PyTorch's convolutions pad both sides alike: pad first
        conv.register_forward_pre_hook(lambda _, args: (_padded(args[0], layer.padding, layer.padding_mode),))
    return conv


def _padded(x: Any, margins: Pads, mode: str) -> Any:
    from torch.nn import functional as F  # noqa: N812, PLC0415

    return F.pad(x, [one for margin in reversed(margins) for one in margin], PAD_MODES[mode])


def _function(layer: Layer) -> Callable[..., Any]:  # noqa: PLR0911, PLR0912 - one case a layer
    """Give what a layer without parameters does."""
    import torch  # noqa: PLC0415
    from torch.nn import functional as F  # noqa: N812, PLC0415

    match layer:
        case Activation():
            return _activation(layer)
        case Pool():
            return _pool(layer)
        case AdaptivePool():
            maker = getattr(F, f"adaptive_{layer.how}_pool{layer.rank}d")
            return lambda x: maker(x, layer.size if layer.rank > 1 else layer.size[0])
        case Norm():
            return lambda x: F.local_response_norm(x, layer.groups)
        case Flatten():
            return lambda x: torch.flatten(x, layer.start, layer.end)
        case View():
            return lambda x: x.reshape(x.shape[0], *layer.shape)
        case Add():
            return lambda *xs: sum(xs[1:], xs[0])
        case Multiply():
            return lambda *xs: math.prod(xs[1:], start=xs[0])
        case Concat():
            return lambda *xs: torch.cat(xs, layer.axis)
        case Upsample():
            corners = layer.align_corners if layer.mode not in {"nearest", "area"} else None
            return lambda x: F.interpolate(
                x,
                size=layer.size,
                scale_factor=layer.scale and [float(one) for one in layer.scale],
                mode=layer.mode,
                align_corners=corners,
            )
        case PixelShuffle():
            return lambda x: (F.pixel_unshuffle if layer.down else F.pixel_shuffle)(x, layer.factor)
        case Crop():
            return lambda *xs: _padded(xs[0], _negative(crop_margins(layer, [tuple(x.shape[1:]) for x in xs])), "zeros")
        case Pad():
            return lambda x: _padded(x, layer.margins, layer.mode)
        case Mean(how="max"):
            return lambda x: torch.amax(x, layer.axes, layer.keep)
        case Mean():
            return lambda x: x.mean(layer.axes, layer.keep)
        case _:
            raise TypeError(f"There is no function for {layer!r}.")


def _negative(margins: Pads) -> Pads:
    return tuple((-before, -after) for before, after in margins)


def _activation(layer: Activation) -> Callable[..., Any]:
    from torch import nn  # noqa: PLC0415

    if layer.how in {"softmax", "log_softmax"}:
        return cast("Callable[..., Any]", getattr(nn, ACTIVATIONS[layer.how])(dim=1))
    if layer.how == "leaky_relu":
        return nn.LeakyReLU(0.01 if layer.slope is None else layer.slope)
    return cast("Callable[..., Any]", getattr(nn, ACTIVATIONS[layer.how])())


def _pool(layer: Pool) -> Callable[..., Any]:
    """Pool with padding that may differ from side to side."""
    from torch.nn import functional as F  # noqa: N812, PLC0415

    padding = tuple(before for before, _ in layer.padding)
    even = all(before == after for before, after in layer.padding)
    if layer.how == "max":
        maker = getattr(F, f"max_pool{layer.rank}d")
        return lambda x: maker(
            x if even else F.pad(x, [one for m in reversed(layer.padding) for one in m], value=-math.inf),
            layer.kernel, layer.stride, padding if even else 0, layer.dilation, ceil_mode=layer.ceil_mode,
        )  # fmt: skip
    if layer.how == "avg":
        maker = getattr(F, f"avg_pool{layer.rank}d")
        return lambda x: maker(
            x if even else _padded(x, layer.padding, "zeros"),
            layer.kernel, layer.stride, padding if even else 0, layer.ceil_mode, layer.count_include_pad,
        )  # fmt: skip
    maker = getattr(F, f"lp_pool{layer.rank}d")
    return lambda x: maker(x, 2.0, layer.kernel, layer.stride, layer.ceil_mode)
