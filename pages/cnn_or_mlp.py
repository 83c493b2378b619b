import streamlit as st

from cnnviz.lessons.cnn_or_mlp.view import KEY, show_cnn_or_mlp
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("CNN or MLP", anchor=False)


@lesson_part
def lesson() -> None:
    """The settings, and two networks that learn side by side."""
    show_cnn_or_mlp()


lesson()
