"""The Solver's first tool: a question, its filters, its answers, and one answer looked at closely."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.explain.layer_size import dropped_window, size_formula
from cnnviz.lessons.registry import LESSONS
from cnnviz.lessons.solver.code import answer_code, layer_line
from cnnviz.lessons.solver.examples import QUESTIONS
from cnnviz.lessons.solver.spec import ANY, AUTO, BOUNDS, PADS, SolverSpec, show_or_any
from cnnviz.lessons.solver.spec_layer import KINDS
from cnnviz.lessons.solver.spec_question import LONGEST_QUESTION, Question, parse_question, parse_question_text
from cnnviz.lessons.solver.trace import Answer, Solution, solve
from cnnviz.lessons.solver.trace_links import StageLink, stage_link
from cnnviz.lessons.solver.view_state import bound, change
from cnnviz.lessons.solver.words import (
    LOOKED_AT,
    NOUNS,
    ODDITIES,
    RANKING,
    explain_count,
    explain_none,
    explain_oddities,
    say_size,
    settings_of,
)
from cnnviz.ui.cards import Anchor, Cell, Column, html_table, small_print
from cnnviz.ui.notes import refuse
from cnnviz.ui.share import fresh

SHOWN_FIRST = 10
MOST_SHOWN = 300
ICONS = {"conv": ":material/grid_on:", "transposed": ":material/zoom_out_map:", "pool": ":material/compress:"}


def show_solve(spec: SolverSpec) -> None:
    """Ask, filter, and list every layer that answers."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(
            "From which size to which?",
            max_chars=LONGEST_QUESTION,
            placeholder="56 -> 112",
            help="Like 56 -> 112, 224→56 or 56 to 112; 7x5 -> 4x3 for rows and columns apart.",
            width=330,
            **bound("question", spec.question, parse_question_text),
        )
        for text in QUESTIONS:
            st.button(text, key=f"ask_{text}", on_click=fresh(change), kwargs={"question": text, "kind": AUTO})
    try:
        question = parse_question(spec.question)
    except SpecError as error:
        refuse(error.message, icon=":material/edit:")
        return
    solutions = {kind: solve(question, kind, spec.filters) for kind in KINDS}
    kind = spec.kind if spec.kind != AUTO else next((k for k in KINDS if solutions[k].total), "conv")
    st.segmented_control(
        "Operation, with the number of answers",
        list(KINDS),
        format_func=lambda one: f"{KINDS[one]}: {solutions[one].total:,}",
        required=True,
        **bound("kind", kind, among=KINDS),
    )
    _filters(spec, kind)
    if solutions[kind].total:
        _answers(spec, solutions[kind])
    else:
        _no_answer(spec, question, kind, solutions)


def _filters(spec: SolverSpec, kind: str) -> None:
    """Fix any setting, and hide what one does not want. Each operation has only the filters that it can use."""
    names = ["kernel", "stride", "padding", "dilation", *(["output_padding"] if kind == "transposed" else [])]
    if spec.pads == "same" and kind != "transposed":
        names.remove("padding")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for name in names:
            low, high = BOUNDS[name]
            st.selectbox(
                name.replace("_", " ").capitalize(),
                [ANY, *map(str, range(low, high + 1))],
                width=105 if name != "output_padding" else 140,
                **bound(name, show_or_any(getattr(spec, name)), lambda text: None if text == ANY else int(text)),
            )
        if kind != "transposed":
            st.selectbox("Paddings", list(PADS), format_func=PADS.__getitem__, width=190, **bound("pads", spec.pads))
        st.toggle("Odd kernels only", **bound("odd", spec.odd))
        if kind != "transposed":
            st.toggle("Hide what loses cells", **bound("exact", spec.exact))
        if kind == "pool" and spec.pads != "same":
            st.toggle("Ceil mode too", **bound("ceil", spec.ceil))


def _answers(spec: SolverSpec, solution: Solution) -> None:
    """List the answers, simplest first, and look at one."""
    most = min(len(solution.answers), MOST_SHOWN)
    pick = min(spec.pick, most)
    shown = most if spec.everything else min(max(SHOWN_FIRST, pick), most)
    st.markdown(f"**{explain_count(solution)}** The simplest comes first.")
    table, closer = st.columns([2, 1], gap="medium")
    with table:
        with st.container(height=620 if shown > 2 * SHOWN_FIRST else "content", border=False):
            st.html(answer_table(solution, shown, pick))
        _more(spec, solution, shown, most)
        with st.expander("How the answers are ranked, and where we look", icon=":material/sort:"):
            st.markdown(f"{RANKING}\n\n{LOOKED_AT}")
    with closer:
        ranks = range(1, shown + 1)
        st.selectbox(
            "Look closer at answer",
            ranks,
            format_func=lambda rank: f"{rank}: {_short(solution.answers[rank - 1])}",
            **bound("pick", pick, among=ranks),
        )
        _closer(solution, solution.answers[pick - 1])


def _more(spec: SolverSpec, solution: Solution, shown: int, most: int) -> None:
    if shown < most:
        name = f"all {most}" if most == solution.total else f"the first {most} of {solution.total:,}"
        st.button(f"Show {name}", icon=":material/expand_more:", on_click=fresh(change), kwargs={"everything": True})
    elif spec.everything and most > SHOWN_FIRST:
        fewer = {"everything": False, "pick": 1}
        st.button(f"Show {SHOWN_FIRST}", icon=":material/expand_less:", on_click=fresh(change), kwargs=fewer)
    if shown == most < solution.total:
        small_print(f"These are the simplest {most} of {solution.total:,}. The filters narrow them down.")


