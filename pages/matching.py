import streamlit as st

from cnnviz.lessons.matching.view import KEY, show_matching
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("Match a template", anchor=False)


@lesson_part
def lesson() -> None:
    """The picture, the template and the score map; only this part runs again when the learner changes something."""
    show_matching()


lesson()
