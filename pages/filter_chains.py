import streamlit as st

from cnnviz.lessons.filter_chains.view import KEY, show_filter_chains
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("Filter chains", anchor=False)


@lesson_part
def lesson() -> None:
    """The pictures and the words; only this part runs again when the learner changes something."""
    show_filter_chains()


lesson()
