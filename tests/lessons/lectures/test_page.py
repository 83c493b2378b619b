from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from cnnviz.lessons.lectures.topics import TOPICS

ROOT = Path(__file__).resolve().parents[3]


def test_every_topic_is_listed_with_its_links() -> None:
    page = AppTest.from_file(str(ROOT / "cnnviz" / "site" / "main.py"), default_timeout=30).run()
    page.switch_page("../../pages/lectures.py").run()
    assert not page.exception
    texts = [text.value for text in page.markdown]
    for topic in TOPICS:
        assert f"**{topic.title}**  \n{topic.about}" in texts
    links = page.get("page_link")
    assert len(links) == sum(len(topic.links) for topic in TOPICS)
