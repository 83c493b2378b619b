"""What a learner asks of the Filter chains page: two kernels in sequence, a gradient pair, or a scale space.

>>> FilterChainsSpec(view="gradient", threshold=2.5).to_query()
{'view': 'gradient', 't': '2.5'}
>>> FilterChainsSpec.from_query({"k1": "sobel-x", "mode": "mirror"})[1]
['The link asks for the border “mirror”, but the choices are zeros, reflect, replicate, circular, valid. It is zeros \
now.']
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from cnnviz.engine.grids import Pair
from cnnviz.engine.pictures.kernels import LARGEST_KERNEL, SIGMAS
from cnnviz.errors import SpecError
from cnnviz.state.kernels import KernelSource, parse_kernel, show_kernel, sized_kernel
from cnnviz.state.look import LOOK, Look
from cnnviz.state.numbers import parse_number
from cnnviz.state.places import parse_pixel, show_pixel
from cnnviz.state.query import Field, parse_choice, parse_flag, parse_int, read, show_flag, write

VIEWS = {"sequence": "In sequence", "gradient": "Gradient", "scale": "Scale space"}
"""The three parts of the page: the URL's word and its label."""

SHOWS = ("one", "two", "all")
"""Which panels: the first four, the other four, or all six. What they are differs from part to part."""

BORDERS = {
    "zeros": "Zeros",
    "reflect": "Reflect",
    "replicate": "Replicate",
    "circular": "Circular",
    "valid": "No padding",
}
OPERATORS = {"sobel": "Sobel", "prewitt": "Prewitt", "scharr": "Scharr", "central": "Central difference"}
WHATS = {
    "alias": "Halving, with and without blur",
    "pyramid": "Gaussian pyramid",
    "laplace": "Laplacian pyramid",
    "dog": "Difference of Gaussians",
}
"""What the scale space shows."""

BOX = KernelSource("box")
SIGMA = (0.5, 4.0)
BLUR = (0.0, 4.0)
THRESHOLD = (0.0, 50.0)
RATIO = (1.1, 2.0)
LEVELS = (1, 5)
MOST_DETAILS = 4
"""A Laplacian pyramid of more levels than this has no room beside its rest and its reconstruction."""


@dataclass(frozen=True, slots=True)
class FilterChainsSpec:
    """The whole state of the page but the picture."""

    view: str = "sequence"
    show: str = "one"
    first: KernelSource = BOX
    second: KernelSource = BOX
    mode: str = "zeros"
    relu: bool = False
    operator: str = "sobel"
    threshold: float = 8.0
    blur: float = 0.0
    what: str = "alias"
    sigma: float = 1.0
    levels: int = 2
    drop: int = 0
    ratio: float = 1.6
    at: Pair | None = None
    look: Look | None = None

    @property
    def details(self) -> int:
        """How many detail pictures the Laplacian pyramid has."""
        return min(self.levels, MOST_DETAILS)

    @property
    def dropped(self) -> int:
        """How many of them, the finest first, are left out."""
        return min(self.drop, self.details)

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[FilterChainsSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good.

        The sliders of a kernel that comes in sizes send ``n1`` and ``s1``; a link holds them with its name.
        """
        found, notes = read(FIELDS, query)
        sliders, remarks = read(SLIDERS, query)
        for one in "12":
            found[f"k{one}"] = resized(found[f"k{one}"], sliders[f"n{one}"], sliders[f"s{one}"])
        return cls(**{ATTRIBUTES[name]: value for name, value in found.items()}), notes + remarks

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        return write(FIELDS, {name: getattr(self, attribute) for name, attribute in ATTRIBUTES.items()})


def resized(kernel: KernelSource, size: int, sigma: float) -> KernelSource:
    """Put a kernel into the nearest size that it comes in; 0: as it is.

    >>> show_kernel(resized(KernelSource("gaussian"), 8, 2.0)), resized(KernelSource("sobel-x"), 8, 0.0).size
    ('gaussian-7-2', 0)
    """
    entry = kernel.entry
    if entry is None or not entry.sizes or not (size or sigma):
        return kernel
    wanted = min(entry.sizes, key=lambda one: abs(one - (size or kernel.own_size)))
    return sized_kernel(kernel.name, wanted, (sigma or kernel.own_sigma) if entry.sigma else 0.0)


def parse_decimal(low: float, high: float) -> Callable[[str], float]:
    """Make a reader of a number between two bounds, kept to two decimals.

    >>> parse_decimal(0, 4)("1.999"), parse_decimal(0, 4)("1/2")
    (2.0, 0.5)
    """

    def parse(text: str) -> float:
        value = round(float(parse_number(text)), 2)
        if value > high:
            raise SpecError("", f"the largest is {high:g}")
        if value < low:
            raise SpecError("", f"the smallest is {low:g}")
        return value

    return parse


def show_decimal(value: float) -> str:
    """Write such a number as a slider does.

    >>> show_decimal(2.0), show_decimal(0.25)
    ('2', '0.25')
    """
    return f"{value:g}"


FIELDS = (
    Field("view", "the part", parse_choice(VIEWS), str, "sequence"),
    Field("show", "the panels", parse_choice(SHOWS), str, "one"),
    Field("k1", "the first kernel", parse_kernel, show_kernel, BOX),
    Field("k2", "the second kernel", parse_kernel, show_kernel, BOX),
    Field("mode", "the border", parse_choice(BORDERS), str, "zeros"),
    Field("relu", "the ReLU in between", parse_flag, show_flag, False),
    Field("op", "the operator", parse_choice(OPERATORS), str, "sobel"),
    Field("t", "the threshold", parse_decimal(*THRESHOLD), show_decimal, 8.0),
    Field("blur", "the blur before", parse_decimal(*BLUR), show_decimal, 0.0),
    Field("what", "the scale space", parse_choice(WHATS), str, "alias"),
    Field("sigma", "sigma", parse_decimal(*SIGMA), show_decimal, 1.0),
    Field("n", "the levels", parse_int(*LEVELS), str, 2),
    Field("drop", "the details left out", parse_int(0, MOST_DETAILS), str, 0),
    Field("ratio", "the ratio of the sigmas", parse_decimal(*RATIO), show_decimal, 1.6),
    Field("at", "the pixel", parse_pixel, show_pixel, None),
    LOOK,
)
SLIDERS = tuple(
    field
    for one, word in (("1", "first"), ("2", "second"))
    for field in (
        Field(f"n{one}", f"the {word} kernel's size", parse_int(2, LARGEST_KERNEL), str, 0),
        Field(f"s{one}", f"the {word} kernel's sigma", parse_decimal(*SIGMAS), show_decimal, 0.0),
    )
)
ATTRIBUTES = {
    "view": "view",
    "show": "show",
    "k1": "first",
    "k2": "second",
    "mode": "mode",
    "relu": "relu",
    "op": "operator",
    "t": "threshold",
    "blur": "blur",
    "what": "what",
    "sigma": "sigma",
    "n": "levels",
    "drop": "drop",
    "ratio": "ratio",
    "at": "at",
    "z": "look",
}

assert set(ATTRIBUTES.values()) == {field.name for field in fields(FilterChainsSpec)}
