import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.lessons.pooling.controls import POOLING
from cnnviz.lessons.pooling.trace import trace_pooling
from cnnviz.lessons.pooling.view import pooling_code, pooling_words
from cnnviz.ui.lesson import lesson_part, lesson_title, show_note, show_stage
from cnnviz.ui.share import enter

enter(POOLING.key)
lesson_title("Pooling", POOLING, {"input": "size"})


@lesson_part
def lesson() -> None:
    """The stage and the words about it; only this part runs again when the learner moves something."""
    spec = show_stage(POOLING)
    show_note(POOLING, spec)
    try:
        trace = trace_pooling(spec)
    except SpecError:
        return  # the stage says what is wrong, and offers what works
    words, code = st.columns(2, gap="large")
    with words:
        pooling_words(trace)
    with code:
        pooling_code(trace)


lesson()
