import streamlit as st

from cnnviz.errors import SpecError
from cnnviz.lessons.signals.controls import SIGNALS_OPERATION
from cnnviz.lessons.signals.trace import trace_signal
from cnnviz.lessons.signals.view import choose_part, signal_code_panel, signal_words, typed_signal
from cnnviz.lessons.signals.view_functions import show_functions
from cnnviz.ui.lesson import lesson_part, show_note, show_stage
from cnnviz.ui.share import enter

enter(SIGNALS_OPERATION.key)
st.header("Signals", anchor=False)


@lesson_part
def lesson() -> None:
    """Cells or functions; only this part runs again when the learner moves something."""
    if choose_part() == "functions":
        show_functions()
        return
    spec = show_stage(SIGNALS_OPERATION)
    show_note(SIGNALS_OPERATION, spec)
    typed_signal(spec)
    try:
        trace = trace_signal(spec)
    except SpecError:
        return  # the stage says what is wrong, and offers what works
    words, code = st.columns(2, gap="large")
    with words:
        signal_words(trace)
    with code:
        signal_code_panel(trace)


lesson()
