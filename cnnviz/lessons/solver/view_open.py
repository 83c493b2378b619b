"""The Solver's tool for a chain with open numbers: the lecture's exercise, with any of its numbers looked for."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.lessons.solver.examples_open import OPEN_PRESETS, find_open_preset
from cnnviz.lessons.solver.spec import SolverSpec
from cnnviz.lessons.solver.spec_layer import LONGEST_CHAIN
from cnnviz.lessons.solver.spec_open import (
    LAST,
    MOST_OPEN,
    OpenChain,
    fill,
    leave_open,
    parse_open_text,
    read_open,
    show_open_text,
    write_open,
)
from cnnviz.lessons.solver.trace_open import Found, Solved, put_in, solve_open
from cnnviz.lessons.solver.view_state import bound, change, complain
from cnnviz.lessons.solver.words_open import found_cells, found_words, open_sentence, spot_name, spot_words
from cnnviz.state.preset import Preset
from cnnviz.ui import widgets
from cnnviz.ui.cards import Anchor, Cell, Column, html_table, small_print
from cnnviz.ui.notes import refuse
from cnnviz.ui.share import fresh

SHOWN = 12
MOST_SHOWN = 100
MOST_BUTTONS = 6
WRITING = (
    "The input size, the layers, the output size: `256: conv 3 s2 p1; pool 4 s1 -> 125`. Write **?** for one or two of "
    "the numbers. Layers are **conv**, **pool**, **avgpool** and **transposed**, with their kernel, then **s** stride, "
    "**p** padding, **d** dilation, **op** output padding, **ceil**. Arrows may stand between the layers as well."
)


def show_open(spec: SolverSpec) -> None:
    """Ask for a chain, and list every value of its open numbers that makes it come out."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(
            "Chain of layers, with ? for what is looked for",
            max_chars=LONGEST_CHAIN,
            help=WRITING,
            width=480,
            **bound("open", spec.open, parse_open_text),
        )
        widgets.example_box("solver_open", OPEN_PRESETS, find_open_preset(spec.to_query()), _open, width=310)
    try:
        chain = read_open(spec.open)
    except SpecError as error:
        refuse(error.message, icon=":material/edit:")
        return
    solved = solve_open(chain)
    _spots(chain, solved)
    if preset := find_open_preset(spec.to_query()):
        dot = "" if preset.title.endswith("?") else "."
        st.markdown(f"**{preset.title}{dot}** {preset.note} :small[:gray[{preset.source}]]")
    told = open_sentence(solved)
    fits = bool(solved.answers)
    (st.success if fits else st.warning)(told, icon=":material/check:" if fits else ":material/block:")
    _buttons(solved)
    if solved.answers and chain.open:
        _table(solved, spec)


def _open(preset: Preset) -> None:
    change(open=SolverSpec.from_query(preset.state)[0].open)


def _spots(chain: OpenChain, solved: Solved) -> None:
    """Let every number of the row be opened and closed by a click; what is closed again keeps what worked."""
    spots = chain.spots
    best = next(iter((*solved.answers, *solved.near)), None)
    values = dict(put_in(chain, best)) if best else {}

    key, value = "solver_open_spots", [spots.index(spot) for spot in chain.open]

    def read(chosen: list[int]) -> str:
        opened = tuple(spots[index] for index in sorted(chosen))
        if len(opened) > MOST_OPEN:
            raise SpecError("open", f"At most {MOST_OPEN} numbers can be open. Close another one first.")
        closing = [spot for spot in chain.open if spot not in opened and spot not in values]
        if closing:
            raise SpecError("open", "Nothing fits into this open number, so write a number there yourself.")
        text = write_open(leave_open(chain, opened, values))
        read_open(text)
        return text

    def take() -> None:
        chosen = [one for one in st.session_state[key] if isinstance(one, int)]
        if len(chosen) < len(st.session_state[key]):
            return  # labels from before the last answer
        try:
            change(open=read(chosen))
        except SpecError as error:
            complain(error)

    st.pills(
        "Click a number to look for it",
        list(range(len(spots))),
        selection_mode="multi",
        format_func=lambda index: spot_words(chain, spots[index]),
        **widgets.bound(key, value, take),
    )


def _filled(chain: OpenChain, found: Found) -> str:
    """Write the chain with an answer in; a nearby one also has its own output."""
    full = fill(chain, dict(put_in(chain, found)))
    return write_open(OpenChain(full.size, full.layers, found.sizes[-1]))


def _buttons(solved: Solved) -> None:
    chain = solved.chain
    offered = solved.answers[:MOST_BUTTONS] if chain.open else ()
    with st.container(horizontal=True, gap="small"):
        for number, found in enumerate((*offered, *solved.near)):
            words = found_words(chain, found) if chain.open else f"output {found.sizes[-1]}"
            if found in solved.near and chain.open:
                words += f", output {found.sizes[-1]}"
            st.button(
                f"Put in {words}",
                key=f"put_in_{number}",
                icon=":material/input:",
                on_click=fresh(change),
                kwargs={"open": _filled(chain, found)},
            )
        if best := next(iter(solved.answers), None):
            full = fill(chain, dict(put_in(chain, best)))
            st.button(
                "Every layer in detail",
                icon=":material/arrow_forward:",
                on_click=fresh(change),
                kwargs={
                    "tool": "chain",
                    "layers": "\n".join(layer.text() for layer in full.layers),
                    "size": (best.sizes[0],) * 2,
                },
            )


def _table(solved: Solved, spec: SolverSpec) -> None:
    chain = solved.chain
    shown = min(len(solved.answers), MOST_SHOWN if spec.everything else SHOWN)
    columns = [
        *(Column(spot_name(chain, spot).capitalize(), number=spot == LAST) for spot in chain.open),
        Column("Sizes", whole=True),
        Column("Lost", number=True),
        Column("Unusual", whole=True),
        Column("Link", label=False),
    ]
    rows: list[list[Cell]] = []
    for found in solved.answers[:shown]:
        address = urlencode({"do": "open", "f": show_open_text(_filled(chain, found))})
        about = f"Open the chain with {found_words(chain, found)} in a new tab"
        rows.append([*found_cells(found), Anchor("Open", f"solver?{address}", about)])
    st.html(html_table("What works, simplest first", columns, rows, picked=[0]))
    most = min(len(solved.answers), MOST_SHOWN)
    if shown < most:
        name = f"all {most}" if most == solved.total else f"the first {most}"
        st.button(f"Show {name}", icon=":material/expand_more:", on_click=fresh(change), kwargs={"everything": True})
    elif shown < solved.total:
        small_print(f"These are the simplest {shown} of {solved.total:,}.")
