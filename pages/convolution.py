import streamlit as st

from cnnviz.engine.trace import ConvolutionTrace
from cnnviz.ui.convolution import (
    convolution_code,
    convolution_note,
    convolution_stage,
    convolution_words,
    typed_numbers,
)
from cnnviz.ui.share import enter

enter("convolution")
st.header("Convolution", anchor=False)


@st.fragment
def lesson() -> None:
    """The stage and the words about it; only this part runs again when the learner moves something."""
    spec, trace = convolution_stage()
    convolution_note(spec)
    typed_numbers(spec)
    if isinstance(trace, ConvolutionTrace):
        words, code = st.columns(2, gap="large")
        with words:
            convolution_words(trace)
        with code:
            convolution_code(trace)


lesson()
