"""Weights that others trained, put into a network of the zoo: whether they fit, what does not, and where they would.

    with open_weights(path) as file:
        eyes = loaded_eyes("resnet18", file, source="my.pth", digest="...")

>>> misfit("lecture_cnn", {"conv.weight": (1, 1, 3, 3), "conv.bias": (1,), "fc.weight": (1, 900)}).missing
('fc.bias',)
>>> find_network({"conv.weight": (1, 1, 3, 3), "conv.bias": (1,), "fc.weight": (1, 900), "fc.bias": (1,)})
'lecture_cnn'
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cnnviz.engine.networks.graph import Network, Shape
from cnnviz.engine.networks.layers.kinds import Conv, Linear
from cnnviz.engine.networks.modules import build_module
from cnnviz.engine.networks.seeing.imagenet import imagenet_classes
from cnnviz.engine.networks.seeing.maps import Eyes, numbered, random_eyes
from cnnviz.engine.networks.weights.file import WeightsFile, check_kind
from cnnviz.engine.networks.weights.published import PUBLISHED_FILES, SHORTER
from cnnviz.engine.networks.weights.words import short_name
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.engine.networks.zoo.trained import TRAINED
from cnnviz.errors import WeightsError

COUNTER = ".num_batches_tracked"
"""Batch norm counts batches while it learns; older files have no such counts, and nothing here reads them."""
MOST_CLASSES = 100_000
MOST_BYTES = 700 * 2**20
"""That a network's weights may take in memory: the largest here takes 550 MB."""
LARGEST_VALUE = 1e8
"""In any map: trained networks stay far below, and pictures of maps end at two thousand million."""
TRIAL_SIDE = 96
LARGEST_TRIAL = 2**18
HELPERS = {"googlenet": ("aux1.", "aux2.")}
"""Heads that help only in training: in the published file, not in the network."""
Shapes = Mapping[str, Shape]


@dataclass(frozen=True, slots=True)
class Misfit:
    """How the tensors of a file differ from those of a network."""

    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    classes: int = 0
    """If only the last layer's size differs, how many classes the file's has."""

    @property
    def fits(self) -> bool:
        """Whether the weights can be put into the network."""
        return not (self.missing or self.extra or self.wrong)


@lru_cache(maxsize=len(ARCHITECTURES))
def needed_shapes(name: str) -> Shapes:
    """Give what a network of the zoo needs, by torchvision's names."""
    state = build_module(ARCHITECTURES[name], device="meta", seed=None).state_dict()
    return {key: tuple(tensor.shape) for key, tensor in state.items() if not key.endswith(COUNTER)}


def misfit(name: str, shapes: Shapes) -> Misfit:
    """Compare the shapes of a file with what a network needs."""
    needed = needed_shapes(name)
    found = {key for key in shapes if not key.endswith(COUNTER) and not key.startswith(HELPERS.get(name, ()))}
    wrong = tuple(key for key in needed if key in found and shapes[key] != needed[key])
    result = Misfit(tuple(key for key in needed if key not in found), tuple(sorted(found - needed.keys())), wrong)
    head = head_of(ARCHITECTURES[name])
    keys = {key for key in needed if key.rpartition(".")[0] == head}
    sizes = {shapes[key][0] for key in keys if key in found and shapes[key]}
    tails_agree = all(shapes[key][1:] == needed[key][1:] for key in wrong)
    if wrong and set(wrong) == keys and tails_agree and len(sizes) == 1 and 0 < min(sizes) <= MOST_CLASSES:
        return dataclasses.replace(result, wrong=(), classes=sizes.pop())
    return result


def head_of(network: Network) -> str:
    """Name the last layer that has a number for each class."""
    return next((node.home for node in reversed(network.nodes) if isinstance(node.layer, Linear | Conv)), "")


def find_network(shapes: Shapes, names: Iterable[str] = tuple(ARCHITECTURES)) -> str:
    """Find the network that weights are of, by names and shapes; one with another last layer if there is no better."""
    second = ""
    for name in names:
        difference = misfit(name, shapes)
        if difference.fits and not difference.classes:
            return name
        if difference.fits:
            second = second or name
    return second


def loaded_eyes(name: str, state: Mapping[str, Any], source: str = "file", digest: str = "") -> Eyes:
    """Put the tensors of a state dict into a network of the zoo; a `WeightsError` says why that cannot be."""
    import torch  # noqa: PLC0415

    shapes = getattr(state, "shapes", None) or {key: tuple(tensor.shape) for key, tensor in state.items()}
    difference = misfit(name, shapes)
    if not difference.fits:
        raise _refusal(name, difference, shapes)
    network = ARCHITECTURES[name]
    if difference.classes:
        network = _with_classes(network, difference.classes)
        _check_bytes(network, difference.classes, [shapes[key] for key in needed_shapes(name)])
    module = build_module(network, device="meta", seed=None).to_empty(device="cpu").eval().requires_grad_(False)
    torch.set_num_threads(1)
    with torch.inference_mode():
        for key, place in module.state_dict().items():
            if key.endswith(COUNTER):
                place.zero_()
            else:
                _fill(key, place, state)
    published = PUBLISHED_FILES.get(name)
    if published:
        for layer in module.modules():
            if isinstance(layer, torch.nn.BatchNorm2d):
                layer.eps = published.epsilon
    _try(trial_size(network), module)
    eyes = Eyes(network, module, _classes(name, network, module, difference), source, digest or f"{name} {source}")
    return _as_published(dataclasses.replace(eyes, other_classes=difference.classes), name)


