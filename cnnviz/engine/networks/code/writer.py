"""A network as PyTorch code that makes the same one: an `nn.Sequential` if it is a chain, else a class.

>>> from cnnviz.engine.networks.layers.kinds import Activation, Conv
>>> from cnnviz.engine.networks.graph import Draft
>>> draft = Draft("two", "Two layers", (3, 8, 8))
>>> _ = draft.chain([Conv(4, 3, padding=1), Activation("relu")])
>>> print(to_torch(draft.done(), {"0": (3, 8, 8), "1": (4, 8, 8)}))
import torch
from torch import nn
<BLANKLINE>
model = nn.Sequential(
    nn.Conv2d(3, 4, 3, padding=1),
    nn.ReLU(),
)
print(model(torch.zeros(1, 3, 8, 8)).shape)

Without the sizes that arrive at the layers, the lazy layers of PyTorch find them out themselves.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from itertools import pairwise

from cnnviz.engine.networks.code.words import expression, keeps_state, module_words, padded
from cnnviz.engine.networks.graph import INPUT, Network, Node, Shape
from cnnviz.engine.networks.layers.kinds import Crop

Arriving = Mapping[str, Shape]

MOST_UNDERSCORES = 4


def to_torch(network: Network, arriving: Arriving | None = None) -> str:
    """Write a network; `arriving` has the size of the first input of each node."""
    sizes = arriving or {}
    size = ", ".join(str(one) for one in network.input)
    last = f"print(model(torch.zeros(1, {size})).shape)"
    if is_chain(network):
        lines = [f"    {module_words(node.layer, sizes.get(node.name))}," for node in network]
        return "\n".join(["import torch", "from torch import nn", "", "model = nn.Sequential(", *lines, ")", last])
    names = attribute_names(network)
    crops = any(isinstance(node.layer, Crop) and node.layer.margins is None for node in network)
    return "\n".join(
        [
            "import torch",
            "import torch.nn.functional as F",
            "from torch import nn",
            "",
            "",
            *(CENTRE_CROP if crops else ()),
            f"class {class_name(network.name)}(nn.Module):",
            "    def __init__(self):",
            "        super().__init__()",
            *_members(network, names, sizes),
            "",
            "    def forward(self, x):",
            *_forward(network, names),
            "",
            "",
            f"model = {class_name(network.name)}().eval()",
            last,
        ]
    )


def class_name(name: str) -> str:
    """Write a network's name as a class's.

    >>> class_name("unet_paper"), class_name("9 lives")
    ('UnetPaper', 'Net9Lives')
    """
    words = re.findall(r"[A-Za-z0-9]+", name) or ["Net"]
    joined = "".join(word[:1].upper() + word[1:] for word in words)
    return joined if joined[0].isalpha() else f"Net{joined}"


def is_chain(network: Network) -> bool:
    """Say whether every layer reads the one before it, runs once, and has a module of its own in PyTorch."""
    before = INPUT
    for node in network:
        alone = network.inputs_of(node.name) == (before,) and not node.module
        if not alone or module_words(node.layer, None) == "" or padded(node.layer, "x") != "x":
            return False
        before = node.name
    return bool(network.nodes) and network.last == before


def _free(plain: str, taken: dict[str, int]) -> str:
    """Give a name that is not taken; thousands of layers may ask for the same one."""
    name = plain
    while name in taken:
        taken[plain] += 1
        name = plain + "_" * taken[plain] if taken[plain] <= MOST_UNDERSCORES else f"{plain}_{taken[plain]}"
    taken[name] = 0
    return name


def attribute_names(network: Network) -> dict[str, str]:
    """Give every module a Python name: ``layer1.0.conv1`` becomes ``layer1_0_conv1``.

    >>> from cnnviz.engine.networks.layers.kinds import Conv
    >>> attribute_names(Network("n", "N", (1, 4, 4), [Node("features.0", Conv(1, 1)), Node("class", Conv(1, 1))]))
    {'features.0': 'features_0', 'class': 'class_'}
    """
    names: dict[str, str] = {}
    taken: dict[str, int] = {}
    for node in network:
        if node.home in names:
            continue
        plain = re.sub(r"\W+", "_", node.home, flags=re.ASCII).strip("_") or "layer"
        plain = f"layer_{plain}" if plain[0].isdigit() else plain
        plain = f"{plain}_" if keyword.iskeyword(plain) or hasattr(dict, plain) or plain in RESERVED else plain
        names[node.home] = _free(plain, taken)
    return names


CENTRE_CROP = (
    "def centre_crop(x, size):",
    "    top, left = [(have - wanted) // 2 for have, wanted in zip(x.shape[2:], size)]",
    "    return x[:, :, top:top + size[0], left:left + size[1]]",
    "",
    "",
)
RESERVED = {
    "x", "forward", "train", "eval", "modules", "children", "parameters", "buffers", "type", "float", "half", "to",
}  # fmt: skip


def _members(network: Network, names: Mapping[str, str], sizes: Arriving) -> list[str]:
    made, lines = set(), []
    for node in network:
        if keeps_state(node.layer) and node.home not in made:
            made.add(node.home)
            lines.append(f"        self.{names[node.home]} = {module_words(node.layer, sizes.get(node.name))}")
    return lines or ["        pass"]


def _forward(network: Network, names: Mapping[str, str]) -> list[str]:
    """Write the lines of forward: one name, x, as long as a layer's result is read by the next one alone."""
    variable = variable_names(network)
    lines = [] if variable[INPUT] == "x" else [f"        {variable[INPUT]} = x"]
    for node in network:
        inputs = [variable[name] for name in network.inputs_of(node.name)]
        right = (
            f"self.{names[node.home]}({padded(node.layer, inputs[0])})"
            if keeps_state(node.layer)
            else expression(node.layer, inputs)
        )
        lines.append(f"        {variable[node.name]} = {right}")
    return [*lines, f"        return {variable[network.last]}"]


def variable_names(network: Network) -> dict[str, str]:
    """Name what every node gives: x, as long as the next layer alone reads it; else a name of its own.

    >>> from cnnviz.engine.networks.layers.kinds import Add, Conv
    >>> nodes = [Node("a", Conv(1, 1)), Node("b", Conv(1, 1)), Node("sum", Add(), ("a", "b"))]
    >>> variable_names(Network("n", "N", (1, 4, 4), nodes))
    {'input': 'x', 'a': 'x_a', 'b': 'x', 'sum': 'x'}
    """
    order = [INPUT, *(node.name for node in network)]
    readers: dict[str, list[str]] = {name: [] for name in order}
    for node in network:
        for name in network.inputs_of(node.name):
            readers[name].append(node.name)
    follows = dict(pairwise(order))
    names: dict[str, str] = {}
    taken: dict[str, int] = {}
    for name in order:
        passed_on = name != network.last and readers[name] == [follows.get(name)]
        if passed_on or name == network.last == order[-1]:
            names[name] = "x"
            continue
        names[name] = _free(plain_name(name), taken)
    return names


def plain_name(name: str) -> str:
    """Write a dotted name as a variable's.

    >>> plain_name("layer1.0.conv1")
    'x_layer1_0_conv1'
    """
    return "x_" + re.sub(r"\W+", "_", name, flags=re.ASCII)


__all__ = ["Node", "plain_name", "to_torch", "variable_names"]
