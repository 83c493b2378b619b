"""Words of a stranger on every page: a link's values, pasted code, names of files. They are shown, and never obeyed."""

from __future__ import annotations

import ast
import json
import os
import random
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.spec.network_choice import pack_code
from tests.app.lesson import MAIN
from tests.markup import live, sayings, tags
from tests.serving import ROOT

ROUNDS = int(os.environ.get("CNNVIZ_STRANGERS", "2"))
"""How many hostile values each page gets; all of them by a number as large as the list."""

EVIL = "evil"
HOSTILE = [
    "[Log in again](//evil.example)",
    "![evil](//evil.example/x.png)",
    "[![evil](//evil.example/x.png)](//evil.example)",
    "[evil][1]",
    "[^evil]",
    "https://evil.example/login",
    "see www.evil.example",
    "write to help@evil.example now",
    "mailto:help@evil.example",
    "<https://evil.example>",
    "<a href='//evil.example'>evil</a>",
    "<img src=//evil.example/x.png onerror=alert(1)>",
    "<script>evil()</script>",
    "</p><iframe src=//evil.example>",
    "&lt;b&gt;evil&lt;/b&gt;",
    "https&colon;//evil.example",
    ":red[evil]",
    ":evil[x]{href=//evil.example}",
    ":red-background[[evil](//evil.example)]",
    ":material/evil:",
    ":evil_emoji:",
    "$evil$",
    "$$\\href{//evil.example}{evil}$$",
    "\\[evil\\](//evil.example)",
    "\\\\[evil](//evil.example)",
    "**evil** __evil__ *evil* _evil_ ~~evil~~ ~evil~",
    "`evil` ``evil`` `[evil](//evil.example)",
    "# evil",
    "> evil",
    "- evil",
    "1. evil",
    "--- evil",
    "evil\n\n# evil\n\n- evil\n\n[evil](//evil.example)",
    "evil\n===",
    "```\nevil\n```",
    "| evil | evil |\n|--|--|\n| evil | evil |",
    "evil|evil\n--|--",
    "\u202eevil\u202c",
    "evil\x00\x07\x1b[31m",
    "\ufeffevil\u200bevil",
    "evil" * 400,
    "![" * 200 + "evil",
]
LESSONS = [lesson.removesuffix(".py") for lesson in sorted(path.name for path in (ROOT / "pages").glob("*.py"))]


@cache
def link_names() -> tuple[str, ...]:
    """Every name that stands in some page's link: the first word of each field in the tables."""
    names = {"img", "w", "c", "net"}
    for module in (ROOT / "cnnviz" / "spec").glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Field":
                names |= {one.value for one in node.args[:1] if isinstance(one, ast.Constant)}
    return tuple(sorted(str(name) for name in names))


def visited(lesson: str, query: dict[str, str]) -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=60)
    app.switch_page(str(ROOT / "pages" / f"{lesson}.py"))
    for name, text in query.items():
        app.query_params[name] = text
    return app.run()


def obeyed(app: AppTest) -> Iterator[str]:
    """Everything on a page in which a stranger's words are more than words."""
    for text in sayings(app):
        yield from (f"{found} in {text[:300]!r}" for found in live(text) if EVIL in found)
        if EVIL in text and len(text) > 1500:
            yield f"{len(text)} letters: {text[:100]!r}"
    for body in (one.proto.body for one in app.get("html")):
        yield from (found for found in tags(body) if EVIL in found)
    for chart in app.get("plotly_chart"):
        yield from (f"figure: {found}" for found in tags_in(json.loads(chart.proto.spec)) if EVIL in found)
    for part in app.get("bidi_component"):
        yield from (f"long: {text[:80]}" for text in texts_in(part_of(part)) if EVIL in text and len(text) > 1500)


def part_of(part: Any) -> Any:
    try:
        return json.loads(zlib.decompress(part.proto.bytes))
    except zlib.error:
        return json.loads(part.proto.json or "{}")


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_in(one)


def tags_in(figure: Any) -> Iterator[str]:
    """What Plotly would take for HTML: it knows links and pictures of its own in every text."""
    for text in texts_in(figure):
        yield from tags(text)


def assert_only_words(app: AppTest) -> None:
    assert not app.exception, app.exception
    assert list(obeyed(app)) == []


def chosen(lesson: str) -> list[str]:
    """Some hostile values, others for each page: over all pages, every one is tried."""
    if ROUNDS >= len(HOSTILE):
        return HOSTILE
    start = LESSONS.index(lesson) * ROUNDS
    return [HOSTILE[0], *(HOSTILE[(start + number) % len(HOSTILE)] for number in range(ROUNDS))]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_link_full_of_markup_is_only_words(lesson: str) -> None:
    for value in chosen(lesson):
        assert_only_words(visited(lesson, dict.fromkeys(link_names(), value)))
