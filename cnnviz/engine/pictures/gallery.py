"""The pictures of the gallery: what each is called, what it shows, and what it is good for.

>>> SAMPLES["zone"].title, DEFAULT_SAMPLE in SAMPLES
('Zone plate', True)
>>> parse_sample("coffee")
'coffee'

Where they are from, and that all of them are in the public domain: assets/samples/SOURCES.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.errors import SpecError


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture that comes with the app: `alt` says what there is to see, `use` what it is good for."""

    title: str
    file: str
    alt: str
    use: str


SAMPLES = {
    "astronaut": Sample(
        "Astronaut",
        "astronaut.webp",
        "An astronaut in an orange suit smiles before a flag and a model of a space shuttle",
        "Skin, cloth and hard edges in strong colours.",
    ),
    "camera": Sample(
        "Photographer",
        "camera.webp",
        "A man in a dark coat looks through a camera on a tripod, in a meadow; a grey photograph",
        "Strong edges at every angle, a smooth sky and fine grass. Grey.",
    ),
    "cat": Sample(
        "Cat",
        "cat.webp",
        "The face of a ginger cat with green eyes, looking to the right",
        "Fine whiskers and fur beside soft shadows.",
    ),
    "coffee": Sample(
        "Coffee",
        "coffee.webp",
        "A cup of coffee on its saucer, with a spoon, on a wooden table",
        "Round edges, wood grain and few colours.",
    ),
    "rocket": Sample(
        "Rocket",
        "rocket.webp",
        "A rocket stands between four lattice towers at dusk, lit from below",
        "Very dark beside very bright; straight upright lines.",
    ),
    "brick": Sample(
        "Brick wall",
        "brick.webp",
        "A wall of bricks that stand upright; a grey photograph",
        "One pattern again and again: for templates, and for strides that miss it. Grey.",
    ),
    "retina": Sample(
        "Eye, 1 Mpx",
        "retina.webp",
        "The back of a human eye: an orange disc with fine red vessels that branch out of a bright spot",
        "A large picture, 1024 × 1024, with thin branching lines.",
    ),
    "edges": Sample(
        "Edges and lines",
        "edges.png",
        "Grey areas with a bright stripe, a ramp, a slanted edge and a star of one-pixel lines",
        "One edge of every kind: a step up, a step down, a ramp, a slanted edge, thin lines.",
    ),
    "zone": Sample(
        "Zone plate",
        "zone.png",
        "Rings round the middle that grow finer towards the border",
        "Every direction and every fineness: rings that are not there appear where a stride aliases.",
    ),
    "stripes": Sample(
        "Stripes",
        "stripes.png",
        "Six bands of upright stripes, from 1 to 8 pixels wide; in the lower half the stripes lie",
        "Stripes of 1 to 8 pixels: which of them survive a stride or a blur?",
    ),
    "checkerboard": Sample(
        "Checkerboards",
        "checkerboard.png",
        "Four checkerboards with squares of 32, 8, 2 and 1 pixels",
        "Squares of 32, 8, 2 and 1 pixels: the finest turns plain grey, or plain black.",
    ),
    "shapes": Sample(
        "Coloured shapes",
        "shapes.png",
        "Sixteen discs, squares, triangles and rings in plain colours on light paper",
        "Plain colours: which channel sees which shape?",
    ),
    "digits": Sample(
        "Digits",
        "digits.png",
        "Eight rows of the digits 0 to 9 in white strokes on black, each row in another hand",
        "Ten digits a row, 28 × 28 pixels each, in eight hands: for templates and small shifts.",
    ),
}
"""By the name in the URL, in the order of the gallery."""

DEFAULT_SAMPLE = "astronaut"
DIGIT_SIDE = 28
"""The digit d of hand h fills rows 28 h to 28 h + 27 and columns 28 d to 28 d + 27 of the sample "digits"."""


def parse_sample(text: str) -> str:
    """Read the name of a sample.

    >>> parse_sample("dog")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    cnnviz.errors.SpecError: there is no sample picture of that name; there are astronaut, camera, ...
    """
    name = text.strip().lower()
    if name not in SAMPLES:
        raise SpecError("img", f"there is no sample picture of that name; there are {', '.join(SAMPLES)}")
    return name
