import streamlit as st

from cnnviz.lessons.where_it_looks.view import KEY, show_where
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("Where it looks", anchor=False)


@lesson_part
def lesson() -> None:
    """The picture, its maps and their test; only this part runs again when the learner changes something."""
    show_where()


lesson()
