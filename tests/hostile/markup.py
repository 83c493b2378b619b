r"""What Streamlit's browser part would make of a text: its links, pictures, HTML, directives, formulas, icons ...

>>> live("plain words, 7x5, conv_1 and `[code](//x)`")
[]
>>> live("[Log in](//evil.example), \\[Log in\\](//evil.example)")
['link: [Log in](//evil.example)']
>>> live("<b>, :red[x], $x$, www.evil.example")
['html: <b>', 'directive: :red[', 'formula: $x$', 'address: www.evil.example']

It is stricter than a reader of Markdown: it takes for live what might be in another place. Addresses, e-mail, emoji and
icons are looked for in what is left after the backslashes are gone, for so does the browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

ESCAPED = 0xE000
"""Where the signs after a backslash are put for a while: there they mark nothing."""

SYNTAX = {
    "link": r"!?\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])",
    "footnote": r"\[\^[^\]]*\]|^ {0,3}\[[^\]]*\]:",
    "html": r"<[A-Za-z/!?][^<>]*>?",
    "directive": r":{1,3}[A-Za-z][\w-]*[\[{]",
    "formula": r"\$+[^$]+\$+",
    "bold or slanted": r"\*+[^*]+\*+|(?<![^\W_])_+[^_]+_+(?![^\W_])",
    "struck out": r"~+[^~]+~+",
    "heading": r"^ {0,3}#{1,6}(?:\s|$).*|^.+\n ?(?:=+|-+)\s*$",
    "quotation": r"^ {0,3}>.*",
    "list": r"^ {0,3}(?:[-+*]|\d{1,9}[.)])\s.*",
    "line": r"^ {0,3}(?:[-*_] *){3,}$",
    "fence": r"^ {0,3}(?:`{3,}|~{3,}).*",
    "table": r"^\s*\|?\s*:?-+:?\s*\|.*$",
    "entity": r"&(?:#\w+|\w+);",
}
TEXT = {
    "address": r"(?:https?://|www\.)\S+",
    "e-mail": r"[-.\w+]+@[-\w]+(?:\.[-\w]+)+",
    "emoji": r":(?:[\w+-]+|(?:material|streamlit)/\w+|streamlit):",
}
CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


def live(text: str) -> list[str]:
    """Name everything in a text that Markdown would not show as it stands."""
    hidden = re.sub(r"\\([!-/:-@\[-`{-~])", lambda found: chr(ESCAPED + ord(found[1])), text)
    without_code = CODE.sub(" x ", hidden)
    shown = "".join(chr(ord(sign) - ESCAPED) if ESCAPED < ord(sign) < ESCAPED + 128 else sign for sign in without_code)
    found_here = []
    for source, rules in ((without_code, SYNTAX), (shown, TEXT)):
        for kind, rule in rules.items():
            found_here += [f"{kind}: {found[0]}" for found in re.finditer(rule, source, re.MULTILINE | re.IGNORECASE)]
    return found_here


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = "".join(f" {name}={value}" for name, value in attrs if name not in {"alt", "title", "aria-label"})
        self.tags.append(f"html: <{tag}{said}>")


def tags(body: str) -> list[str]:
    """Name every element of a piece of HTML with its attributes, apart from those that are words."""
    reader = _Tags()
    reader.feed(body)
    return reader.tags


NO_WORDS = {"Code", "Html", "BidiComponent", "PlotlyChart", "Arrow", "IFrame", "ImageList"}
"""Messages of elements that hold no Markdown, or are looked at in another way."""

NO_MARKDOWN = {
    *("id", "form_id", "icon", "url", "page", "query_string", "placeholder", "default", "value", "raw_value"),
    *("raw_values", "element_type", "page_script_hash", "type", "file_type"),
}
CHOSEN_IN_PLAIN_TEXT = {"Selectbox", "MultiSelect", "Slider"}
"""Elements whose options are no Markdown."""


def sayings(nodes: Iterable[Any]) -> Iterator[str]:
    """Give every text of a page that Streamlit reads as Markdown."""
    for node in nodes:
        message = getattr(node, "proto", None)
        kind = type(message).__name__
        if message is not None and kind not in NO_WORDS:
            yield from _texts(message, NO_MARKDOWN | ({"options"} if kind in CHOSEN_IN_PLAIN_TEXT else set()))


def _texts(message: Any, leave: set[str]) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.name in leave:
            continue
        for one in value if field.is_repeated else [value]:
            if field.type == field.TYPE_STRING:
                yield one
            elif field.type == field.TYPE_MESSAGE and hasattr(one, "ListFields"):
                yield from _texts(one, leave)
