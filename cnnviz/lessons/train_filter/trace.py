"""The experiment "filter": one filter, the maximum over all places, one weight and one bias, to find a diagonal.

nn.Sequential(nn.Conv2d(1, 1, 11), nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(1, 1))
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cnnviz.engine.training.experiments import Arrays, Knobs, Settings, Tick, seeded
from cnnviz.lessons.train_filter.spec import DECAY, TrainFilterSpec
from cnnviz.lessons.train_filter.trace_pictures import training_data

BATCH = 32
LOOKED_EVERY = 5
"""Steps between two looks at the held-out pictures."""
SHOWN = 16
"""Held-out pictures whose maps are drawn."""


def experiment(settings: Settings, knobs: Knobs) -> Iterator[Tick]:
    """Train; every step takes a batch of pictures."""
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415

    spec = TrainFilterSpec.from_settings(settings)
    *data, rng = training_data(spec.count, spec.noise, spec.other, spec.seed)
    x, y, held_x, held_y = (torch.from_numpy(one) for one in data)
    x, held_x = x[:, None], held_x[:, None]
    with seeded(spec.seed):
        conv, last = nn.Conv2d(1, 1, spec.size), nn.Linear(1, 1)
    net = nn.Sequential(conv, nn.AdaptiveMaxPool2d(1), nn.Flatten(), last)
    loss_of = nn.BCEWithLogitsLoss()
    optimiser = _optimiser(spec, net.parameters(), knobs.rate)

    others: list[Any] = [one.data for one in (conv.bias, last.weight[0], last.bias) if one is not None]

    def look() -> Arrays:
        with torch.inference_mode():
            maps = conv(held_x[:SHOWN])[:, 0]
            scores = net(held_x)[:, 0]
        return {
            "filter": conv.weight.detach()[0, 0].numpy(),
            "others": torch.cat(others).numpy(),
            "maps": maps.numpy(), "scores": scores.numpy(),
        }  # fmt: skip

    def held_out() -> dict[str, float]:
        with torch.inference_mode():
            scores = net(held_x)[:, 0]
            right = ((scores > 0) == (held_y > 0)).float().mean()
            return {"held-out loss": float(loss_of(scores, held_y)), "held-out accuracy": float(right)}

    yield Tick(held_out(), look)
    step = 0
    while True:
        step += 1
        chosen = torch.from_numpy(rng.choice(spec.count, min(BATCH, spec.count), replace=False))
        for group in optimiser.param_groups:
            group["lr"] = knobs.rate
        scores = net(x[chosen])[:, 0]
        loss = loss_of(scores, y[chosen])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        right = ((scores > 0) == (y[chosen] > 0)).float().mean()
        numbers = {"loss": loss.item(), "accuracy": right.item()}
        yield Tick(numbers | (held_out() if step % LOOKED_EVERY == 0 else {}), look)


def _optimiser(spec: TrainFilterSpec, parameters: Any, rate: float) -> Any:
    from torch import optim  # noqa: PLC0415

    decay = DECAY if spec.decay else 0.0
    if spec.optimiser == "adam":
        return optim.Adam(parameters, rate, weight_decay=decay)
    return optim.SGD(parameters, rate, momentum=0.9 if spec.optimiser == "momentum" else 0.0, weight_decay=decay)
