"""Who looks, and at what: the bar that all lessons on trained networks share.

    row, controls = picture_row(), st.container()
    subject = choose_subject(KEY, row=row)          # inside the page's fragment, before anything that depends on it
    query, answer = viewed_query(KEY)
    query = own_query(query, subject)               # without what belonged to another network
    spec, notes = FeatureMapsSpec.from_query(query)
    keep(KEY, subject.query | spec.to_query(), answer)
    with subject.rest:                              # beside the drawing pad, while it is open
        show_pictures(...)

The choice follows the learner from page to page; the URL names it (``net``, ``w``, ``see``, ``ink`` and its companions
for a drawing, ``img`` for a photo).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from cnnviz.engine.networks.seeing.maps import Eyes, Maps
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.engine.pictures.digits import digit
from cnnviz.engine.pictures.drawing import Drawing
from cnnviz.engine.pictures.drawn import draw
from cnnviz.engine.pictures.gallery import SAMPLES
from cnnviz.engine.pictures.strokes import as_digit, as_picture
from cnnviz.state.strokes import LONGEST_LINK
from cnnviz.state.subject import (
    DEFAULT_SEEING,
    DIGIT,
    DRAWING,
    KINDS,
    KNOWN_KINDS,
    MOST_HANDS,
    MOST_SEED,
    PHOTO,
    SEEING,
    SUBJECT_FIELDS,
    UNKNOWN_KINDS,
    SubjectChoice,
    drawn_length,
)
from cnnviz.ui.holdings import note_holding
from cnnviz.ui.notes import show_notes
from cnnviz.ui.pad import drawn, show_pad
from cnnviz.ui.picture import (
    IMG,
    choose_picture,
    is_own_picture,
    leave_picture,
    picture_alt,
    picture_query,
    picture_title,
)
from cnnviz.ui.weights.door import offer_weights, weights_query
from cnnviz.ui.widgets import bound

CHOICE = "_subject"
INK = "ink"
NAMES = tuple(field.name for field in SUBJECT_FIELDS)
BESIDE = (21, 79)
"""The widths of the pad and of what stands beside it."""
WAYS = {DRAWING: "Draw", DIGIT: "Digits", "kind": "Shapes", PHOTO: "Photo"}


@dataclass(frozen=True, eq=False)
class Subject:
    """A network with its weights, and the picture that it looks at."""

    eyes: Eyes
    choice: SubjectChoice
    pixels: NDArray[np.uint8]
    """The picture as it came."""
    x: Maps
    """What the network is given, (C, H, W)."""
    title: str
    alt: str
    label: str
    """The right class, where it is known."""
    rest: DeltaGenerator
    """Where the page goes on: below the bar, beside the drawing pad if it is open."""

    @property
    def query(self) -> dict[str, str]:
        """Give what the URL says of the network, its weights and the picture."""
        return {**self.choice.to_query(), **weights_query(self.choice.network), **picture_query()}

    @property
    def own(self) -> bool:
        """Whether the picture is the learner's own: nothing of it may be kept where other sessions could find it."""
        return self.choice.way == DRAWING or (self.choice.way == PHOTO and is_own_picture())

    @property
    def shown(self) -> NDArray[np.uint8]:
        """The picture as the network is shown it: cut and resized, 0..255."""
        return self.eyes.crop(self.pixels)

    @property
    def digest(self) -> str:
        """Name the network, its weights and the picture, for what is computed from them."""
        return hashlib.blake2b(self.eyes.digest.encode() + self.x.tobytes(), digest_size=12).hexdigest()


def own_query(query: Mapping[str, str], subject: Subject) -> dict[str, str]:
    """Leave out what a page kept about another network: layers and channels that this one does not have."""
    if query.get("net", subject.choice.network) == subject.choice.network:
        return dict(query)
    return {name: text for name, text in query.items() if name in {*NAMES, IMG}}


def choose_subject(key: str, *, network: str = DEFAULT_SEEING, row: DeltaGenerator | None = None) -> Subject:
    """Draw the bar, and give who looks at what; `network` is the page's own while nothing was chosen."""
    choice = _follow_the_link(network)
    if (drawing := drawn(key)) and choice.way == DRAWING:
        choice = replace(choice, drawing=drawing)
        note_holding("drawing", drawn_length(drawing) > LONGEST_LINK)
        _choose(choice)
    if choice.way != PHOTO:
        leave_picture()
    row = row or st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with row:
        _choose_network(key, choice)
    eyes = offer_weights(choice.network, switch=lambda name: _choose(choice.shown_to(name)), row=row)
    with row:
        _choose_way(key, choice)
    pixels, title, alt, label = _PICTURES[choice.way](_Bar(key, choice, eyes, row))
    left, rest = st.columns(BESIDE) if choice.way == DRAWING else (None, st.container())
    if left:
        with left:
            _open_pad(key, choice.drawing, pixels, alt)
    known = label if label in eyes.classes else ""
    return Subject(eyes, choice, pixels, eyes.prepare(pixels), title, alt, known, rest)


