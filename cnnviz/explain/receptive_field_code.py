"""PyTorch code that measures receptive fields: exactly, by a network that only counts; and by random weights.

>>> from cnnviz.spec.zoo import ARCHITECTURES
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

from cnnviz.engine.code import write_code
from cnnviz.engine.network import NetworkTrace, trace_network
from cnnviz.engine.receptive_field import Unit, cut
from cnnviz.engine.receptive_field_effective import counting_twin


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


def effective_code(trace: NetworkTrace, layer: str, unit: Unit, seeds: int) -> str:
    """Write how to measure the effective field."""
    sizes = ", ".join(str(one) for one in trace.input)
    return "\n".join([
        *_model(trace_network(cut(trace.network, layer), trace.input)),
        "model.eval()",
        "for name, p in model.named_parameters():",
        '    if p.dim() == 1 and name.endswith("bias"):',
        "        nn.init.zeros_(p)",
        f"energy = torch.zeros({', '.join(str(one) for one in trace.input[1:])})",
        f"for seed in range({seeds}):",
        "    torch.manual_seed(seed)",
        "    for p in model.parameters():",
        "        if p.dim() > 1:  # He's deviation",
        "            nn.init.normal_(p, 0, (2 / p[0].numel()) ** 0.5)",
        f"    x = torch.randn(1, {sizes}, requires_grad=True)",
        f"    unit = model(x)[0, {_index(unit)}]",
        "    (unit * torch.randn_like(unit)).sum().backward()  # a random mix of its channels",
        "    square = x.grad[0].pow(2).sum(0)",
        "    if square.max() > 0:  # a ReLU may stop all of it",
        "        energy += square / square.max()",
        "weight = (energy / energy.max()).sqrt()",
        'print((weight > 0.5).sum().item(), "pixels with more than half of the largest weight")',
    ])  # fmt: skip


def _model(trace: NetworkTrace) -> list[str]:
    """Write the network, without the line that tries it."""
    lines = write_code(trace).rstrip().splitlines()
    return lines[:-1] if lines[-1].startswith("print(") else lines


def _index(unit: Unit) -> str:
    return str(unit[0]) if len(unit) == 1 else ", ".join([":", *(str(one) for one in unit)])
