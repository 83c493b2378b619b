import streamlit as st

from cnnviz.spec.solver import TOOLS
from cnnviz.ui.holdings import keep_in_the_tab
from cnnviz.ui.notes import show_notes
from cnnviz.ui.share import enter
from cnnviz.ui.solver import show_solve
from cnnviz.ui.solver_chain import show_chain, show_inputs
from cnnviz.ui.solver_open import show_open
from cnnviz.ui.solver_quiz import show_practise
from cnnviz.ui.solver_state import KEY, bound, solver_state
from cnnviz.ui.solver_table import show_styles

SHOW = {"solve": show_solve, "open": show_open, "inputs": show_inputs, "chain": show_chain, "practise": show_practise}

enter(KEY)
st.header("Solver", anchor=False)
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
