import streamlit as st

from cnnviz.engine.properties_trace import trace_properties
from cnnviz.errors import SpecError
from cnnviz.scenes.properties_controls import PROPERTIES_OPERATION, typed_sizes
from cnnviz.ui.lesson import lesson_part, show_note, show_stage, typed_numbers
from cnnviz.ui.properties import property_code, property_words
from cnnviz.ui.share import enter

enter(PROPERTIES_OPERATION.key)
st.header("Properties", anchor=False)


@lesson_part
def lesson() -> None:
    """The stage and the words about it; only this part runs again when the learner moves something."""
    spec = show_stage(PROPERTIES_OPERATION)
    show_note(PROPERTIES_OPERATION, spec)
    typed_numbers(PROPERTIES_OPERATION, typed_sizes(spec))
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