def _follow_the_link(network: str) -> SubjectChoice:
    """What the link names is the learner's choice; what it does not name stays as it was on the page before."""
    before: SubjectChoice | None = st.session_state.get(CHOICE)
    named = {name: text for name, text in st.query_params.to_dict().items() if name in {*NAMES, IMG}}
    choice = before or SubjectChoice(network)
    if named:
        choice, notes = SubjectChoice.from_query({"net": choice.network, **named})
        if before and INK not in named:  # too long for a link, or something else was looked at meanwhile
            drawing = choice.drawing if choice.way == DRAWING else before.drawing
            choice = replace(choice, drawing=replace(drawing, strokes=before.drawing.strokes))
        show_notes(notes)
    st.session_state[CHOICE] = choice
    return choice


def _choose(choice: SubjectChoice) -> None:
    """Take another choice; the page writes it into the URL."""
    st.session_state[CHOICE] = choice
    for name in NAMES:
        st.query_params.pop(name, None)
    if choice.way != PHOTO:
        st.query_params.pop(IMG, None)


def _choose_network(key: str, choice: SubjectChoice) -> None:
    widget = f"{key}_network"

    def take() -> None:
        _choose(choice.shown_to(st.session_state[widget]))

    st.selectbox("Network", SEEING, format_func=_title, width=210, **bound(widget, choice.network, take))


def _title(name: str) -> str:
    return ARCHITECTURES[name].title


def _choose_way(key: str, choice: SubjectChoice) -> None:
    widget = f"{key}_subject_way"
    first = {DIGIT: "digit.7.3", "kind": "star.4"}

    def take() -> None:
        way = st.session_state[widget]
        if way and way != choice.way:
            _choose(replace(choice, see=first.get(way, way)))

    st.segmented_control("Look at", list(WAYS), format_func=WAYS.__getitem__, **bound(widget, choice.way, take))


@dataclass(frozen=True)
class _Bar:
    """What a way to choose a picture needs: the page, what is chosen, and where there is room."""

    key: str
    choice: SubjectChoice
    eyes: Eyes
    row: DeltaGenerator


Found = tuple[NDArray[np.uint8], str, str, str]
"""The picture, its title, what it shows, and its class."""


def _seen(see: str) -> Found:
    """Give a digit or a picture drawn by rule, by its name in a link."""
    word, *rest = see.split(".")
    if word == DIGIT:
        number, hand = rest
        return digit(int(number), int(hand)), f"A {number}", f"A handwritten {number}, white on black.", number
    name = _named(word)
    return draw(word, int(rest[0])), f"{name[0].upper()}{name[1:]}", f"A picture drawn by rule: {name}.", word


def _named(kind: str) -> str:
    article = "" if kind in KNOWN_KINDS[6:] else "an " if kind[0] in "aeiou" else "a "
    return f"{article}{kind}"


def _digit(bar: _Bar) -> Found:
    _, number, hand = bar.choice.seen.split(".")

    def take(widget: str) -> None:
        _choose(replace(bar.choice, see=f"{DIGIT}.{st.session_state[widget]}.{hand}"))

    with bar.row:
        widget = f"{bar.key}_digit"
        st.selectbox("Digit", range(10), width=80, **bound(widget, int(number), take, widget))
    _number(bar, "Hand", int(hand), MOST_HANDS - 1, lambda other: f"{DIGIT}.{number}.{other}")
    return _seen(bar.choice.seen)


def _kind(bar: _Bar) -> Found:
    kind, seed = bar.choice.seen.split(".")

    def take(widget: str) -> None:
        _choose(replace(bar.choice, see=f"{st.session_state[widget]}.{seed}"))

    def title(name: str) -> str:
        return f"{name} (never seen)" if name in UNKNOWN_KINDS else name

    with bar.row:
        widget = f"{bar.key}_kind"
        st.selectbox("Kind", KINDS, format_func=title, width=120, **bound(widget, kind, take, widget))
    _number(bar, "Picture", int(seed), MOST_SEED, lambda other: f"{kind}.{other}")
    return _seen(bar.choice.seen)


def _number(bar: _Bar, label: str, value: int, most: int, see: Callable[[int], str]) -> None:
    """Offer the other pictures of the same kind, by their number."""
    widget = f"{bar.key}_{label.lower()}_number"

    def take() -> None:
        _choose(replace(bar.choice, see=see(int(st.session_state[widget]))))

    with bar.row:
        st.number_input(label, 0, most, width=140, **bound(widget, value, take))


def _drawing(bar: _Bar) -> Found:
    """Make a picture of the drawing; a network without colours gets it as its digits were made."""
    drawing = bar.choice.drawing
    pixels = as_digit(drawing) if bar.eyes.input[0] == 1 else as_picture(drawing)
    count = len(drawing.strokes)
    alt = f"Your drawing, {count} stroke{'s' if count > 1 else ''}." if count else "An empty drawing pad."
    return pixels, "Your drawing", alt, ""


def _open_pad(key: str, drawing: Drawing, pixels: NDArray[np.uint8], alt: str) -> None:
    grey = pixels.ndim == 2
    show_pad(
        key, drawing, colours=not grey, gets=pixels if grey else None,
        gets_label="Your drawing, reduced and centred, as 28 by 28 pixels", label=alt.rstrip("."),
        hint="Draw a digit here" if grey else "Draw here",
    )  # fmt: skip


def _photo(bar: _Bar) -> Found:
    picture = choose_picture(bar.key, default=next(iter(SAMPLES)), row=bar.row)
    return picture.pixels, picture_title(), picture_alt(), ""


_PICTURES: dict[str, Callable[[_Bar], Found]] = {DRAWING: _drawing, DIGIT: _digit, "kind": _kind, PHOTO: _photo}
