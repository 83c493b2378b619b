"""The topics of a course on convolutional networks, each with links that open it with the lectures' own numbers.

>>> TOPICS[0].title, TOPICS[0].links[0].page, TOPICS[0].links[0].query()["w"]
('A filter is a hypothesis: multiply and sum', 'convolution', 'rising')
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from cnnviz.spec.presets import CONVOLUTION_PRESETS

PRESETS = {"convolution": {preset.name: preset for preset in CONVOLUTION_PRESETS}}
"""The examples of every lesson that has a stage, by the lesson's address and their own name."""

FIRST_CELL = {"at": "output.0.0"}
"""What a link to an example says whose state is the default: an empty link would bring back the last state."""


@dataclass(frozen=True, slots=True)
class TopicLink:
    """A lesson, and the name of its example or a state that is written out."""

    page: str
    preset: str = ""
    state: str = ""
    label: str = ""

    def query(self) -> dict[str, str]:
        """Give the state that the link opens."""
        if self.preset:
            return dict(PRESETS[self.page][self.preset].state) or FIRST_CELL
        return dict(parse_qsl(self.state))

    @property
    def title(self) -> str:
        """Say what the link opens."""
        return self.label or PRESETS[self.page][self.preset].title


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: what it is called, what there is to do, and where."""

    section: str
    title: str
    about: str
    links: tuple[TopicLink, ...]


def _examples(page: str, *names: str) -> tuple[TopicLink, ...]:
    return tuple(TopicLink(page, name) for name in names)


FILTERS, SIZES, MEANING = "Filters", "Sizes and borders", "What convolution is"

TOPICS: tuple[Topic, ...] = (
    Topic(
        FILTERS,
        "A filter is a hypothesis: multiply and sum",
        "Lay the template on a match and on a mismatch, then search a whole picture for it.",
        _examples("convolution", "match", "mismatch", "search", "search-in-vain"),
    ),
    Topic(
        FILTERS,
        "Classic filters: blur, edges, sharpen",
        "Each on an edge of numbers, where you can check every sum.",
        _examples("convolution", "blur-small", "blur-large", "edge-difference", "edge-vertical", "edge-horizontal")
        + _examples("convolution", "edge-diagonal", "sharpen"),
    ),
    Topic(
        MEANING,
        "Convolution in one dimension, every alignment",
        "Step the kernel along the row; full padding shows every alignment that touches.",
        _examples("convolution", "one-row", "one-row-same", "one-row-full", "alignment", "alignment-all"),
    ),
    Topic(
        MEANING,
        "Convolution in two dimensions",
        "Follow one window after the other over the lecture's grid.",
        _examples("convolution", "guide-numbers", "sobel"),
    ),
    Topic(
        MEANING,
        "Convolution against cross-correlation",
        "Turn the kernel by 180°: see what changes, and what does not.",
        _examples("convolution", "cross-correlation", "true-convolution"),
    ),
    Topic(
        SIZES,
        "Padding: valid, same, full, any",
        "The ring on the grid, what it adds to the size, and what it is filled with.",
        _examples("convolution", "padding-1", "padding-2", "full", "same-x", "reflect", "replicate", "circular"),
    ),
    Topic(
        SIZES,
        "Stride, and the cells that it loses",
        "Every second window; what is left over is crossed out and named.",
        _examples("convolution", "sobel-strided", "lost"),
    ),
    Topic(
        SIZES,
        "Dilation: a long reach with few weights",
        "Nine weights spread over 5×5 cells.",
        _examples("convolution", "dilation-reach", "guide-dilation"),
    ),
    Topic(
        SIZES,
        "The figures of the guide to convolution arithmetic",
        "Every figure of the half on convolution, ready to step through.",
        _examples("convolution", "guide-numbers", "guide-numbers-strided", "guide-no-padding", "guide-padding")
        + _examples("convolution", "guide-same", "guide-full", "guide-strides", "guide-padding-strides")
        + _examples("convolution", "guide-padding-strides-odd", "guide-dilation"),
    ),
)
