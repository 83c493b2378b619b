import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.lessons.properties.controls import PROPERTIES_OPERATION
from cnnviz.lessons.properties.trace import trace_properties
from cnnviz.lessons.properties.view import property_code, property_words
from cnnviz.ui.lesson import lesson_part, lesson_title, show_note, show_stage
from cnnviz.ui.share import enter

enter(PROPERTIES_OPERATION.key)
lesson_title("Properties", PROPERTIES_OPERATION, {"input": "size", "kernel": "kernel"})


@lesson_part
def lesson() -> None:
    """The stage and the words about it; only this part runs again when the learner moves something."""
    spec = show_stage(PROPERTIES_OPERATION)
    show_note(PROPERTIES_OPERATION, spec)
    try:
        trace = trace_properties(spec)
    except SpecError:
        return  # the stage says what is wrong, and offers what works
    words, code = st.columns(2, gap="large")
    with words:
        property_words(trace)
    with code:
        property_code(trace)


lesson()
