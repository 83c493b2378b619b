import streamlit as st

from cnnviz.lessons.translation.view import show_translation
from cnnviz.lessons.translation.view_parts import KEY
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("Translation", anchor=False)


@lesson_part
def lesson() -> None:
    """The picture, both paths and the numbers; only this part runs again when the learner changes something."""
    show_translation()


lesson()
