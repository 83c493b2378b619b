import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.lessons.shuffle.controls import SHUFFLE
from cnnviz.lessons.shuffle.trace import trace_shuffle
from cnnviz.lessons.shuffle.view import shuffle_code, shuffle_words
from cnnviz.ui.lesson import lesson_part, show_note, show_stage
from cnnviz.ui.share import enter

enter(SHUFFLE.key)
st.header("Pixel shuffle", anchor=False)


@lesson_part
def lesson() -> None:
    """The stage and the words about it; only this part runs again when the learner moves something."""
    spec = show_stage(SHUFFLE)
    show_note(SHUFFLE, spec)
    try:
        trace = trace_shuffle(spec)
    except SpecError:
        return  # the stage says what is wrong, and offers what works
    words, code = st.columns(2, gap="large")
    with words:
        shuffle_words(trace)
    with code:
        shuffle_code(trace)


lesson()
