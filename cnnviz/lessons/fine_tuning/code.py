"""Freezing, replacing the head and training, in PyTorch: run in cnnviz's own folder, it gives the same numbers.

>>> code = fine_tuning_code(FineTuningSpec(), "head")
>>> "features.requires_grad_(False)" in code, "nn.Linear(64, 3)" in code
(True, True)
"""

from __future__ import annotations

from cnnviz.lessons.fine_tuning.spec import FineTuningSpec
from cnnviz.lessons.fine_tuning.trace import BATCH, HELD_OUT
from cnnviz.lessons.fine_tuning.trace_ways import FEATURES, LAYERS, learning, parameters_of

TRAINED = """weights = load_file("assets/networks/shapes_vgg.safetensors")
features.load_state_dict({name: one for name, one in weights.items() if not name.startswith("fc")})"""
RANDOM = """for part in features:
    if isinstance(part, nn.Conv2d):
        nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
        nn.init.zeros_(part.bias)"""


def fine_tuning_code(spec: FineTuningSpec, way: str) -> str:
    """Write the whole program for one way."""
    classes, learned = len(spec.kinds), learning(way, spec.start, len(spec.kinds))
    total = sum(parameters_of(layer, classes) for layer in LAYERS)
    load = "from safetensors.torch import load_file\n" if way != "scratch" else ""
    return f"""import numpy as np
import torch
{load}from torch import nn

from cnnviz.engine.pictures.drawn import draw_many

kinds = {spec.kinds!r}


def pictures(each, seed):
    x, y = draw_many(kinds, each, seed)
    return torch.tensor(x.transpose(0, 3, 1, 2) / np.float32(255)), torch.tensor(y)


x, y = pictures({spec.count}, {spec.seed})
held_x, held_y = pictures({HELD_OUT // classes}, {10_000 + spec.seed})

torch.manual_seed({spec.seed})
head = nn.Linear({FEATURES}, {classes})  # the new head: {FEATURES} features in, {classes} classes out
features, before = nn.Sequential(), 3
for block, width in enumerate((16, 32, 48, 64), 1):
    for number in (1, 2):
        features.add_module(f"conv{{block}}_{{number}}", nn.Conv2d(before, width, 3, padding=1))
        features.add_module(f"relu{{block}}_{{number}}", nn.ReLU())
        before = width
    if block < 4:
        features.add_module(f"pool{{block}}", nn.MaxPool2d(2))
features.add_module("gap", nn.AdaptiveAvgPool2d(1))
features.add_module("flatten", nn.Flatten())
{RANDOM if way == "scratch" else TRAINED}
{_freeze(spec, way)}
net = nn.Sequential(features, head)

moving = [weights for weights in net.parameters() if weights.requires_grad]
print(sum(weights.numel() for weights in moving), "of", sum(weights.numel() for weights in net.parameters()), "learn")
# {learned:,} of {total:,}

optimiser = torch.optim.Adam(moving, lr={spec.rate:g})
rng = np.random.default_rng({spec.seed})
for step in range(1, {spec.steps + 1}):
    chosen = rng.choice(len(x), {min(BATCH, classes * spec.count)}, replace=False)
    loss = nn.functional.cross_entropy(net(x[chosen]), y[chosen])
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    if step % 10 == 0:
        with torch.no_grad():
            right = (net(held_x).argmax(1) == held_y).float().mean()
        print(f"step {{step}}: loss {{loss.item():.4f}}, held-out pictures right: {{right.item():.1%}}")
"""


def _freeze(spec: FineTuningSpec, way: str) -> str:
    if way == "head":
        return "features.requires_grad_(False)  # frozen: only the head learns"
    if way == "block":
        return (
            "features.requires_grad_(False)  # frozen ...\n"
            f'for part in features[list(dict(features.named_children())).index("{spec.start}"):]:\n'
            f"    part.requires_grad_(True)  # ... but from {spec.start} on"
        )
    return "# nothing is frozen: everything learns"
