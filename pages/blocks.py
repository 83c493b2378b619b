import streamlit as st

from cnnviz.lessons.blocks.view import KEY, show_blocks
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("Batch norm and shortcuts", anchor=False)


@lesson_part
def lesson() -> None:
    """Two stacks of layers and their numbers; only this part runs again when the learner changes something."""
    show_blocks()


lesson()
