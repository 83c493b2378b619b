"""What a learner asks of the Filters page: the kernel, how it moves, the border, bias and ReLU.

>>> spec, notes = FiltersSpec.from_query({"k": "box", "n": "9", "s": "2", "p": "same"})
>>> spec.kernel.title, spec.to_query()
('Box blur 9×9', {'k': 'box-9', 's': '2', 'p': 'same'})
>>> FiltersSpec.from_query({"k": "sobel"})[1][0][:73]
'The link asks for the kernel “sobel”, but a kernel is a name such as sobe'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, cast

from cnnviz.engine.grids import Pair
from cnnviz.engine.pictures.kernels import LARGEST_KERNEL, SIGMAS
from cnnviz.errors import SpecError
from cnnviz.state.grids import parse_edits, show_edits
from cnnviz.state.kernels import KernelSource, parse_kernel, show_kernel, sized_kernel
from cnnviz.state.look import LOOK, Look
from cnnviz.state.numbers import parse_number, store_number
from cnnviz.state.padding import MODES
from cnnviz.state.places import parse_pixel, show_pixel
from cnnviz.state.query import Field, parse_choice, parse_flag, parse_int, read, show_flag, write

Mode = Literal["zeros", "reflect", "replicate", "circular"]

VIEWS = {"filter": "Result", "borders": "Borders"}
COLOURS = {"grey": "Grey", "colour": "Colour"}
PADDINGS = {"valid": "Valid", "same": "Same", "full": "Full", "hand": "By hand"}
KINDS = {"auto": "Auto", "signed": "Signed", "picture": "Picture"}
"""How the result is drawn."""

BOUNDS: dict[str, Pair] = {
    "stride": (1, 8),
    "dilation": (1, 8),
    "padding": (0, 32),
    "bias": (-255, 255),
    "contrast": (1, 10),
}
DEFAULT = KernelSource("sobel-x")


@dataclass(frozen=True, slots=True)
class FiltersSpec:
    """The whole state of the page but the picture."""

    kernel: KernelSource = DEFAULT
    stride: int = 1
    dilation: int = 1
    padding: str = "valid"
    amount: int = 2
    mode: Mode = "zeros"
    colour: str = "grey"
    flip: bool = False
    bias: float = 0
    relu: bool = False
    kind: str = "auto"
    contrast: int = 1
    view: str = "filter"
    errors: bool = False
    at: Pair | None = None
    channel: int = 0
    look: Look | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[FiltersSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good.

        The sliders of a kernel that comes in sizes send ``n`` and ``sigma``; a link holds them with the name.
        """
        found, notes = read(FIELDS, query)
        kernel = replace(found["k"], edits=found.pop("ke"))
        sizes, remarks = read(SIZES, query)
        found["k"] = _resized(kernel, sizes["n"], sizes["sigma"])
        return cls(**{ATTRIBUTES[name]: value for name, value in found.items()}), notes + remarks

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        values: dict[str, Any] = {name: getattr(self, attribute) for name, attribute in ATTRIBUTES.items()}
        values["ke"], values["k"] = self.kernel.edits, replace(self.kernel, edits=())
        return write(FIELDS, values)

    @property
    def is_colour(self) -> bool:
        """Whether each channel is filtered by itself."""
        return self.colour == "colour"


def _resized(kernel: KernelSource, size: int, sigma: float) -> KernelSource:
    """Put the kernel into the size of the sliders, the nearest that it comes in; changed cells go."""
    entry = kernel.entry
    if entry is None or not entry.sizes or not (size or sigma):
        return kernel
    wanted = min(entry.sizes, key=lambda one: abs(one - (size or kernel.own_size)))
    return sized_kernel(kernel.name, wanted, (sigma or kernel.own_sigma) if entry.sigma else 0.0)


def parse_bias(text: str) -> float:
    """Read a bias.

    >>> parse_bias("-40"), parse_bias("0.5")
    (-40, 0.5)
    """
    value = parse_number(text)
    low, high = BOUNDS["bias"]
    if not low <= value <= high:
        raise SpecError("", f"a bias goes from {low} to {high}")
    return value


def _parse_sigma(text: str) -> float:
    value = parse_number(text)
    if value and not SIGMAS[0] <= value <= SIGMAS[1]:
        raise SpecError("", f"sigma goes from {SIGMAS[0]:g} to {SIGMAS[1]:g}")
    return value


def _parse_mode(text: str) -> Mode:
    return cast(Mode, parse_choice(MODES)(text))


FIELDS = (
    Field("k", "the kernel", parse_kernel, show_kernel, DEFAULT),
    Field("ke", "the kernel's changed cells", parse_edits(LARGEST_KERNEL), show_edits, ()),
    Field("s", "stride", parse_int(*BOUNDS["stride"]), str, 1),
    Field("d", "dilation", parse_int(*BOUNDS["dilation"]), str, 1),
    Field("p", "padding", parse_choice(PADDINGS), str, "valid"),
    Field("pn", "padding by hand", parse_int(*BOUNDS["padding"]), str, 2),
    Field("mode", "padding mode", _parse_mode, str, "zeros"),
    Field("c", "grey or colour", parse_choice(COLOURS), str, "grey"),
    Field("flip", "the flipped kernel", parse_flag, show_flag, False),
    Field("b", "the bias", parse_bias, store_number, 0),
    Field("relu", "ReLU", parse_flag, show_flag, False),
    Field("kind", "how the result is drawn", parse_choice(KINDS), str, "auto"),
    Field("con", "the contrast", parse_int(*BOUNDS["contrast"]), str, 1),
    Field("view", "the view", parse_choice(VIEWS), str, "filter"),
    Field("err", "the errors", parse_flag, show_flag, False),
    Field("at", "the pixel", parse_pixel, show_pixel, None),
    Field("ch", "the channel", parse_int(0, 2), str, 0),
    LOOK,
)
SIZES = (
    Field("n", "the kernel's size", parse_int(2, LARGEST_KERNEL), str, 0),
    Field("sigma", "sigma", _parse_sigma, store_number, 0.0),
)
ATTRIBUTES = {
    "k": "kernel", "s": "stride", "d": "dilation", "p": "padding", "pn": "amount", "mode": "mode", "c": "colour",
    "flip": "flip", "b": "bias", "relu": "relu", "kind": "kind", "con": "contrast", "view": "view", "err": "errors",
    "at": "at", "ch": "channel", "z": "look",
}  # fmt: skip

assert set(ATTRIBUTES.values()) == {field.name for field in fields(FiltersSpec)}
