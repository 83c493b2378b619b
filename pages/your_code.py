import streamlit as st

from cnnviz.lessons.your_code.view import KEY, show_your_code
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("Your code", anchor=False)


@lesson_part
def lesson() -> None:
    """The code, what it builds and where it breaks; only this part runs again when the learner changes something."""
    show_your_code()


lesson()
