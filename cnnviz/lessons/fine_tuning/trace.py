"""The experiment "fine_tuning": our colour network learns a new task in several ways, side by side, from equal batches.

Head only: the features are frozen. Last layers too: those before are frozen. All of it; and the same from random
weights. After every test with new pictures, the old head is asked for the ten old classes: what is forgotten?
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.networks.seeing.maps import own_eyes
from cnnviz.engine.pictures.drawn import KINDS, Pixels, draw_many
from cnnviz.engine.training.experiments import Arrays, Knobs, Settings, Tick, seeded
from cnnviz.lessons.fine_tuning.spec import FineTuningSpec
from cnnviz.lessons.fine_tuning.trace_ways import FEATURES, NETWORK, Way, build_features, start_at_random

BATCH = 8
HELD_OUT = 40
"""Held-out pictures, shared out among the classes; as many of the ten old classes."""
SHOWN = 8
TESTED_EVERY = 10
"""Steps between two tests of one way; they take turns, so that no step takes long."""
_HELD_SEED, _OLD_SEED = 10_000, 20_000


@dataclass(frozen=True, eq=False)
class Task:
    """Pictures 0..255 and their labels: to learn from, held out, and held out of the ten old classes."""

    learn: Pixels
    labels: NDArray[np.int64]
    held: Pixels
    held_labels: NDArray[np.int64]
    old: Pixels
    old_labels: NDArray[np.int64]


def draw_task(spec: FineTuningSpec) -> Task:
    """Draw the pictures of a task; seeds that no learner can ask for keep the held-out ones apart."""
    each = HELD_OUT // len(spec.kinds)
    return Task(
        *draw_many(spec.kinds, spec.count, spec.seed),
        *draw_many(spec.kinds, each, _HELD_SEED + spec.seed),
        *draw_many(KINDS, HELD_OUT // len(KINDS), _OLD_SEED + spec.seed),
    )


def experiment(settings: Settings, knobs: Knobs) -> Iterator[Tick]:
    """Train all ways at once; a step of each takes the same batch."""
    import torch  # noqa: PLC0415

    spec = FineTuningSpec.from_settings(settings)
    task = draw_task(spec)
    sheets = {"learn": as_tensor(task.learn), "held": as_tensor(task.held), "old": as_tensor(task.old)}
    ways, old_head = build_ways(spec, knobs.rate)

    def share(way: Way, sheet: str) -> float:
        labels, head = (task.held_labels, None) if sheet == "held" else (task.old_labels, old_head)
        answers = way.answers(way.halfway(sheet, sheets[sheet], np.arange(len(labels))), head)
        return float((answers == labels).mean())

    def tested(due: int | None) -> dict[str, float]:
        """Test the ways whose turn it is; None: all."""
        found = {}
        for number, way in enumerate(ways):
            turn = TESTED_EVERY * number // len(ways)
            if due is None or due == turn:
                found[f"{way.name} new"] = share(way, "held")
            if way.name != "scratch" and (due is None or due == (turn + 1) % TESTED_EVERY):
                found[f"{way.name} old"] = share(way, "old")
        return found

    def look() -> Arrays:
        some = np.arange(min(SHOWN, len(task.held)))
        return {
            "moved": np.stack([way.moved() for way in ways]),
            "answers": np.stack([way.answers(way.halfway("held", sheets["held"], some)) for way in ways]),
            "seconds": np.array([way.seconds / max(way.steps, 1) for way in ways]),
        }  # fmt: skip

    yield Tick(_before(ways, share), look)
    rng, labels, step = np.random.default_rng(spec.seed), torch.from_numpy(task.labels), 0
    while True:
        step += 1
        chosen = rng.choice(len(labels), min(BATCH, len(labels)), replace=False)
        numbers = {
            f"{way.name} loss": way.learn(way.halfway("learn", sheets["learn"], chosen), labels[chosen], knobs.rate)
            for way in ways
        }
        yield Tick(numbers | tested(None if step == spec.steps else step % TESTED_EVERY), look)


def _before(ways: list[Way], share: Any) -> dict[str, float]:
    """Test before the first step, when all ways but the random one are still the same network."""
    found: dict[str, float] = {}
    told: dict[str, float] = {}
    for way in ways:
        if way.name == "scratch":
            found["scratch new"] = share(way, "held")
        else:
            told = told or {sheet: share(way, sheet) for sheet in ("held", "old")}
            found |= {f"{way.name} new": told["held"], f"{way.name} old": told["old"]}
    return found


def build_ways(spec: FineTuningSpec, rate: float) -> tuple[list[Way], Any]:
    """Make a copy of the network for every way, each with the same new head; and the old head."""
    from torch import nn  # noqa: PLC0415

    shared = own_eyes(NETWORK).module
    with seeded(spec.seed):
        head = nn.Linear(FEATURES, len(spec.kinds))
        random = build_features()
        start_at_random(random)
    trained = copy.deepcopy(random)
    trained.load_state_dict({name: one for name, one in shared.state_dict().items() if name.startswith("conv")})
    ways = [
        Way.make(
            way, spec.start, copy.deepcopy(random if way == "scratch" else trained), copy.deepcopy(head), rate
        )
        for way in spec.ways
    ]  # fmt: skip
    return ways, shared.fc


def as_tensor(pixels: Pixels) -> Any:
    """Turn pictures 0..255 into what the network is given: (N, C, H, W), 0 to 1."""
    import torch  # noqa: PLC0415

    return torch.from_numpy(np.ascontiguousarray(pixels.transpose(0, 3, 1, 2)) / np.float32(255))
