"""One named convolution that is worth a link.

>>> about = {"name": "lost", "title": "A row is lost", "group": "Lectures", "note": "Look below.", "source": "Lecture"}
>>> preset = Preset.from_link("n=6&s=2", **about)
>>> dict(preset.state)
{'n': '6', 's': '2'}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl

GUIDE = "Guide to convolution arithmetic"
LECTURES = "Lectures"
"""Groups of examples that several lessons have."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A name for links, a title, the state as it stands in a URL, a note on what to look at, and where it is from."""

    name: str
    title: str
    group: str
    state: Mapping[str, str]
    note: str
    source: str

    @classmethod
    def from_link(cls, link: str, *, name: str, title: str, group: str, note: str, source: str) -> Preset:
        """Make a preset from the end of a URL, like ``n=6&s=2``; nobody can change its state."""
        return cls(name, title, group, MappingProxyType(dict(parse_qsl(link))), note, source)


@dataclass(frozen=True, slots=True)
class CodeExample:
    """A text to start from, and what there is to see."""

    name: str
    title: str
    note: str
    size: tuple[int, ...]
    code: str
