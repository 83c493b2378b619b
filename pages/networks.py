import streamlit as st

from cnnviz.lessons.networks.view import KEY, show_networks
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("Networks", anchor=False)


@lesson_part
def lesson() -> None:
    """The network, its numbers and its table; only this part runs again when the learner changes something."""
    show_networks()


lesson()
