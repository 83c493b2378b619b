"""Tables that a phone can show: on a narrow screen every row becomes a small card.

>>> table = html_table("Sizes", [Column("Layer"), Column("Size", number=True)], [["pool 2", "<14>"]])
>>> "<td data-label='Size' class='number'>&lt;14&gt;</td>" in table
True
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import streamlit as st

STYLES = Path(__file__).resolve().parents[2] / "assets" / "solver.css"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `whole` cells take a line of their own on a phone, `label` False leaves their name out there."""

    title: str
    number: bool = False
    code: bool = False
    whole: bool = False
    label: bool = True


@dataclass(frozen=True, slots=True)
class Anchor:
    """A cell that is a link to another lesson."""

    text: str
    address: str
    about: str


Cell = str | Anchor


def show_styles() -> None:
    """Load the tables' styles, once a page."""
    st.html(STYLES)


def small_print(text: str) -> None:
    """Write a remark in small letters; Streamlit's own captions are too faint to read on a projector."""
    st.markdown(f":small[{text}]")


def html_table(
    caption: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], picked: Collection[int] = ()
) -> str:
    """Write a table; the first cell of a row is its heading, and `picked` rows are the ones to look at."""
    heads = "".join(f"<th scope='col'{_classes(column)}>{escape(column.title)}</th>" for column in columns)
    body = "".join(_row(columns, row, index in picked) for index, row in enumerate(rows))
    return (
        f"<table class='cnv-table'><caption>{escape(caption)}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(columns: Sequence[Column], row: Sequence[Cell], picked: bool) -> str:
    first, *others = zip(columns, row, strict=True)
    head = f"<th scope='row'{_classes(first[0])}>{_text(*first)}</th>"
    cells = "".join(f"<td{_name(column)}{_classes(column)}>{_text(column, cell)}</td>" for column, cell in others)
    return f"<tr{' class=picked aria-current=true' if picked else ''}>{head}{cells}</tr>"


def _name(column: Column) -> str:
    return f" data-label='{escape(column.title)}'" if column.label else ""


def _classes(column: Column) -> str:
    names = " ".join(name for name in ("number", "whole") if getattr(column, name))
    return f" class='{names}'" if names else ""


def _text(column: Column, cell: Cell) -> str:
    if isinstance(cell, Anchor):
        address, about = escape(cell.address, quote=True), escape(cell.about, quote=True)
        return f"<a href='{address}' target='_blank' aria-label='{about}'>{escape(cell.text)}</a>"
    return f"<code>{escape(cell)}</code>" if column.code and cell else escape(cell)
