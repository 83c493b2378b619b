"""The experiment "cnn_or_mlp": two networks of one size learn the same few digits, side by side, from the same batches.

The MLP: Flatten, Linear(784, 32), ReLU, Linear(32, 10). The CNN: Conv2d(1, 16, 5), ReLU, MaxPool2d(2),
Conv2d(16, 61, 5), ReLU, maximum over all places, Linear(61, 10).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from cnnviz.engine.training.experiments import Arrays, Knobs, Settings, Tick, seeded
from cnnviz.lessons.cnn_or_mlp.spec import CnnOrMlpSpec
from cnnviz.lessons.cnn_or_mlp.trace_digits import DIGITS, anyhow, draw_digits
from cnnviz.lessons.cnn_or_mlp.trace_sizes import AFTER_CONVS, CLASSES, KERNEL, PIXELS, Sizes, find_sizes

BATCH = 32
TESTED_EVERY = 5
"""Steps between two tests with all held-out digits."""
SHOWN = 16
"""Templates and kernels that are drawn."""
NAMES = ("MLP", "CNN")


def experiment(settings: Settings, knobs: Knobs) -> Iterator[Tick]:
    """Train both; every step takes one batch, and tests one distance."""
    import torch  # noqa: PLC0415
    from torch import nn, optim  # noqa: PLC0415

    spec = CnnOrMlpSpec.from_settings(settings)
    digits = draw_digits(spec.count, spec.moved, spec.seed)
    held, far = torch.from_numpy(digits.held)[:, None], torch.from_numpy(digits.far)[:, :, None]
    held_y, far_y = torch.from_numpy(digits.held_labels), torch.from_numpy(digits.far_labels)
    with seeded(spec.seed):
        nets = build_nets(spec.hidden, find_sizes(spec.hidden, spec.end))
    optimisers = [optim.Adam(net.parameters(), knobs.rate) for net in nets]
    loss_of = nn.CrossEntropyLoss()
    by_distance = np.stack([[share_right(net, one, far_y) for one in far] for net in nets])

    def look() -> Arrays:
        with torch.inference_mode():
            chances = torch.stack([net(held[:DIGITS]).softmax(1) for net in nets])
        dense, conv = nets[0][1].weight.detach(), nets[1][0].weight.detach()
        return {
            "templates": dense[:SHOWN].reshape(-1, *digits.held.shape[1:]).numpy(),
            "kernels": conv[:SHOWN, 0].numpy(),
            "by distance": by_distance, "chances": chances.numpy(),
        }  # fmt: skip

    def tested() -> dict[str, float]:
        return {f"{name} accuracy": share_right(net, held, held_y) for name, net in zip(NAMES, nets, strict=True)}

    yield Tick(tested(), look)
    step = 0
    while True:
        step += 1
        chosen = digits.rng.choice(len(digits.learn), min(BATCH, len(digits.learn)), replace=False)
        x = torch.from_numpy(anyhow(digits.learn[chosen], spec.shift, digits.rng))[:, None]
        y = torch.from_numpy(digits.labels[chosen])
        numbers = {}
        for name, net, optimiser in zip(NAMES, nets, optimisers, strict=True):
            for group in optimiser.param_groups:
                group["lr"] = knobs.rate
            loss = loss_of(net(x), y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            numbers[f"{name} loss"] = loss.item()
        last = step == spec.steps
        for distance in range(len(far)) if last else [step % len(far)]:
            by_distance[:, distance] = [share_right(net, far[distance], far_y) for net in nets]
        yield Tick(numbers | (tested() if last or step % TESTED_EVERY == 0 else {}), look)


def build_nets(hidden: int, sizes: Sizes) -> tuple[Any, Any]:
    """Make the MLP, then the convolutional network, with torch's random numbers."""
    from torch import nn  # noqa: PLC0415

    mlp = nn.Sequential(nn.Flatten(), nn.Linear(PIXELS, hidden), nn.ReLU(), nn.Linear(hidden, CLASSES))
    first, second = sizes.widths[:2]
    convs = [
        nn.Conv2d(1, first, KERNEL, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(first, second, KERNEL), nn.ReLU(),
    ]  # fmt: skip
    if sizes.end == "max":
        return mlp, nn.Sequential(*convs, nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(second, CLASSES))
    units = sizes.widths[2]
    dense = nn.Linear(second * AFTER_CONVS**2, units), nn.ReLU(), nn.Linear(units, CLASSES)
    return mlp, nn.Sequential(*convs, nn.MaxPool2d(2), nn.Flatten(), *dense)


def share_right(net: Any, x: Any, y: Any) -> float:
    """Count how often the largest score is the right one."""
    import torch  # noqa: PLC0415

    with torch.inference_mode():
        return float((net(x).argmax(1) == y).float().mean())


def said(chances: Sequence[float] | np.ndarray) -> tuple[int, float]:
    """Give the class with the largest chance, and the chance."""
    best = int(np.argmax(chances))
    return best, float(chances[best])
