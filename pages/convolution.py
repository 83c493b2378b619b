import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.lessons.convolution.controls import CONVOLUTION
from cnnviz.lessons.convolution.trace import trace_convolution
from cnnviz.lessons.convolution.view import convolution_code, convolution_words
from cnnviz.ui.lesson import lesson_part, lesson_title, show_note, show_stage
from cnnviz.ui.share import enter

enter(CONVOLUTION.key)
lesson_title("Convolution", CONVOLUTION, {"input": "size", "kernel": "kernel"})


@lesson_part
def lesson() -> None:
    """The stage and the words about it; only this part runs again when the learner moves something."""
    spec = show_stage(CONVOLUTION)
    show_note(CONVOLUTION, spec)
    try:
        trace = trace_convolution(spec)
    except SpecError:
        return  # the stage says what is wrong, and offers what works
    words, code = st.columns(2, gap="large")
    with words:
        convolution_words(trace)
    with code:
        convolution_code(trace)


lesson()
