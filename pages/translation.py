import streamlit as st

from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter
from cnnviz.ui.translation import show_translation
from cnnviz.ui.translation_views import KEY

enter(KEY)
st.header("Translation", anchor=False)


@lesson_part
def lesson() -> None:
    """The picture, both paths and the numbers; only this part runs again when the learner changes something."""
    show_translation()


lesson()
