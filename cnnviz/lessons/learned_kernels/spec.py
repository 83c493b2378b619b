"""What a learner asks of the Learned kernels page: which kernel, beside what; and how a unit is to be excited.

>>> spec, notes = KernelsSpec.from_query({"layer": "conv2", "o": "5", "i": "2", "by": "free"})
>>> spec.layer, spec.kernel, spec.channel, spec.free, notes
('conv2', 5, 2, True, [])
>>> KernelsSpec.from_query({"view": "excite", "jit": "99"})[1]
['The link asks for the jitter “99”, but the largest is 8. It is 2 now.']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cnnviz.errors import SpecError
from cnnviz.state.look import LOOK, Look
from cnnviz.state.numbers import parse_number, store_number
from cnnviz.state.places import parse_layer
from cnnviz.state.query import Field, parse_choice, parse_int, read, write

VIEWS = {"kernels": "Kernels", "excite": "What excites a unit"}
BESIDE = {"match": "Hand-made kernel", "before": "Before training", "picture": "On the picture"}
SCALES = {"layer": "One for the layer", "kernel": "Each its own"}
COMPARED = {"raw": "As they are", "free": "Mean-free"}
PLACES = {"unit": "One unit, in the middle", "map": "The whole map"}
"""What is to be excited: the URL's word and its label."""

MOST_KERNELS = 9999
MOST_STEPS, MOST_JITTER, MOST_SEED = 256, 8, 99
RATES, BLURS, FADES = (0.01, 0.5), (0.0, 0.5), (0.0, 0.2)
PATCHES = 9


@dataclass(frozen=True, slots=True)
class Climb:
    """How noise becomes a picture that excites a unit: so many steps along the gradient, each smoothed a little."""

    steps: int = 128
    rate: float = 0.05
    jitter: int = 2
    """Before each step the picture is moved by up to so many pixels."""
    blur: float = 0.2
    """After each step the picture moves so far towards its blur."""
    fade: float = 0.02
    """And so far towards the plain grey, or black, in which it began."""
    place: str = "unit"
    seed: int = 0


@dataclass(frozen=True, slots=True)
class KernelsSpec:
    """The whole state of the page but the network and the picture."""

    view: str = "kernels"
    layer: str = ""
    """The layer's name; empty: the first of the kernels, the last of the units."""
    kernel: int = 0
    channel: int = -1
    """The input channel; -1: all of a colour kernel, or else the first."""
    beside: str = "match"
    scale: str = "layer"
    compare: str = "raw"
    climb: Climb = field(default_factory=Climb)
    patch: int = 0
    """Which of the best patches is looked at."""
    look: Look | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[KernelsSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good."""
        found, notes = read(FIELDS, query)
        own = {name: found[word] for word, name in OWN.items()}
        return cls(**own, climb=Climb(**{name: found[word] for word, name in CLIMB.items()})), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        values: dict[str, Any] = {word: getattr(self, name) for word, name in OWN.items()}
        values |= {word: getattr(self.climb, name) for word, name in CLIMB.items()}
        return write(FIELDS, values)

    @property
    def free(self) -> bool:
        """Whether kernels are compared without their means."""
        return self.compare == "free"

    @property
    def exciting(self) -> bool:
        """Whether the page asks what excites a unit."""
        return self.view == "excite"


def _parse_between(low: float, high: float) -> Any:
    def parse(text: str) -> float:
        value = parse_number(text)
        if not low <= value <= high:
            raise SpecError("", f"it goes from {low:g} to {high:g}")
        return float(value)

    return parse


_CLIMB = Climb()
FIELDS = (
    Field("view", "the view", parse_choice(VIEWS), str, "kernels"),
    Field("layer", "the layer", parse_layer, str, ""),
    Field("o", "the kernel’s number", parse_int(0, MOST_KERNELS), str, 0),
    Field("i", "the input channel", parse_int(-1, MOST_KERNELS), str, -1),
    Field("beside", "what stands beside the kernel", parse_choice(BESIDE), str, "match"),
    Field("scale", "the colour scale", parse_choice(SCALES), str, "layer"),
    Field("by", "the comparison", parse_choice(COMPARED), str, "raw"),
    Field("n", "the steps", parse_int(8, MOST_STEPS), str, _CLIMB.steps),
    Field("rate", "the step’s length", _parse_between(*RATES), store_number, _CLIMB.rate),
    Field("jit", "the jitter", parse_int(0, MOST_JITTER), str, _CLIMB.jitter),
    Field("blur", "the blur", _parse_between(*BLURS), store_number, _CLIMB.blur),
    Field("fade", "the fading", _parse_between(*FADES), store_number, _CLIMB.fade),
    Field("goal", "what is excited", parse_choice(PLACES), str, _CLIMB.place),
    Field("seed", "the seed", parse_int(0, MOST_SEED), str, _CLIMB.seed),
    Field("best", "the patch’s number", parse_int(0, PATCHES - 1), str, 0),
    LOOK,
)
OWN = {
    "view": "view", "layer": "layer", "o": "kernel", "i": "channel", "beside": "beside", "scale": "scale",
    "by": "compare", "best": "patch", "z": "look",
}  # fmt: skip
CLIMB = {
    "n": "steps", "rate": "rate", "jit": "jitter", "blur": "blur", "fade": "fade", "goal": "place", "seed": "seed",
}  # fmt: skip
