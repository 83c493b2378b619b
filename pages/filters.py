import streamlit as st

from cnnviz.lessons.filters.view import KEY, show_filters
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("Filters", anchor=False)


@lesson_part
def lesson() -> None:
    """The picture before and after, and its words; only this part runs again when the learner changes something."""
    show_filters()


lesson()
