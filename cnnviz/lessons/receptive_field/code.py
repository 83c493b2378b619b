"""PyTorch code that measures receptive fields: exactly, by a network that only counts; and by random weights.

>>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
>>> trace = trace_network(ARCHITECTURES["lenet5"])
>>> print(exact_code(trace, "s2", (3, 3)).split("model.double")[0])
import torch
from torch import nn
<BLANKLINE>
model = nn.Sequential(
    nn.Conv2d(1, 6, 5),
    nn.AvgPool2d(2),
)
<BLANKLINE>
"""

from __future__ import annotations

from cnnviz.engine.networks.code.sized import write_code
from cnnviz.engine.networks.cut import cut
from cnnviz.engine.networks.trace import NetworkTrace, trace_network
from cnnviz.engine.networks.zoo.trained import TRAINED
from cnnviz.lessons.receptive_field.trace import Unit
from cnnviz.lessons.receptive_field.trace_effective import counting_twin


def exact_code(trace: NetworkTrace, layer: str, unit: Unit) -> str:
    """Write how to find the exact field: positive weights, nothing cut off, and where the gradient is not zero."""
    network = counting_twin(trace_network(cut(trace.network, layer), trace.input))
    sizes = ", ".join(str(one) for one in trace.input)
    return "\n".join([
        *_model(trace_network(network, trace.input)),
        "model.double().eval()  # only counts: all weights positive, averages for maxima, no ReLU",
        "with torch.no_grad():",
        "    for p in model.parameters():",
        "        p.fill_(1 / p[0].numel() if p.dim() > 1 else 0)",
        "",
        f"x = torch.ones(1, {sizes}, dtype=torch.double, requires_grad=True)",
        "y = model(x)",
        f"y[0, {_index(unit)}].sum().backward()",
        "field = x.grad[0].sum(0) > 0",
        "rows, columns = field.nonzero(as_tuple=True)",
        "if len(rows):",
        '    print("rows", rows.min().item(), "to", rows.max().item())',
        '    print("columns", columns.min().item(), "to", columns.max().item())',
        'print(field.sum().item(), "pixels")',
    ])  # fmt: skip


def effective_code(trace: NetworkTrace, layer: str, unit: Unit, seeds: int, on: str = "noise") -> str:
    """Write how to measure the effective field, on noise or on a picture that was saved as picture.png."""
    sizes = ", ".join(str(one) for one in trace.input)
    network = trace_network(cut(trace.network, layer), trace.input)
    weights = [
        "    for p in model.parameters():",
        "        if p.dim() > 1:  # He's deviation",
        "            nn.init.normal_(p, 0, (2 / p[0].numel()) ** 0.5)",
    ]
    learned = []
    if on == "trained":
        layers = ", ".join(f'"{row.name}"' for row in network.rows if row.params)
        learned = [
            "# The trained weights: a file of the app, in assets/networks.",
            f'learned = safetensors.torch.load_file("{TRAINED[trace.network.name].file}")',
            f"layers = [{layers}]",
            'names = [f"{layer}.{kind}" for layer in layers for kind in ("weight", "bias")]',
            "model.load_state_dict(dict(zip(model.state_dict(), (learned[name] for name in names))))",
        ]
    plain = [
        'for name, p in model.named_parameters():',
        '    if p.dim() == 1 and name.endswith("bias"):',
        "        nn.init.zeros_(p)",
    ]  # fmt: skip
    return "\n".join([
        *_imports(on), *_model(network), "model.eval()", *(learned or plain), *_picture(trace, on),
        f"energy = torch.zeros({', '.join(str(one) for one in trace.input[1:])})",
        f"for seed in range({seeds}):",
        "    torch.manual_seed(seed)",
        *([] if learned else weights),
        f"    x = torch.randn(1, {sizes}, requires_grad=True)" if on == "noise"
        else "    x = picture.clone().requires_grad_(True)",
        f"    unit = model(x)[0, {_index(unit)}]",
        "    (unit * torch.randn_like(unit)).sum().backward()  # a random mix of its channels",
        "    square = x.grad[0].pow(2).sum(0)",
        "    if square.max() > 0:  # a ReLU may stop all of it",
        "        energy += square" + ("" if learned else " / square.max()"),
        "weight = (energy / energy.max()).sqrt()",
        'print((weight > 0.5).sum().item(), "pixels with more than half of the largest weight")',
    ])  # fmt: skip


def _imports(on: str) -> list[str]:
    if on == "noise":
        return []
    return [*(["import safetensors.torch"] if on == "trained" else []), "import numpy as np", "from PIL import Image"]


def _picture(trace: NetworkTrace, on: str) -> list[str]:
    """Read the picture as the page gives it to the network."""
    if on == "noise":
        return []
    lines = [
        'image = Image.open("picture.png").convert("RGB")  # saved by the button above the first picture',
        "picture = torch.tensor(np.array(image) / 255, dtype=torch.float32).permute(2, 0, 1)[None]",
    ]
    if trace.input[0] != 3:
        channels = ", ".join(str(channel % 3) for channel in range(trace.input[0]))
        lines.append(f"picture = picture[:, [{channels}]]")
    if on != "trained":
        lines.append("picture = (picture - picture.mean()) / picture.std(correction=0).clamp(min=1e-3)")
    return lines


def _model(trace: NetworkTrace) -> list[str]:
    """Write the network, without the line that tries it."""
    lines = write_code(trace).rstrip().splitlines()
    return lines[:-1] if lines[-1].startswith("print(") else lines


def _index(unit: Unit) -> str:
    return str(unit[0]) if len(unit) == 1 else ", ".join([":", *(str(one) for one in unit)])
