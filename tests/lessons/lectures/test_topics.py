from __future__ import annotations

import pytest

from cnnviz.lessons.lectures.topic import FIRST_CELL, Topic, TopicLink
from cnnviz.lessons.lectures.topics import TOPICS
from cnnviz.lessons.registry import LESSONS

LINKS = [(topic.title, link) for topic in TOPICS for link in topic.links]


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.title)
def test_a_topic_has_links_and_a_sentence(topic: Topic) -> None:
    assert topic.links
    assert topic.about.endswith(".")
    assert len({link.title for link in topic.links}) == len(topic.links)


@pytest.mark.parametrize("link", [link for _, link in LINKS], ids=[f"{title}: {link.title}" for title, link in LINKS])
def test_a_link_opens_an_example_of_a_lesson_that_exists(link: TopicLink) -> None:
    assert link.page in LESSONS
    if not link.preset:
        assert link.query()
        assert link.title
        return
    preset = LESSONS[link.page].example(link.preset)
    assert link.query() == (dict(preset.state) or FIRST_CELL)
    assert link.title in {preset.title, link.label}


def test_topics_of_a_section_stand_together() -> None:
    sections = [topic.section for topic in TOPICS]
    assert sections == sorted(sections, key=sections.index)
