import streamlit as st

from cnnviz.lessons.learned_kernels.view import show_learned_kernels
from cnnviz.lessons.learned_kernels.view_state import KEY
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("Learned kernels", anchor=False)


@lesson_part
def lesson() -> None:
    """The kernels, and what excites a unit; only this part runs again when the learner changes something."""
    show_learned_kernels()


lesson()
