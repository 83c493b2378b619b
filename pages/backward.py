import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.lessons.backward.controls import BACKWARD
from cnnviz.lessons.backward.trace import trace_backward
from cnnviz.lessons.backward.view import backward_code, backward_words
from cnnviz.ui.lesson import lesson_part, lesson_title, show_note, show_stage
from cnnviz.ui.share import enter

enter(BACKWARD.key)
lesson_title("Backward", BACKWARD, {"input": "size", "kernel": "kernel"})


@lesson_part
def lesson() -> None:
    """The stage and the words about it; only this part runs again when the learner moves something."""
    spec = show_stage(BACKWARD)
    show_note(BACKWARD, spec)
    try:
        trace = trace_backward(spec)
    except SpecError:
        return  # the stage says what is wrong, and offers what works
    words, code = st.columns(2, gap="large")
    with words:
        backward_words(trace)
    with code:
        backward_code(trace)


lesson()
