"""The same training in PyTorch: the same seed gives the same numbers, to the last bit.

>>> code = train_filter_code(TrainFilterSpec(size=5, steps=20))
>>> "nn.Conv2d(1, 1, 5)" in code, "range(1, 21)" in code
(True, True)
"""

from __future__ import annotations

from cnnviz.lessons.train_filter.spec import DECAY, TrainFilterSpec
from cnnviz.lessons.train_filter.trace import BATCH
from cnnviz.lessons.train_filter.trace_pictures import BACK, DIRECTIONS, FRONT, HELD_OUT, SIDE, STROKE, WITHOUT

OPTIM = {"sgd": "SGD({p})", "momentum": "SGD({p}, momentum=0.9)", "adam": "Adam({p})"}


def train_filter_code(spec: TrainFilterSpec) -> str:
    """Write the whole program: pictures, network, training, and what came out."""
    batch = min(BATCH, spec.count)
    options = f"net.parameters(), lr={spec.rate:g}" + (f", weight_decay={DECAY}" if spec.decay else "")
    optimiser = OPTIM[spec.optimiser].format(p=options)
    return f"""import numpy as np
import torch
from torch import nn

{_pictures(spec)}

rng = np.random.default_rng({spec.seed})
x, y = draw({spec.count}, rng)
held_x, held_y = draw({HELD_OUT}, rng)

torch.manual_seed({spec.seed})
net = nn.Sequential(
    nn.Conv2d(1, 1, {spec.size}),     # the filter
    nn.AdaptiveMaxPool2d(1),  # where it fits best
    nn.Flatten(),
    nn.Linear(1, 1),          # the score
)
loss_of = nn.BCEWithLogitsLoss()  # cross entropy; takes no exp of which it then takes the log
optimiser = torch.optim.{optimiser}

for step in range(1, {spec.steps + 1}):
    chosen = rng.choice({spec.count}, {batch}, replace=False)
    loss = loss_of(net(x[chosen])[:, 0], y[chosen])
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    if step % 50 == 0:
        with torch.no_grad():
            right = ((net(held_x)[:, 0] > 0) == (held_y > 0)).float().mean()
        print(f"step {{step}}: loss {{loss.item():.4f}}, held-out pictures right: {{right.item():.1%}}")

print(net[0].weight.detach()[0, 0].numpy().round(2))
"""


def _pictures(spec: TrainFilterSpec) -> str:
    ways = ", ".join(str(DIRECTIONS[kind]) for kind in WITHOUT[spec.other])
    without = f"[{ways}]"
    return f'''
def draw(count, rng):
    """Every other picture has the diagonal stroke."""
    x = np.full((count, {SIDE}, {SIDE}), {BACK})
    for number, picture in enumerate(x):
        kinds = {without} if number % 2 else [(1, -1)]
        if kinds:
            down, right = kinds[rng.integers(len(kinds))]
            along = np.arange({STROKE})
            top = rng.integers({SIDE - STROKE + 1} if down else {SIDE})
            left = rng.integers({SIDE - STROKE + 1} if right else {SIDE})
            picture[top + down * along, left + (right * along if right >= 0 else along[::-1])] = {FRONT}
    x += rng.normal(0, 1, x.shape) * {spec.noise:g}
    y = np.arange(count) % 2 == 0
    return torch.tensor(x.clip(0, 1), dtype=torch.float32)[:, None], torch.tensor(y, dtype=torch.float32)
'''.rstrip()
