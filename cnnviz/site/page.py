"""A page: which lesson is open, its title, and the part of it that runs again at every move.

A file in `pages/` says which lesson it is and what draws it, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.lessons.lesson import Lesson
from cnnviz.stage.moves import Askable
from cnnviz.stage.operation import Operation
from cnnviz.ui.lesson import EXAMPLE, ROWS, lesson_part, lesson_title, show_note, show_stage
from cnnviz.ui.share import enter

SpecT = TypeVar("SpecT", bound=Askable)
TraceT = TypeVar("TraceT")


def show(lesson: Lesson, draw: Callable[[], None]) -> None:
    """Show a lesson; `draw` alone runs again when the learner changes something."""
    enter(lesson.key)
    st.header(lesson.title, anchor=False)
    lesson_part(lesson.key)(draw)()


def show_on_stage(
    lesson: Lesson,
    operation: Operation[SpecT],
    trace: Callable[[SpecT], TraceT],
    words: Callable[[TraceT], None],
    code: Callable[[TraceT], None],
    *,
    typed: Mapping[str, str] | None = None,
    how: str = ROWS,
    example: str = EXAMPLE,
) -> None:
    """Show a lesson that is a stage, with words and code about what it shows.

    `typed`, `how` and `example` are for the way to type whole grids, if there is one: see `lesson_title`.
    """

    def draw() -> None:
        spec = show_stage(operation)
        show_note(operation, spec)
        try:
            traced = trace(spec)
        except SpecError:
            return  # the stage says what is wrong, and offers what works
        left, right = st.columns(2, gap="large")
        with left:
            words(traced)
        with right:
            code(traced)

    enter(lesson.key)
    if typed is None:
        st.header(lesson.title, anchor=False)
    else:
        lesson_title(lesson.title, operation, typed, how, example)
    lesson_part(lesson.key)(draw)()
