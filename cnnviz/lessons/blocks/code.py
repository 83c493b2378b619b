"""PyTorch code that builds the stack with and without, and prints the spread and the gradient layer by layer.

>>> from cnnviz.lessons.blocks.spec import BlocksSpec
>>> blocks_code(BlocksSpec(depth=3)).splitlines()[4]
'depth, gain, seed = 3, 0.7, 0'
"""

from __future__ import annotations

from cnnviz.lessons.blocks.spec import CHANNELS, BlocksSpec

SIDE = 48


def blocks_code(spec: BlocksSpec) -> str:
    """Write the stack; the batch is the learner's picture alone, saved as `picture.png`."""
    return f"""\
import numpy as np
import torch
from PIL import Image

depth, gain, seed = {spec.depth}, {spec.gain:g}, {spec.seed}


def run(x, norm, shortcut):
    generator = torch.Generator().manual_seed(seed)
    outputs = []
    for number in range(depth):
        inputs = x.shape[1]
        weight = torch.randn(({CHANNELS}, inputs, 3, 3), generator=generator) * gain * (2 / (9 * inputs)) ** 0.5
        y = torch.nn.functional.conv2d(x, weight.requires_grad_(), padding=1)
        if norm:
            y = torch.nn.functional.batch_norm(y, None, None, training=True) * {spec.gamma:g} + {spec.beta:g}
        y = y.relu()
        x = y + x if shortcut and number > 0 else y
        x.retain_grad()
        outputs.append(x)
    direction = torch.randn(x.shape, generator=torch.Generator().manual_seed(seed))
    (x * direction / direction.norm()).sum().backward()
    return [(one.std().item(), one.grad.norm().item()) for one in outputs]


pixels = np.asarray(Image.open("picture.png").convert("RGB"), np.float32) / 255
batch = torch.tensor(pixels.transpose(2, 0, 1))[None]
without = run(batch, norm=False, shortcut=False)
built = run(batch, norm={spec.built_in in {"norm", "both"}}, shortcut={spec.built_in in {"shortcut", "both"}})
for number, (plain, other) in enumerate(zip(without, built), 1):
    print(f"layer {{number:2}}  without: spread {{plain[0]:.3g}}, gradient {{plain[1]:.3g}}", end="  ")
    print(f"with: spread {{other[0]:.3g}}, gradient {{other[1]:.3g}}")
"""


def skip_code(levels: int, unit: tuple[int, int]) -> str:
    """Write the bottleneck, with and without what skips across."""
    return f"""\
import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F


def u_net(x, levels, skip):
    down = [x]
    for _ in range(levels):
        down.append(F.avg_pool2d(down[-1], 2))
    up = down.pop()
    while down:
        up = F.interpolate(up, scale_factor=2)
        across = down.pop()
        if skip:
            up = (up + across) / 2
    return up


pixels = np.asarray(Image.open("picture.png").convert("L"), np.float32) / 255
for skip in (False, True):
    x = torch.tensor(pixels)[None, None].requires_grad_()
    y = u_net(x, {levels}, skip)
    y[0, 0, {unit[0]}, {unit[1]}].backward()
    print("with" if skip else "without", "its own pixel counts", x.grad[0, 0, {unit[0]}, {unit[1]}].item())
"""
