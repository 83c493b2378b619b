"""Training before the learner's eyes: what an experiment is, and what it tells while it learns.

An experiment is a module with one generator; it goes by the module's name:

    def experiment(settings: Settings, knobs: Knobs) -> Iterator[Tick]:
        x, y = data(settings)                                     # numpy, made from settings["seed"]
        with seeded(settings["seed"]):                            # what the learner's own code does by manual_seed
            model = nn.Sequential(...)
        yield Tick({"loss": ..., "accuracy": ...}, lambda: {"filter": model[0].weight.detach().numpy()})
        while True:                                               # bounded by whoever asks for the ticks
            ...one step with the learning rate knobs.rate...
            yield Tick({"loss": loss}, look)

The first tick is step 0, before anything was learned: the page shows it at once, computed by the server itself
(`opening`), so it must be cheap. Every further tick is one step. `numbers` of a tick are kept for all steps and become
curves; a number that is dear (held-out accuracy) may come with every tenth tick only. `look` is called before the
next step, but only for the few ticks that are sent, at most eight a second: it gives small arrays (`MOST_BYTES`
together). A generator that ends by itself is done early. Wrong settings: raise `SpecError`. Import torch inside.

`settings` are flat: whole numbers, fractions, texts, switches. Three of them belong to the machinery and may change
while it runs: "rate" (the learning rate, in `knobs.rate`), "steps" (stop after so many) and "pace" (steps a second, so
that eyes can follow; 0 or none: as fast as it goes). Whatever else changes begins a new training. The same settings
give the same numbers: use `np.random.default_rng(seed)`, and `seeded` around torch's own.

A page calls `show_training(key, experiment, settings, draw)`: it draws the buttons, and calls `draw(progress)` with
a `Progress`, again and again while something runs. Training itself happens in worker processes (`pool`,
`worker`): not in the server, whose learners would feel it.

>>> Progress(1, {"loss": Curve(np.array([0, 1]), np.array([0.7, 0.5]))}, {}).numbers
{'loss': 0.5}
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from cnnviz.errors import SpecError
from cnnviz.quoting import one_line

Setting = int | float | str | bool
Settings = Mapping[str, Setting]
Arrays = Mapping[str, NDArray[Any]]
LIVE = ("rate", "steps", "pace")
"""The settings that may change while it runs."""

MOST_STEPS = 5000
MOST_SECONDS = 60.0
"""How long one training may compute; waiting for its pace does not count."""
MOST_BYTES = 2**20
MOST_SETTINGS, LONGEST_TEXT, MOST_NUMBER = 40, 400, 10**15
MOST_RATE = 1000.0
LEAST_PACE = 0.2

State = Literal["new", "waiting", "starting", "playing", "paused", "done", "failed", "stopped"]
"""new: nothing was asked for yet. waiting: others train. starting: a worker gets ready. stopped: time, or its learner
was away. failed: an error, or the worker died. done: all steps."""
ACTIVE: tuple[State, ...] = ("waiting", "starting", "playing")


@dataclass
class Knobs:
    """What the learner may turn while it learns; the experiment looks at every step."""

    rate: float


@dataclass(frozen=True)
class Tick:
    """One step: its numbers, and a way to look at the model as it is now."""

    numbers: Mapping[str, float]
    look: Callable[[], Arrays]


class Experiment(Protocol):
    """A generator of ticks."""

    def __call__(self, settings: Settings, knobs: Knobs) -> Iterator[Tick]:
        """Train; the first tick comes before the first step."""


@dataclass(frozen=True)
class Curve:
    """A number over the steps at which it was told."""

    steps: NDArray[np.int64]
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Progress:
    """What is known of one training at one moment. Nothing in it changes any more."""

    step: int
    curves: Mapping[str, Curve]
    arrays: Arrays
    state: State = "new"
    place: int = 0
    """The place in the queue, from 1; 0: not waiting."""
    training: int = 0
    """How many are training right now, of all learners."""
    message: str = ""
    """A sentence, if it failed or was stopped."""
    seconds: float = 0.0
    """How long it has computed."""
    rates: tuple[tuple[int, float], ...] = field(default=())
    """The learning rates, each with the step from which it counted."""

    @property
    def numbers(self) -> dict[str, float]:
        """The latest of every number."""
        return {name: float(curve.values[-1]) for name, curve in self.curves.items() if len(curve.values)}


def find(name: str) -> Experiment:
    """Give the generator of an experiment by the name of its module, which is one of the app's own.

    >>> find("os.system")
    Traceback (most recent call last):
    cnnviz.errors.SpecError: There is no experiment “os.system”.
    """
    if not name.startswith("cnnviz."):
        raise SpecError("experiment", f"There is no experiment “{one_line(name)}”.")
    found: Experiment = importlib.import_module(name).experiment
    return found


def opening(name: str, settings: Settings) -> Progress:
    """Make the model and look at it before its first step."""
    settings = checked(settings)
    ticks = find(name)(settings, Knobs(float(settings["rate"])))
    tick = next(iter(ticks))
    at = np.zeros(1, np.int64)
    curves = {one: Curve(at, np.array([value], np.float64)) for one, value in tick.numbers.items()}
    return Progress(0, curves, dict(tick.look()))


def checked(settings: Settings) -> dict[str, Setting]:
    """Let only flat settings of a sensible size through, with a rate and a number of steps within bounds.

    >>> checked({"rate": 0.5, "steps": 10})["steps"]
    10
    >>> checked({"rate": 0.5, "steps": 10**9})
    Traceback (most recent call last):
    cnnviz.errors.SpecError: A training takes 1 to 5000 steps, not 1000000000.
    """
    if len(settings) > MOST_SETTINGS:
        raise SpecError("settings", f"A training has at most {MOST_SETTINGS} settings, not {len(settings)}.")
    for name, value in settings.items():
        if not isinstance(name, str) or not isinstance(value, int | float | str | bool):
            raise SpecError("settings", f"A setting is a number, a text or a switch; {one_line(name)} is none of them.")
        if len(value) > LONGEST_TEXT if isinstance(value, str) else not abs(value) <= MOST_NUMBER:
            raise SpecError(name, f"The setting {one_line(name)} is too long, too large or no number at all.")
    steps, rate, pace = settings.get("steps", 0), settings.get("rate", 0.0), settings.get("pace", 0)
    if not isinstance(steps, int) or not 1 <= steps <= MOST_STEPS:
        raise SpecError("steps", f"A training takes 1 to {MOST_STEPS} steps, not {steps}.")
    if isinstance(rate, str) or not 0 <= rate <= MOST_RATE:
        raise SpecError("rate", f"A learning rate lies between 0 and {MOST_RATE:g}; {rate} does not.")
    if isinstance(pace, str) or not (pace == 0 or pace >= LEAST_PACE):
        raise SpecError("pace", f"The pace is 0 or at least {LEAST_PACE:g} steps a second; {pace} is neither.")
    return dict(settings)


_seeding = threading.Lock()


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Draw torch's own random numbers from a seed, as `torch.manual_seed` would, and put its old state back."""
    import torch  # noqa: PLC0415 - two seconds, only for those who train

    with _seeding, torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield
