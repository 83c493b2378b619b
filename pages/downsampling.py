import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.lessons.downsampling.controls import DOWNSAMPLING
from cnnviz.lessons.downsampling.trace import trace_downsampling
from cnnviz.lessons.downsampling.view import downsampling_code_panel, downsampling_words
from cnnviz.ui.lesson import lesson_part, lesson_title, show_note, show_stage
from cnnviz.ui.share import enter

enter(DOWNSAMPLING.key)
lesson_title("Down-sampling", DOWNSAMPLING, {"input": "size"})


@lesson_part
def lesson() -> None:
    """The stage and the words about it; only this part runs again when the learner moves something."""
    spec = show_stage(DOWNSAMPLING)
    show_note(DOWNSAMPLING, spec)
    try:
        trace = trace_downsampling(spec)
    except SpecError:
        return  # the stage says what is wrong, and offers what works
    words, code = st.columns(2, gap="large")
    with words:
        downsampling_words(trace)
    with code:
        downsampling_code_panel(trace)


lesson()
