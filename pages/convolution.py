import streamlit as st

from cnnviz.ui.convolution import convolution_stage
from cnnviz.ui.share import enter

enter("convolution")
st.title("Convolution")


@st.fragment
def lesson() -> None:
    """The stage and the words about it; only this part runs again when the learner moves something."""
    convolution_stage()


lesson()
