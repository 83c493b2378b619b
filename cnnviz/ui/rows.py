"""A plain table of words and numbers. Too wide for a phone, it moves by itself, also by keys; the page stays."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

STYLE = """<style>
.cnr { overflow-x: auto; }
.cnr table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 0 0 0.5rem; }
.cnr th, .cnr td { padding: 0.3rem 1.2rem 0.3rem 0; text-align: left; border: 0; white-space: nowrap;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
.cnr th { font-weight: 600; }
.cnr .n { text-align: right; }
</style>"""


def show_rows(label: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 1) -> None:
    """Draw the table: its first `words` columns hold words, the others numbers."""
    st.html(STYLE + rows_html(label, heads, rows, words))


def rows_html(label: str, heads: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> str:
    """Write the table; a text between double asterisks is bold.

    >>> rows_html("Sizes", ("Layer", "Side"), [("conv1", "**28**")]).partition("</tr>")[2]
    '<tr><td>conv1</td><td class=n><b>28</b></td></tr></table></div>'
    """

    def line(tag: str, texts: Sequence[str], more: str = "") -> str:
        cells = (
            f"<{tag}{more}{' class=n' if place >= words else ''}>{_bold(text)}</{tag}>"
            for place, text in enumerate(texts)
        )
        return f"<tr>{''.join(cells)}</tr>"

    body = line("th", heads, " scope=col") + "".join(line("td", row) for row in rows)
    name = escape(label, quote=True)
    return f"<div class='cnr' tabindex='0' role='region' aria-label='{name}'><table>{body}</table></div>"


def _bold(text: str) -> str:
    inner = text.removeprefix("**").removesuffix("**")
    return f"<b>{escape(inner)}</b>" if len(inner) == len(text) - 4 else escape(text)