def answer_table(solution: Solution, shown: int, pick: int) -> str:
    """Write the table of answers; a setting that is the same plain one everywhere has no column."""
    answers = solution.answers[:shown]
    settings = [settings_of(answer.rows, answer.columns) for answer in answers]
    plain = {"Dilation": "1", "Output padding": "0"}
    names = [name for name in settings[0] if name not in plain or any(one[name] != plain[name] for one in settings)]
    columns = [
        Column("No."),
        *(Column(name, number=True) for name in names),
        Column("Unusual", whole=True),
        Column("PyTorch", code=True, whole=True, label=False),
        Column("Stage", whole=True),
    ]
    rows: list[list[Cell]] = []
    for rank, (answer, told) in enumerate(zip(answers, settings, strict=True), start=1):
        unusual = ", ".join(ODDITIES[name][0] for name in answer.oddities) or "nothing"
        code = layer_line(answer.rows, answer.columns)
        rows.append([str(rank), *(told[name] for name in names), unusual, code, _anchor(solution, answer, rank)])
    return html_table(f"{NOUNS[solution.kind][1].capitalize()}, simplest first", columns, rows, picked=[pick - 1])


def _anchor(solution: Solution, answer: Answer, rank: int) -> Cell:
    link = stage_link(solution.question, answer.rows, answer.columns)
    if link is None:
        return "too large"
    text = "Open" if link.exact else f"Open as {say_size(link.size)} → {say_size(link.output)}"
    return Anchor(
        text, f"{link.page}?{urlencode(link.query)}", f"Answer {rank}: open on the stage in a new tab, {text}"
    )


def _short(answer: Answer) -> str:
    told = settings_of(answer.rows, answer.columns)
    words = [f"kernel {told['Kernel']}", f"stride {told['Stride']}", f"padding {told['Padding']}"]
    if told["Dilation"] != "1":
        words.append(f"dilation {told['Dilation']}")
    if told["Output padding"] != "0":
        words.append(f"output padding {told['Output padding']}")
    return ", ".join([*words, "ceil mode"] if answer.rows.ceil or answer.columns.ceil else words)


def _closer(solution: Solution, answer: Answer) -> None:
    """Show the formula with its numbers, what is unusual, the code, and the way to the stage."""
    question = solution.question
    axes = [(answer.rows, question.size[0], "Rows"), (answer.columns, question.size[1], "Columns")]
    alike = question.alike and answer.alike
    for layer, n, name in axes[:1] if alike else axes:
        if not alike:
            st.markdown(f"**{name}**")
        st.latex(size_formula(layer, n))
        if note := dropped_window(layer, n):
            st.markdown(note)
    for sentence in explain_oddities(answer.rows, answer.columns, question, answer.oddities):
        st.markdown(sentence)
    st.code(answer_code(question, answer.rows, answer.columns), language="python", wrap_lines=True)
    show_link(stage_link(question, answer.rows, answer.columns), question, answer)


def show_link(link: StageLink | None, question: Question, answer: Answer) -> None:
    """Open an answer cell by cell; say what a small model of it keeps."""
    if link is None:
        small_print("These settings are larger than the stage can show.")
        return
    if not link.exact:
        loss = "and loses equally many cells" if answer.rows.kind != "transposed" else "by the same rule"
        small_print(
            f"The stage holds small grids, so it shows the same layer on {say_size(link.size)} instead of "
            f"{say_size(question.size)}: it gives {say_size(link.output)} {loss}."
        )
    page, icon = LESSONS[link.page].page, ICONS[answer.rows.kind]
    st.page_link(page, label="See it on the stage", icon=icon, query_params=link.query)


def _no_answer(spec: SolverSpec, question: Question, kind: str, solutions: dict[str, Solution]) -> None:
    """Say why there is none, and offer what works; if no operation works, say it of each."""
    others = [other for other in KINDS if solutions[other].total]
    for failing in [kind] if others else [kind, *(other for other in KINDS if other != kind)]:
        _say_why(spec, question, failing)
    if others:
        st.markdown("Another operation works:")
        with st.container(horizontal=True, gap="small"):
            for other in others:
                label = f"{KINDS[other]}: {solutions[other].total:,}"
                st.button(
                    label, key=f"other_{other}", icon=ICONS[other], on_click=fresh(change), kwargs={"kind": other}
                )
    if spec.filters != SolverSpec().filters:
        plain = {name: getattr(SolverSpec(), name) for name in spec.filters.__slots__}
        st.button("Take all filters away", icon=":material/filter_alt_off:", on_click=fresh(change), kwargs=plain)


def _say_why(spec: SolverSpec, question: Question, kind: str) -> None:
    """Say why one operation has no answer, and which sizes nearby have one."""
    reasons = explain_none(question, kind, spec.filters)
    size, wanted = say_size(question.size), say_size(question.wanted)
    sentences = "  \n".join(reasons.sentences)
    st.markdown(f"**No {NOUNS[kind][0]} turns {size} into {wanted}.** {sentences}")
    if reasons.questions:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown("The nearest that works:", width="content")
            for text in reasons.questions:
                st.button(
                    text, key=f"near_{kind}_{text}", on_click=fresh(change), kwargs={"question": text, "kind": kind}
                )
