import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.lessons.channels.controls import CHANNELS_OPERATION
from cnnviz.lessons.channels.trace import trace_channels
from cnnviz.lessons.channels.view import EXAMPLE, HOW, channels_code, channels_words
from cnnviz.ui.lesson import lesson_part, lesson_title, show_note, show_stage
from cnnviz.ui.share import enter

enter(CHANNELS_OPERATION.key)
lesson_title("Channels and groups", CHANNELS_OPERATION, {}, HOW, EXAMPLE)


@lesson_part
def lesson() -> None:
    """The stage and the words about it; only this part runs again when the learner moves something."""
    spec = show_stage(CHANNELS_OPERATION)
    show_note(CHANNELS_OPERATION, spec)
    try:
        trace = trace_channels(spec)
    except SpecError:
        return  # the stage says what is wrong, and offers what works
    words, code = st.columns(2, gap="large")
    with words:
        channels_words(trace)
    with code:
        channels_code(trace)


lesson()
