"""The same two trainings in PyTorch: run in cnnviz's own folder, which has the digits, it gives the same numbers.

>>> code = cnn_or_mlp_code(CnnOrMlpSpec(hidden=16))
>>> "nn.Linear(784, 16)" in code, "nn.AdaptiveMaxPool2d(1)" in code
(True, True)
"""

from __future__ import annotations

from cnnviz.lessons.cnn_or_mlp.spec import CnnOrMlpSpec
from cnnviz.lessons.cnn_or_mlp.trace import BATCH
from cnnviz.lessons.cnn_or_mlp.trace_digits import DIGITS, HELD_EACH
from cnnviz.lessons.cnn_or_mlp.trace_sizes import cnn_lines, find_sizes


def cnn_or_mlp_code(spec: CnnOrMlpSpec) -> str:
    """Write the whole program: digits, networks, training, and what came out."""
    first, second, *dense = (line.layer for line in cnn_lines(find_sizes(spec.hidden, spec.end)))
    between = ["nn.AdaptiveMaxPool2d(1)"] if spec.end == "max" else ["nn.MaxPool2d(2)"]
    ends = "nn.ReLU(), nn.".join(f"{one}, " for one in dense).removesuffix(", ")
    held = DIGITS * HELD_EACH
    return f'''import numpy as np
import torch
from PIL import Image
from torch import nn


def moved(x, most, rng):
    """Move every picture by its own whole pixels, at most so many."""
    result = np.zeros_like(x)
    for to, one, (down, right) in zip(result, x, rng.integers(-most, most + 1, (len(x), 2))):
        wide = np.pad(one, most)
        to[:] = wide[most - down : most - down + 28, most - right : most - right + 28]
    return result


rng = np.random.default_rng({spec.seed})
sheet = np.asarray(Image.open("assets/networks/digits.png").convert("L"), np.float32) / 255
sheet = sheet.reshape(10, 28, 100, 28).swapaxes(1, 2)  # digit, hand, row, column
x = np.stack([hands[rng.permutation(100)] for hands in sheet]).swapaxes(0, 1).reshape(-1, 28, 28)
learn, held = x[: {spec.count} * 10], moved(x[-{held}:], {spec.moved}, rng)
held_x, labels = torch.tensor(held)[:, None], torch.arange(1000) % 10

torch.manual_seed({spec.seed})
mlp = nn.Sequential(nn.Flatten(), nn.Linear(784, {spec.hidden}), nn.ReLU(), nn.Linear({spec.hidden}, 10))
cnn = nn.Sequential(
    nn.{first}, nn.ReLU(), nn.MaxPool2d(2),
    nn.{second}, nn.ReLU(), {between[0]},
    nn.Flatten(), nn.{ends},
)
nets = {{"MLP": mlp, "CNN": cnn}}
for name, net in nets.items():
    print(name, sum(weights.numel() for weights in net.parameters()), "parameters")
optimisers = {{name: torch.optim.Adam(net.parameters(), lr={spec.rate:g}) for name, net in nets.items()}}

for step in range(1, {spec.steps + 1}):
    chosen = rng.choice(len(learn), {min(BATCH, 10 * spec.count)}, replace=False)
    batch = torch.tensor(moved(learn[chosen], {spec.shift}, rng))[:, None]
    for name, net in nets.items():
        loss = nn.functional.cross_entropy(net(batch), labels[chosen])
        optimisers[name].zero_grad()
        loss.backward()
        optimisers[name].step()
        if step % 50 == 0:
            with torch.no_grad():
                right = (net(held_x).argmax(1) == labels[: len(held)]).float().mean()
            print(f"step {{step}}: {{name}} loss {{loss.item():.4f}}, moved digits right: {{right.item():.1%}}")
'''
