import streamlit as st

from cnnviz.lessons.frameworks.view import KEY, show_frameworks
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("Frameworks", anchor=False)


@lesson_part
def lesson() -> None:
    """The layer under every padding; only this part runs again when the learner changes something."""
    show_frameworks()


lesson()
