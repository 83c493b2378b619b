import streamlit as st

from cnnviz.lessons.train_filter.view import KEY, show_train_filter
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("Train a filter", anchor=False)


@lesson_part
def lesson() -> None:
    """The settings, and the training that moves by itself while it runs."""
    show_train_filter()


lesson()
