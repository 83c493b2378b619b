import streamlit as st

from cnnviz.lessons.receptive_field.view import show_receptive_field
from cnnviz.lessons.receptive_field.view_controls import KEY
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("Receptive field", anchor=False)


@lesson_part
def lesson() -> None:
    """The picture, the field and its numbers; only this part runs again when the learner changes something."""
    show_receptive_field()


lesson()
