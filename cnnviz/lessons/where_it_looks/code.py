"""PyTorch code that asks a network where it looks: the gradient, Grad-CAM, and covered patches.

>>> from types import SimpleNamespace
>>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
>>> eyes = SimpleNamespace(network=ARCHITECTURES["digits_lenet"], source="ours", input=(1, 28, 28), mean=())
>>> print(looking_code(eyes, "relu2", 7, 6, 2).splitlines()[-1])
print("covering", rows[place // 14], columns[place % 14], "costs", drops.max().item())
"""

from __future__ import annotations

from cnnviz.engine.networks.code.sized import write_code
from cnnviz.engine.networks.code.words import keeps_state
from cnnviz.engine.networks.seeing.maps import Eyes
from cnnviz.engine.networks.trace import trace_network
from cnnviz.engine.networks.zoo.trained import TRAINED


def looking_code(eyes: Eyes, layer: str, number: int, patch: int, step: int) -> str:
    """Write all three ways for one picture, one class and one layer."""
    own = eyes.network.name in TRAINED
    rows, columns = (-(-side // step) for side in eyes.input[1:])
    return "\n".join([
        *(_own_model(eyes) if own else _published_model(eyes)),
        *_picture(eyes),
        f"number = {number}  # the class",
        "",
        "# The gradient",
        "x.requires_grad_()",
        "score = model(x)[0, number]",
        "slope, = torch.autograd.grad(score, x)",
        "saliency = slope[0].abs().amax(0)",
        "",
        *(_cam(eyes, layer) if own else []),
        "# Covered patches",
        "drops = []",
        f"rows, columns = range(0, {eyes.input[1]}, {step}), range(0, {eyes.input[2]}, {step})",
        "with torch.no_grad():",
        "    for row in rows:",
        "        for column in columns:",
        "            covered = x.detach().clone()",
        f"            top, left = row + {step // 2} - {patch // 2}, column + {step // 2} - {patch // 2}",
        f"            window = slice(max(top, 0), top + {patch}), slice(max(left, 0), left + {patch})",
        "            covered[0, :, *window] = x.detach()[0].mean((1, 2))[:, None, None]",
        "            drops.append(score.detach() - model(covered)[0, number])",
        f"drops = torch.stack(drops).view({rows}, {columns})",
        "place = drops.argmax().item()",
        f'print("covering", rows[place // {columns}], columns[place % {columns}], "costs", drops.max().item())',
    ])  # fmt: skip


def _own_model(eyes: Eyes) -> list[str]:
    """Write a network of ours, and load its weights by the places of its layers."""
    code = write_code(trace_network(eyes.network)).rstrip().splitlines()[:-1]
    homes = {place: node.home for place, node in enumerate(eyes.network) if keeps_state(node.layer)}
    return [
        "import numpy as np",
        code[0],
        "from PIL import Image",
        "from safetensors.torch import load_file",
        *code[1:],
        f'weights = load_file("{TRAINED[eyes.network.name].file}")  # from assets/networks',
        f"places = {homes}",
        "model.load_state_dict({",
        '    f"{place}.{kind}": weights[f"{name}.{kind}"]',
        "    for place, name in places.items()",
        '    for kind in ("weight", "bias")',
        "})",
        "model.eval()",
    ]


def _published_model(eyes: Eyes) -> list[str]:
    return [
        "import numpy as np",
        "import torch",
        "import torchvision",
        "from PIL import Image",
        "",
        f'model = torchvision.models.{eyes.network.name}(weights="IMAGENET1K_V1").eval()',
    ]


def _picture(eyes: Eyes) -> list[str]:
    channels, height, width = eyes.input
    mode = "L" if channels == 1 else "RGB"
    planes = "pixels[None]" if channels == 1 else "pixels.transpose(2, 0, 1)"
    lines = [
        "",
        f'pixels = np.asarray(Image.open("picture.png").convert("{mode}"), np.float32) / 255  # {height} x {width}',
        f"x = torch.tensor({planes})[None]",
    ]
    if eyes.mean:
        lines.append(f"x = (x - torch.tensor({eyes.mean}).view(-1, 1, 1)) / torch.tensor({eyes.std}).view(-1, 1, 1)")
    return lines


def _cam(eyes: Eyes, layer: str) -> list[str]:
    place = [node.name for node in eyes.network].index(layer) + 1
    return [
        f"# Grad-CAM at {layer}",
        f"maps = model[:{place}](x).detach().requires_grad_()",
        f"slope, = torch.autograd.grad(model[{place}:](maps)[0, number], maps)",
        "cam = (slope.mean((2, 3), keepdim=True) * maps).sum(1).relu()[0].detach()",
        "",
    ]
