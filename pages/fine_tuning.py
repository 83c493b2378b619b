import streamlit as st

from cnnviz.lessons.fine_tuning.view import KEY, show_fine_tuning
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("Fine-tuning", anchor=False)


@lesson_part
def lesson() -> None:
    """The settings, and one network that learns a new task in several ways."""
    show_fine_tuning()


lesson()
