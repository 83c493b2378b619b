import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.lessons.transposed.controls import TRANSPOSED
from cnnviz.lessons.transposed.trace import trace_transposed
from cnnviz.lessons.transposed.view import transposed_code, transposed_words
from cnnviz.ui.lesson import lesson_part, lesson_title, show_note, show_stage
from cnnviz.ui.share import enter

enter(TRANSPOSED.key)
lesson_title("Transposed convolution", TRANSPOSED, {"input": "size", "kernel": "kernel"})


@lesson_part
def lesson() -> None:
    """The stage and the words about it; only this part runs again when the learner moves something."""
    spec = show_stage(TRANSPOSED)
    show_note(TRANSPOSED, spec)
    try:
        trace = trace_transposed(spec)
    except SpecError:
        return  # the stage says what is wrong, and offers what works
    words, code = st.columns(2, gap="large")
    with words:
        transposed_words(trace)
    with code:
        transposed_code(trace)


lesson()
