"""The Solver's practice: one question for everybody with the same link; the score stays in the session."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cnnviz.lessons.solver.spec import LEVELS, SolverSpec
from cnnviz.lessons.solver.spec_question import Question
from cnnviz.lessons.solver.trace import Answer
from cnnviz.lessons.solver.trace_links import stage_link
from cnnviz.lessons.solver.trace_quiz import Quiz, make_quiz
from cnnviz.lessons.solver.view import show_link
from cnnviz.lessons.solver.view_state import bound, change
from cnnviz.lessons.solver.words_quiz import prompt, solution_formulas, solution_notes, verdict
from cnnviz.ui.cards import small_print
from cnnviz.ui.holdings import note_holding
from cnnviz.ui.notes import approve, inform, warn
from cnnviz.ui.share import fresh

TRIES = "_solver_tries"
LAST_SEED = 9999


def show_practise(spec: SolverSpec) -> None:
    """Ask, judge, explain, and count."""
    st.segmented_control(
        "Level",
        list(LEVELS),
        format_func=lambda level: f"{level}: {LEVELS[level]}",
        required=True,
        **bound("level", spec.level),
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input("Question number", 0, LAST_SEED, width=180, **bound("seed", spec.seed))
        st.button("Next question", icon=":material/arrow_forward:", on_click=fresh(_next), args=(spec.seed,))
    small_print(
        "The link in the address bar holds the level and the question number, so everybody can get the same one."
    )
    quiz = make_quiz(spec.level, spec.seed)
    question, score = st.columns([3, 2], gap="large")
    with question:
        _ask(quiz)
    with score:
        _score()


def _next(seed: int) -> None:
    change(seed=seed + 1 if seed < LAST_SEED else 0)


def _tries() -> dict[tuple[int, int], dict[str, Any]]:
    """What the learner has answered in this session: nobody else sees it."""
    tries: dict[tuple[int, int], dict[str, Any]] = st.session_state.setdefault(TRIES, {})
    return tries


def _ask(quiz: Quiz) -> None:
    """Show the question, a box for the answer, and what is known about it so far."""
    st.markdown(prompt(quiz))
    name = (quiz.level, quiz.seed)
    tried = _tries().get(name)
    form = st.form(f"answer_{quiz.level}_{quiz.seed}", border=False)
    with form, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        given = st.number_input("Your answer", 0, 99_999, value=None, step=1, width=180)
        checked = st.form_submit_button("Check", type="primary", icon=":material/check:")
        shown = st.form_submit_button("Show the answer", icon=":material/visibility:")
    if checked and given is None:
        inform("Type a whole number first.", icon=":material/edit:")
        return
    if checked or shown:
        tried = _tries().setdefault(name, {"first": checked and given == quiz.answer})
        note_holding("answers")
        tried["given"] = given if checked else None
        tried["shown"] = tried.get("shown", False) or shown
    if tried:
        _judge(quiz, tried)


def _judge(quiz: Quiz, tried: dict[str, Any]) -> None:
    """Say whether the last answer is right; explain when it is, or when the learner asks."""
    given = tried["given"]
    right = given == quiz.answer
    if given is not None and right:
        approve(verdict(quiz, given), icon=":material/check_circle:")
    elif given is not None:
        warn(verdict(quiz, given), icon=":material/replay:")
    if not (right or tried["shown"]):
        return
    if not right:
        st.markdown(f"The answer is **{quiz.answer}**.")
    for formula in solution_formulas(quiz):
        st.latex(formula)
    for note in solution_notes(quiz):
        st.markdown(note)
    if len(quiz.layers) == 1:
        layer, size = quiz.layers[0], (quiz.n, quiz.n)
        wanted = size if quiz.ask == "padding" else (quiz.answer, quiz.answer)
        question = Question(size, wanted)
        show_link(stage_link(question, layer, layer), question, Answer(layer, layer, ()))


def _score() -> None:
    """Count what was right at the first try."""
    tries = _tries()
    right = sum(tried["first"] for tried in tries.values())
    with st.container(horizontal=True):
        st.metric("Right at the first try", right)
        st.metric("Questions answered", len(tries))
    small_print("The score is kept only while this page is open, and only for you.")
