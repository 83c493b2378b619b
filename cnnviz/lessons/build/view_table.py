"""The table of a network's layers, every setting of which can be typed over.

A message from it is ``{"seq": 9, "asked": [[8, "set", "conv1", "kernel", "5"], [9, "remove", "relu"]]}``: what it asked
for and was not answered yet. Nothing in it is believed: names are looked up, and text is read as if it were a link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson
import streamlit as st

from cnnviz.engine.networks.graph import INPUT
from cnnviz.engine.networks.layers.kinds import Layer
from cnnviz.errors import SpecError
from cnnviz.explain.network import layer_words, say_shape, short
from cnnviz.lessons.build.figure import PAPER
from cnnviz.lessons.build.spec_layers import KINDS
from cnnviz.lessons.build.trace import change
from cnnviz.lessons.build.trace_parts import Part
from cnnviz.lessons.build.trace_table import COLUMNS, cells_of, table_columns, typed
from cnnviz.lessons.build.view_edits import add_behind, moved, removed
from cnnviz.lessons.build.view_state import KEY, Built, choose_key, current, try_edit, whole_or_not_at_all
from cnnviz.ui.component import Component
from cnnviz.ui.reconnect import first_number
from cnnviz.ui.share import freshen, restore
from cnnviz.ui.widgets import is_dark

SHEET = f"{KEY}_sheet"
TABLE = Component("build/sheet", "The table")
ANSWERED, WRONG_CELLS = f"_{KEY}_sheet_answered", f"_{KEY}_sheet_wrong"
MOST_WRONG, MOST_ASKED, LONGEST = 40, 64, 64


def show_sheet(built: Built, parts: list[Part]) -> None:
    """Draw the table."""
    wrong: dict[tuple[str, str], tuple[str, str, str]] = st.session_state.get(WRONG_CELLS, {})
    nodes = [part.nodes[0] for part in parts if not part.folded]
    columns = table_columns(nodes)
    sentences: list[str] = []
    shape = say_shape(built.trace.input)
    first = {
        "id": INPUT, "key": INPUT, "name": "Input", "what": "", "shape": shape, "params": "", "cells": {},
        "chosen": built.chosen == INPUT, "input": True,
    }  # fmt: skip
    rows = [first, *(_row(built, part, wrong, sentences) for part in parts)]
    message = {
        "seq": st.session_state.get(ANSWERED, first_number()),
        "columns": columns,
        "rows": rows,
        "wrong": sentences,
        "kinds": list(KINDS.items()),
        "paper": PAPER[is_dark()],
    }
    TABLE(orjson.dumps(message).decode(), key=SHEET, on_commit_change=freshen)


def _row(
    built: Built, part: Part, wrong: Mapping[tuple[str, str], tuple[str, str, str]], sentences: list[str]
) -> dict[str, Any]:
    node, row = part.nodes[0], part.row
    faulty = built.trace.faulty is not None and any(built.trace.faulty.name == one.name for one in part.nodes)
    told: dict[str, Any] = {
        "key": part.key,
        "name": part.title,
        "shape": say_shape(row.output_shape) if row else "does not fit" if faulty else "waits",
        "params": short(sum(one.params for one in part.rows)) if part.rows else "",
        "chosen": any(one.name == built.chosen for one in part.nodes),
        "faulty": faulty,
    }
    if part.folded:
        return told | {"id": f"{part.key}: folded", "what": f"{len(part.nodes)} layers", "folded": True, "cells": {}}
    cells = {}
    for cell in cells_of(node.layer):
        have, text, sentence = wrong.get((node.name, cell.column), ("", "", ""))
        bad = bool(sentence) and have == cell.text
        cells[cell.column] = {"text": text if bad else cell.text, "form": cell.form, "wrong": bad}
        if bad:
            sentences.append(f"{node.name}, {COLUMNS[cell.column].lower()}: {sentence}")
    # An input for every setting: a line is made anew only when its layer becomes one of another kind.
    return told | {"id": f"{part.key}: {' '.join(cells)}", "what": _kind(node.layer), "cells": cells}


def _kind(layer: Layer) -> str:
    """Name a layer's kind; its numbers stand in cells of their own.

    >>> from cnnviz.engine.networks.layers.kinds import Conv, Pool
    >>> _kind(Conv(8, 3)), _kind(Pool(2))
    ('Convolution', 'Max pooling')
    """
    return re.split(r",|\s\d", layer_words(layer), maxsplit=1)[0]


def take_table() -> None:
    """Do what the table asked for and was not done yet; before anything is drawn."""
    done = st.session_state.get(ANSWERED, first_number())
    asked = parse_asked(st.session_state.get(SHEET))
    new = [one for one in asked if one[0] > done]
    if new and len(new) < len(asked):
        restore(KEY)
    for number, words in new:
        with whole_or_not_at_all(WRONG_CELLS):
            _do(*words)
            st.session_state[ANSWERED] = number


def parse_asked(sent: object) -> list[tuple[int, list[str]]]:
    """Read what a browser sent, keeping what has the right form.

    >>> parse_asked({"commit": {"seq": 2, "asked": [[1, "remove", "relu"], [2, "set", 3], "x", [True, "up", "a"]]}})
    [(1, ['remove', 'relu'])]
    """
    commit = sent.get("commit") if isinstance(sent, Mapping) else None
    asked = commit.get("asked") if isinstance(commit, Mapping) else None
    found = []
    for one in asked[:MOST_ASKED] if isinstance(asked, list) else []:
        match one:
            case [int(number), *words] if number is not True and 0 < number < 2**31 and len(words) in {2, 3, 4}:
                if all(isinstance(word, str) and len(word) <= LONGEST * 4 for word in words):
                    found.append((number, words))
            case _:
                pass
    return found


def _do(act: str, key: str, *more: str) -> None:
    built = current()
    names = [INPUT, *(node.name for node in built.network)]
    match act, more:
        case "choose" | "open", _:
            choose_key(key)
        case _ if key not in names:
            return
        case "set", (column, text):
            _type(built, key, column, text[:LONGEST])
        case "add", (kind,) if kind in KINDS:
            add_behind(key, kind)
        case (("up" | "down"), _) if key != INPUT:
            moved(key, -1 if act == "up" else 1)
        case "remove", _ if key != INPUT:
            removed(key)
        case _:
            pass


def _type(built: Built, name: str, column: str, text: str) -> None:
    """Put a cell's text into the network; what is no good stays in the cell, with a sentence."""
    if name == INPUT:
        return
    layer = built.network[name].layer
    wrong = dict(st.session_state.get(WRONG_CELLS, {}))
    wrong.pop((name, column), None)
    have = next((cell for cell in cells_of(layer) if cell.column == column), None)
    if have is None:
        return
    try:
        settings = typed(layer, column, text)
        message = try_edit(lambda network: (change(network, name, **settings), name))
    except SpecError as error:
        message = error.message
    if message:
        kept = list(wrong.items())[-(MOST_WRONG - 1) :]
        wrong = dict(kept) | {(name, column): (have.text, text, plain_text(message))}
    st.session_state[WRONG_CELLS] = wrong


def plain_text(message: str) -> str:
    """Write a sentence of a length that stands below a table.

    >>> plain_text("a" * 500)[-2:]
    'a…'
    """
    return message if len(message) <= 300 else message[:299] + "…"
