import streamlit as st

from cnnviz.lessons.build.view import KEY, show_build
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("Build a network", anchor=False)


@lesson_part
def lesson() -> None:
    """The network, its picture, and the layer that is changed; only this part runs again at every edit."""
    show_build()


lesson()
