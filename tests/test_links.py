"""Links that work today work for ever, and what they show stays: see `tests/links.py`."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from cnnviz.lessons.lectures.topics import TOPICS
from cnnviz.lessons.registry import LESSONS
from tests.links import Shown, load, show

RECORD = load()
EVERY = 5
"""How many links there are for one that is tried here; `python -m tests.links --check` tries them all."""


def test_every_page_has_links() -> None:
    assert set(RECORD) == set(LESSONS)
    assert sum(map(len, RECORD.values())) >= 900
    assert all(len({link for link, *_ in links}) == len(links) for links in RECORD.values())


def test_every_example_and_every_topic_is_noted() -> None:
    noted = {(page, frozenset(parse_qsl(link))) for page, links in RECORD.items() for link, *_ in links}
    examples = {(key, frozenset(one.state.items())) for key, lesson in LESSONS.items() for one in lesson.examples}
    topics = {(link.page, frozenset(link.query().items())) for topic in TOPICS for link in topic.links}
    assert (examples | topics) - noted == set()


@pytest.mark.parametrize("page", RECORD)
def test_links_show_what_they_showed(page: str) -> None:
    tried = [(link, Shown(*noted), show(page, link)) for link, *noted in RECORD[page][::EVERY]]
    assert [one for one in tried if not one[1].like(one[2])] == []
