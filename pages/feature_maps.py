import streamlit as st

from cnnviz.lessons.feature_maps.view import show_feature_maps
from cnnviz.lessons.feature_maps.view_controls import KEY
from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter

enter(KEY)
st.header("Feature maps", anchor=False)


@lesson_part
def lesson() -> None:
    """The picture, the maps and the scores; only this part runs again when the learner changes something."""
    show_feature_maps()


lesson()
