import streamlit as st

from cnnviz.lessons.pixels.view import KEY, show_pixels
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("Pixels", anchor=False)


@lesson_part
def lesson() -> None:
    """The picture, its numbers and their order; only this part runs again when the learner changes something."""
    show_pixels()


lesson()
