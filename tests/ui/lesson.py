"""Lessons without a browser: opened with a link, read and used; and the Convolution lesson, sent what a stage sends."""

from __future__ import annotations

import json
import zlib
from typing import Any
from urllib.parse import parse_qsl

from streamlit.testing.v1 import AppTest

from tests.serving import ROOT

MAIN = str(ROOT / "cnnviz" / "site" / "main.py")
STAGE = "convolution"


def opened(link: str = "", **query: str) -> AppTest:
    """The lesson, as a link on a slide opens it."""
    page = AppTest.from_file(MAIN, default_timeout=30)
    for name, text in (dict(parse_qsl(link, keep_blank_values=True)) | query).items():
        page.query_params[name] = text
    return page.run()


def opened_in_the_app(name: str, link: str = "") -> AppTest:
    """A lesson within the app's frame, as a link on a slide opens it."""
    page = AppTest.from_file(MAIN, default_timeout=30)
    page.switch_page(str(ROOT / "pages" / f"{name}.py"))
    return _run(page, link)


def opened_alone(name: str, link: str = "") -> AppTest:
    """A lesson without the app's frame: a page that links to no other opens so, too."""
    return _run(AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=30), link)


def _run(page: AppTest, link: str) -> AppTest:
    for field, text in parse_qsl(link, keep_blank_values=True):
        page.query_params[field] = text
    page.run()
    assert not page.exception, page.exception
    return page


def words(page: AppTest) -> str:
    """All that the page says, apart from its pictures, tables and messages."""
    return "\n".join(one.value for one in page.markdown)


def html(page: AppTest) -> str:
    """All that the page draws by hand."""
    return "\n".join(one.proto.body for one in page.get("html"))


def box(page: AppTest, label: str) -> Any:
    """The widget with this label in which one value stands."""
    kinds = (page.selectbox, page.text_input, page.number_input, page.select_slider, page.button_group)
    return next(one for kind in kinds for one in kind if one.label == label)


def press(page: AppTest, label: str) -> AppTest:
    """The page after a button was pressed."""
    next(one for one in page.button if one.label == label).click().run()
    assert not page.exception, page.exception
    return page


def pack(page: AppTest) -> dict[str, Any]:
    """What the page sent to its stage; there is exactly one."""
    (stage,) = page.get("bidi_component")
    return json.loads(zlib.decompress(stage.proto.bytes))


def sent(page: AppTest, commit: Any) -> AppTest:
    """The page after its stage sent something, of whatever form."""
    page.session_state[STAGE] = {"commit": commit}
    return page.run()


def committed(page: AppTest, seq: int, link: str = "", edits: list[Any] | None = None) -> AppTest:
    """The page after its stage asked for a state, and after what was typed into cells."""
    return sent(page, {"seq": seq, "state": dict(parse_qsl(link)), "edits": edits or []})


def state(page: AppTest) -> dict[str, str]:
    """The state that the page shows: the stage and the URL agree on it."""
    shown = pack(page)["state"]
    assert shown == url(page)
    return shown


def url(page: AppTest) -> dict[str, str]:
    return {name: texts[0] if isinstance(texts, list) else texts for name, texts in page.query_params.items()}


def assert_sound(page: AppTest) -> None:
    """The page is whole: its heading, its stage, and no word of a program's."""
    assert not page.exception
    assert [header.value for header in page.header] == ["Convolution"]
    body = pack(page)
    assert "scene" in body["here"] or "error" in body["here"]
    assert all(message.endswith(".") and len(message) < 450 for message in body["messages"])
