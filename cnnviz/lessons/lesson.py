"""What the app knows of a lesson before its page is opened: how it is called, where it stands, what it shows.

>>> from cnnviz.lessons.pooling import LESSON
>>> LESSON.title, LESSON.page.name, LESSON.link(n=7, op="mean")
('Pooling', 'pooling.py', 'pooling?n=7&op=mean')
>>> LESSON.examples[0].title
'The lecture’s feature map'

A lesson says this in the `__init__` of its folder, which loads nothing else; its examples are loaded when asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from urllib.parse import urlencode

from cnnviz.state.preset import Preset

PAGES = Path(__file__).resolve().parents[2] / "pages"


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson; `key` is its folder, the script in `pages/` and the page's address."""

    key: str
    title: str
    section: str
    icon: str
    help: str
    tables: tuple[str, ...] = ()
    """Where its examples stand, within its folder: a module and a name."""

    @property
    def page(self) -> Path:
        """The script that shows it."""
        return PAGES / f"{self.key}.py"

    @property
    def examples(self) -> tuple[Preset, ...]:
        """Its examples, in the order of its own menu."""
        return tuple(preset for table in self.tables for preset in self._load(table))

    def example(self, name: str) -> Preset:
        """Give an example by its name."""
        return next(preset for preset in self.examples if preset.name == name)

    def link(self, state: Mapping[str, object] | None = None, /, **settings: object) -> str:
        """Write a link to the lesson in a state, as it stands after the app's address."""
        query = urlencode({**(state or {}), **settings})
        return f"{self.key}?{query}" if query else self.key

    def _load(self, table: str) -> tuple[Preset, ...]:
        module, _, name = table.partition(".")
        presets: tuple[Preset, ...] = getattr(import_module(f"cnnviz.lessons.{self.key}.{module}"), name)
        return presets
