import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.lessons.matrix.controls import MATRIX
from cnnviz.lessons.matrix.trace import trace_matrix
from cnnviz.lessons.matrix.view import matrix_code_panel, matrix_words
from cnnviz.ui.lesson import lesson_part, lesson_title, show_note, show_stage
from cnnviz.ui.share import enter

enter(MATRIX.key)
lesson_title("Matrix form", MATRIX, {"input": "size", "kernel": "kernel"})


@lesson_part
def lesson() -> None:
    """The stage and the words about it; only this part runs again when the learner moves something."""
    spec = show_stage(MATRIX)
    show_note(MATRIX, spec)
    try:
        trace = trace_matrix(spec)
    except SpecError:
        return  # the stage says what is wrong, and offers what works
    words, code = st.columns(2, gap="large")
    with words:
        matrix_words(trace)
    with code:
        matrix_code_panel(trace)


lesson()
