import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.lessons.volumes.controls import VOLUMES_OPERATION
from cnnviz.lessons.volumes.trace import trace_volumes
from cnnviz.lessons.volumes.view import EXAMPLE, HOW, volumes_code, volumes_words
from cnnviz.ui.lesson import lesson_part, lesson_title, show_note, show_stage
from cnnviz.ui.share import enter

enter(VOLUMES_OPERATION.key)
lesson_title("Volumes", VOLUMES_OPERATION, {}, HOW, EXAMPLE)


@lesson_part
def lesson() -> None:
    """The stage and the words about it; only this part runs again when the learner moves something."""
    spec = show_stage(VOLUMES_OPERATION)
    show_note(VOLUMES_OPERATION, spec)
    try:
        trace = trace_volumes(spec)
    except SpecError:
        return  # the stage says what is wrong, and offers what works
    words, code = st.columns(2, gap="large")
    with words:
        volumes_words(trace)
    with code:
        volumes_code(trace)


lesson()
