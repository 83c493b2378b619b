"""What a learner asks of the Pixels page: how the numbers are scaled, which channels are shown, in which order.

>>> PixelsSpec(scale="unit", at=(12, 40)).to_query()
{'scale': 'unit', 'at': '12.40'}
>>> PixelsSpec.from_query({"scale": "percent"})[1]
['The link asks for the scale “percent”, but the choices are byte, unit, sign, standard, imagenet. It is byte now.']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from cnnviz.engine.grids import Pair
from cnnviz.state.look import LOOK, Look
from cnnviz.state.places import parse_pixel, show_pixel
from cnnviz.state.query import Field, parse_choice, parse_flag, parse_int, read, show_flag, write

SCALES = {
    "byte": "0 to 255",
    "unit": "0 to 1",
    "sign": "−1 to 1",
    "standard": "Standardised",
    "imagenet": "ImageNet’s mean and std",
}
"""How the numbers are written: the URL's word and its label."""

CHANNELS = {"together": "Together", "apart": "Apart", "both": "Both"}
OVER = {"channel": "Each channel", "all": "All together"}
ORDERS = {"hwc": "H, W, C", "chw": "C, H, W", "nchw": "N, C, H, W"}

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)

CORNER: Pair = (2, 3)
"""Rows and columns of the corner whose place in memory is shown."""

LARGEST_BATCH = 256


@dataclass(frozen=True, slots=True)
class PixelsSpec:
    """The whole state of the page but the picture."""

    scale: str = "byte"
    over: str = "channel"
    channels: str = "together"
    tint: bool = False
    order: str = "hwc"
    batch: int = 8
    at: Pair | None = None
    look: Look | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[PixelsSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good."""
        found, notes = read(FIELDS, query)
        return cls(**{ATTRIBUTES[name]: value for name, value in found.items()}), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        return write(FIELDS, {name: getattr(self, attribute) for name, attribute in ATTRIBUTES.items()})


FIELDS = (
    Field("scale", "the scale", parse_choice(SCALES), str, "byte"),
    Field("over", "what mean and std are taken over", parse_choice(OVER), str, "channel"),
    Field("ch", "the channels", parse_choice(CHANNELS), str, "together"),
    Field("tint", "channels in their colour", parse_flag, show_flag, False),
    Field("order", "the order", parse_choice(ORDERS), str, "hwc"),
    Field("n", "the batch", parse_int(1, LARGEST_BATCH), str, 8),
    Field("at", "the pixel", parse_pixel, show_pixel, None),
    LOOK,
)
ATTRIBUTES = {
    "scale": "scale",
    "over": "over",
    "ch": "channels",
    "tint": "tint",
    "order": "order",
    "n": "batch",
    "at": "at",
    "z": "look",
}

assert set(ATTRIBUTES.values()) == {field.name for field in fields(PixelsSpec)}
