import streamlit as st

from cnnviz.engine.signals_trace import trace_signal
from cnnviz.errors import SpecError
from cnnviz.scenes.signals_controls import SIGNALS_OPERATION
from cnnviz.ui.functions import show_functions
from cnnviz.ui.lesson import lesson_part, show_note, show_stage
from cnnviz.ui.share import enter
from cnnviz.ui.signals import choose_part, signal_code_panel, signal_words, typed_signal

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
