import streamlit as st

from cnnviz.lessons.solver import LESSON
from cnnviz.lessons.solver.spec import TOOLS
from cnnviz.lessons.solver.view import show_solve
from cnnviz.lessons.solver.view_chain import show_chain, show_inputs
from cnnviz.lessons.solver.view_open import show_open
from cnnviz.lessons.solver.view_quiz import show_practise
from cnnviz.lessons.solver.view_state import bound, solver_state
from cnnviz.ui.cards import show_styles
from cnnviz.ui.holdings import keep_in_the_tab
from cnnviz.ui.notes import show_notes
from cnnviz.ui.share import enter

SHOW = {"solve": show_solve, "open": show_open, "inputs": show_inputs, "chain": show_chain, "practise": show_practise}

enter(LESSON.key)
st.header(LESSON.title, anchor=False)
show_styles()


@st.fragment
def lesson() -> None:
    """One tool at a time; only this part runs again when the learner changes something."""
    spec, notes = solver_state()
    show_notes(notes)
    st.segmented_control(
        "Tool",
        list(TOOLS),
        format_func=TOOLS.__getitem__,
        required=True,
        label_visibility="collapsed",
        **bound("tool", spec.tool),
    )
    SHOW[spec.tool](spec)
    keep_in_the_tab()


lesson()
