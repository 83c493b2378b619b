"""Words that strangers send, and a look at a page for those that it obeyed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.hostile.markup import live, sayings, tags

EVIL = "evil"
LONGEST = 1500
"""Letters of any text that repeats a stranger's."""
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


def obeyed(app: AppTest, but: str = "") -> Iterator[str]:
    """Everything on a page in which a stranger's words are more than words."""
    for text in sayings(app):
        found = [one for one in live(text) if EVIL in one.lower() and not (but and one.startswith(but))]
        yield from (f"{one} in {text[:300]!r}" for one in found)
        if EVIL in text and len(text) > LONGEST:
            yield f"{len(text)} letters: {text[:100]!r}"
    for body in (one.proto.body for one in app.get("html")):
        yield from (found for found in tags(body) if EVIL in found)
    figures = [chart.proto.spec for chart in app.get("plotly_chart")]
    for component in app.get("bidi_component"):
        for text in texts_in(sent_to(component)):
            if text.startswith("{"):
                figures.append(text)
            elif EVIL in text and len(text) > LONGEST:
                yield f"{len(text)} letters: {text[:100]!r}"
    for text in texts_in([json.loads(figure) for figure in figures]):  # Plotly knows links of its own, in every text
        yield from (f"figure: {found}" for found in tags(text) if EVIL in found)


def sent_to(component: Any) -> Any:
    """The words that a component draws: a stage's pack, or those that stand beside a viewer's pixels."""
    packed = component.proto.bytes
    return json.loads(zlib.decompress(packed)) if packed[:1] == b"x" else json.loads(component.proto.json or "null")


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_in(one)
