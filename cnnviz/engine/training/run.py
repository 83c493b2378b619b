"""What the server knows of one training: it takes in what its worker tells, and gives a page its progress.

>>> run = Run(1, "filter", {"rate": 0.1, "steps": 9}, {}, {"loss": ([0], [0.7])}, [(0, 0.1)])
>>> run.hear({"step": 1, "seconds": 0.1, "state": "playing", "rates": [], "curves": {"loss": [[0, 1], [0.7, 0.6]]}}, {})
>>> run.progress(place=0, training=1).curves["loss"].values.tolist()
[0.7, 0.6]
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnviz.engine.training.experiments import Arrays, Curve, Progress, Setting, State
from cnnviz.engine.training.process import WorkerProcess


@dataclass(eq=False)
class Run:
    """One training; changed only while the pool's lock is held."""

    number: int
    name: str
    settings: dict[str, Setting]
    arrays: Arrays
    curves: dict[str, tuple[list[int], list[float]]]
    rates: list[tuple[int, float]]
    touched: float = 0.0
    """When somebody looked at it last."""
    owner: Hashable = None
    """Whose it is, if that is known: a person has one place at a time."""
    state: State = "new"
    step: int = 0
    due: int = 0
    """The step that was asked for by single steps."""
    seconds: float = 0.0
    message: str = ""
    worker: WorkerProcess | None = None
    spent: float = 0.0
    """How many seconds its worker had computed when it spoke last of it."""
    plays: bool = False
    """Whether it has one of the places."""
    pace: Setting = 0
    """The pace that its worker was told last."""

    def hear(self, head: Mapping[str, Any], arrays: Arrays) -> None:
        """Take in a message; what it tells twice counts once."""
        if head["step"] >= self.step:
            self.step, self.seconds, self.arrays = head["step"], head["seconds"], arrays or self.arrays
        self.rates = [(int(step), float(rate)) for step, rate in head["rates"]] or self.rates
        for name, (steps, values) in head["curves"].items():
            mine = self.curves.setdefault(name, ([], []))
            last = mine[0][-1] if mine[0] else -1
            fresh = [one for one, step in enumerate(steps) if step > last]
            mine[0].extend(steps[one] for one in fresh)
            mine[1].extend(values[one] for one in fresh)
        if head["state"] == "playing" and self.plays:
            self.state = "playing"
        elif head["state"] == "paused" and self.state == "starting" and not self.plays and self.step >= self.due:
            self.state = "paused"

    def progress(self, *, place: int, training: int) -> Progress:
        """Say how far it is."""
        curves = {
            name: Curve(np.array(steps, np.int64), np.array(values, np.float64))
            for name, (steps, values) in self.curves.items()
        }
        rates = tuple(self.rates)
        return Progress(self.step, curves, self.arrays, self.state, place, training, self.message, self.seconds, rates)
