import streamlit as st

from cnnviz.lessons.augmentation.view import KEY, show_augment
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("Augmentation", anchor=False)


@lesson_part
def lesson() -> None:
    """The picture and its variants; only this part runs again when the learner changes something."""
    show_augment()


lesson()
