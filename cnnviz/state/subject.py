"""Which network looks, and at what: the part of the URL that all lessons on trained networks share.

>>> SubjectChoice("shapes_vgg", "dots.4").to_query()
{'net': 'shapes_vgg', 'see': 'dots.4'}
>>> SubjectChoice.from_query({"see": "digit.7.300"})[1]
['The link asks for the picture “digit.7.300”, but there are hands 0 to 99. It is digit.7.3 now.']

`see` is a held-out digit (``digit.7.3``: the digit and whose hand), a picture drawn by rule (``star.4``: the kind and
its seed), the learner's own ``drawing`` (``ink`` holds its strokes), or a ``photo`` (which one, says ``img``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cnnviz.engine.networks.zoo.trained import TRAINED
from cnnviz.engine.pictures.drawing import Drawing
from cnnviz.errors import SpecError
from cnnviz.state.query import Field, parse_int, read, write
from cnnviz.state.strokes import DRAWING_FIELDS, LONGEST_LINK, pack_strokes

DRAWING, PHOTO, DIGIT = "drawing", "photo", "digit"
MOST_HANDS = 100
MOST_SEED = 9999
KNOWN_KINDS = TRAINED["shapes_vgg"].classes
UNKNOWN_KINDS = ("heart", "moon", "arrow")
KINDS = (*KNOWN_KINDS, *UNKNOWN_KINDS)

PUBLISHED = (
    "alexnet", "vgg11", "vgg13", "vgg16", "vgg19", "resnet18", "resnet34", "resnet50", "resnet101", "resnet152",
    "wide_resnet50_2", "densenet121", "mobilenet_v2", "squeezenet1_1", "googlenet",
)  # fmt: skip
"""Networks of the zoo whose published weights fit."""
SEEING = (*TRAINED, *PUBLISHED)
DEFAULT_SEEING = "digits_lenet"


@dataclass(frozen=True, slots=True)
class SubjectChoice:
    """A network's name and what it is shown; empty: what suits the network."""

    network: str = DEFAULT_SEEING
    see: str = ""
    drawing: Drawing = field(default_factory=Drawing)
    """What is on the pad, which stays there while something else is looked at."""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[SubjectChoice, list[str]]:
        """Read a URL: the choice, and a sentence for every value that was no good."""
        found, notes = read(SUBJECT_FIELDS[:1], query)
        drawn, remarks = read(DRAWING_FIELDS, query)
        network, drawing = found["net"], Drawing(drawn["ink"], drawn["pen"], drawn["dye"], drawn["fill"])
        if "see" not in query:
            see = DRAWING if drawing.strokes else PHOTO if "img" in query else ""
            return cls(network, see, drawing), [*notes, *remarks]
        usual = replace(SUBJECT_FIELDS[1], default=cls(network).usual)
        found, more = read([usual], query)
        see = "" if found["see"] == usual.default else found["see"]
        return cls(network, see, drawing), [*notes, *more, *remarks]

    def to_query(self) -> dict[str, str]:
        """Write the choice for a URL; the network always, since without it the one of the page before would be shown.

        A drawing that is too long for a link stays out of it.
        """
        query = {
            "net": self.network,
            **write(SUBJECT_FIELDS[1:2], {"see": "" if self.seen == self.usual else self.see}),
        }
        if self.way != DRAWING:
            return query
        drawing = self.drawing
        fits = drawn_length(drawing) <= LONGEST_LINK
        values = {
            "ink": drawing.strokes if fits else (), "pen": drawing.pen, "dye": drawing.colours, "fill": drawing.fill,
        }  # fmt: skip
        return {**query, **write(DRAWING_FIELDS, values)}

    @property
    def usual(self) -> str:
        """What the network is shown while nobody chose."""
        return {"digits_lenet": "digit.7.3", "shapes_vgg": "star.4"}.get(self.network, PHOTO)

    @property
    def seen(self) -> str:
        """What the network is shown."""
        return self.see or self.usual

    @property
    def way(self) -> str:
        """Where the picture is from: "digit", "kind", "drawing" or "photo"."""
        return way_of(self.seen)

    def shown_to(self, network: str) -> SubjectChoice:
        """Let another network look: at the drawing or the photo still, if it suits; else at what it knows.

        >>> SubjectChoice("digits_lenet", "drawing").shown_to("shapes_vgg").seen
        'drawing'
        >>> SubjectChoice("resnet18", "photo").shown_to("shapes_vgg").seen
        'star.4'
        """
        other = SubjectChoice(network, "", self.drawing)
        return replace(other, see=self.see) if self.way in {DRAWING, other.usual} else other


def way_of(see: str) -> str:
    """Tell where a picture is from."""
    word = see.partition(".")[0]
    return word if word in {DRAWING, PHOTO, DIGIT} else "kind"


def drawn_length(drawing: Drawing) -> int:
    """Count the letters that a drawing takes in a link."""
    return len(pack_strokes(drawing.strokes))


def parse_seeing(text: str) -> str:
    """Read the name of a network that classifies pictures."""
    name = text.strip().lower()
    if name not in SEEING:
        raise SpecError("", f"the networks that look here are {', '.join(SEEING)}")
    return name


def parse_see(text: str) -> str:
    """Read what is shown, and write it in its one form.

    >>> parse_see("Digit.07.3"), parse_see("star.4"), parse_see("photo")
    ('digit.7.3', 'star.4', 'photo')
    """
    word, *rest = text.strip().lower().split(".")
    if word in {"", DRAWING, PHOTO} and not rest:
        return word
    if word == DIGIT and len(rest) == 2:
        try:
            number = parse_int(0, 9)(rest[0])
        except SpecError:
            raise SpecError("", "there are digits 0 to 9") from None
        try:
            hand = parse_int(0, MOST_HANDS - 1)(rest[1])
        except SpecError:
            raise SpecError("", f"there are hands 0 to {MOST_HANDS - 1}") from None
        return f"{DIGIT}.{number}.{hand}"
    if word in KINDS and len(rest) == 1:
        try:
            return f"{word}.{parse_int(0, MOST_SEED)(rest[0])}"
        except SpecError:
            raise SpecError("", f"there are pictures 0 to {MOST_SEED} of every kind") from None
    raise SpecError("", f"it reads digit.7.3 (digit, hand), {DRAWING}, {PHOTO}, or a kind and its number like star.4")


SUBJECT_FIELDS = (
    Field("net", "the network", parse_seeing, str, DEFAULT_SEEING),
    Field("see", "the picture", parse_see, str, ""),
    *DRAWING_FIELDS,
)
