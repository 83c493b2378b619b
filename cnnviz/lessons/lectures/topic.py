"""A topic of a course, and its links: each opens an example of a lesson, or a state that is written out.

>>> examples("pixels", "numbers")[0].query()["img"]
'cat'
>>> TopicLink("convolution", state="n=6&s=2", label="Six by six").query()
{'n': '6', 's': '2'}
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from cnnviz.lessons.registry import LESSONS

FIRST_CELL = {"at": "output.0.0"}
"""What a link to an example on a stage says whose state is the default: an empty link would bring back the last one."""


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
            return dict(LESSONS[self.page].example(self.preset).state) or FIRST_CELL
        return dict(parse_qsl(self.state))

    @property
    def title(self) -> str:
        """Say what the link opens."""
        return self.label or LESSONS[self.page].example(self.preset).title


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: what it is called, what there is to do, and where."""

    section: str
    title: str
    about: str
    links: tuple[TopicLink, ...]


def examples(page: str, *names: str) -> tuple[TopicLink, ...]:
    """Give links to examples of a lesson, by their names."""
    return tuple(TopicLink(page, name) for name in names)