def _check_bytes(network: Network, classes: int, shapes: list[Shape]) -> None:
    """Refuse a last layer that would make the network too large, before it is made."""
    needed = 4 * sum(math.prod(shape) for shape in shapes)
    if needed > MOST_BYTES:
        raise WeightsError(
            f"With {classes:,} classes {network.title} would take {needed / 2**20:,.0f} MB of memory, and "
            f"{MOST_BYTES / 2**20:,.0f} MB is what a network gets here."
        )


def trial_size(network: Network) -> Shape:
    """Give a size to try a network with: small where it takes any.

    >>> trial_size(ARCHITECTURES["vgg16"]), trial_size(ARCHITECTURES["lenet5"])
    ((3, 96, 96), (1, 32, 32))
    """
    return (3, TRIAL_SIDE, TRIAL_SIDE) if network.name in PUBLISHED_FILES else network.input


def _try(size: Shape, module: Any) -> None:
    """Look at noise once: finite weights may still make values that nobody can draw, or infinite ones."""
    import torch  # noqa: PLC0415

    if math.prod(size) > LARGEST_TRIAL:
        return

    def watch(name: str, result: Any) -> Any:
        low, high = torch.aminmax(result)
        largest = max(abs(float(low)), abs(float(high)))
        if not largest <= LARGEST_VALUE:  # NaN is not, either
            said = f"{largest:.0e}" if math.isfinite(largest) else "NaN or infinity"
            raise WeightsError(
                f"With these weights, noise makes {said} in {short_name(name)}; no trained network goes beyond "
                f"{LARGEST_VALUE:,.0f}. The file fits by names and shapes, but its numbers are no trained weights."
            )
        return result

    with torch.inference_mode():
        module(torch.randn(1, *size, generator=torch.Generator().manual_seed(0)), edit=watch)


def untrained_eyes(name: str, seed: int = 0) -> Eyes:
    """Give a network with random weights that is shown pictures as the trained one is."""
    return _as_published(random_eyes(name, seed), name)


def _as_published(eyes: Eyes, name: str) -> Eyes:
    published = PUBLISHED_FILES.get(name)
    if published is None:
        return eyes
    return dataclasses.replace(eyes, mean=published.mean, std=published.std, shorter=SHORTER)


def _fill(key: str, place: Any, state: Mapping[str, Any]) -> None:
    """Copy one tensor to its place as float32, if its values are numbers that a network can compute with."""
    import torch  # noqa: PLC0415

    if isinstance(state, WeightsFile):
        state.read_into(key, place)
    else:
        check_kind(key, str(state[key].dtype).removeprefix("torch."))
        place.copy_(state[key])
    low, high = torch.aminmax(place)  # in one pass; a NaN anywhere makes both of them NaN
    if not (math.isfinite(low) and math.isfinite(high)):
        bad = place.numel() - int(torch.isfinite(place).sum())
        raise WeightsError(
            f"{bad:,} of the {place.numel():,} values of {short_name(key)} are NaN or infinite, so every score would "
            "be: the training went wrong, or the file is damaged."
        )
    if key.endswith(".running_var") and low < 0:
        raise WeightsError(f"{short_name(key)} has negative variances: the file is damaged.")


def _with_classes(network: Network, count: int) -> Network:
    head = head_of(network)
    layer = network[head].layer
    if isinstance(layer, Linear):
        return network.changed({head: dataclasses.replace(layer, features=count)})
    assert isinstance(layer, Conv)
    return network.changed({head: dataclasses.replace(layer, channels=count)})


def _classes(name: str, network: Network, module: Any, difference: Misfit) -> tuple[str, ...]:
    if difference.classes:
        return tuple(f"class {number}" for number in range(difference.classes))
    if name in PUBLISHED_FILES:
        return imagenet_classes()
    return TRAINED[name].classes if name in TRAINED else numbered(network, module)


def _refusal(name: str, difference: Misfit, shapes: Shapes) -> WeightsError:
    """Say in one sentence what does not fit, and in a second one which network would."""
    title, needed = ARCHITECTURES[name].title, needed_shapes(name)
    parts = []
    if len(difference.missing) == len(needed):
        first = _few(tuple(shapes))
        parts.append(f"none of its {len(needed)} tensors is in the file, whose first ones are {first}")
        difference = Misfit()
    elif difference.missing:
        are = "is" if len(difference.missing) == 1 else "are"
        parts.append(
            f"{len(difference.missing)} of its {len(needed)} tensors {are} missing ({_few(difference.missing)})"
        )
    if difference.wrong:
        key = difference.wrong[0]
        parts.append(
            f"{len(difference.wrong)} {'has' if len(difference.wrong) == 1 else 'have'} another shape "
            f"({short_name(key)} is {_sides(shapes[key])}, and it needs {_sides(needed[key])})"
        )
    if difference.extra:
        have = "has" if len(difference.extra) == 1 else "have"
        parts.append(f"{len(difference.extra)} in the file {have} no place in it ({_few(difference.extra)})")
    other = find_network(shapes)
    fits = f" It does fit {ARCHITECTURES[other].title}." if other else " It fits no other network here either."
    return WeightsError(f"The file does not fit {title}: {', '.join(parts)}.{fits}", fits=other)


def _few(names: tuple[str, ...]) -> str:
    return ", ".join(short_name(name) for name in names[:3]) + (", …" if len(names) > 3 else "")


def _sides(shape: Shape) -> str:
    return "×".join(map(str, shape)) or "a single number"
