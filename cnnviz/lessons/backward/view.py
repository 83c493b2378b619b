"""The words of the Backward lesson."""

from __future__ import annotations

import streamlit as st

from cnnviz.lessons.backward.code import autograd_code, hands_code
from cnnviz.lessons.backward.trace import BackwardTrace
from cnnviz.lessons.backward.words import explain_gradients, explain_line

ABOUT = (
    "L is any loss. Its gradient by the output, dL/dy, comes from the next layer; choose it or type it. "
    "A convolution turns it into the gradients of its input, its weights and its bias."
)


def backward_words(trace: BackwardTrace) -> None:
    """Say what each gradient is, the one on the stage first."""
    st.markdown(ABOUT)
    if line := explain_line(trace):
        st.markdown(f"**Here:** {line}")
    for part in explain_gradients(trace):
        st.subheader(part.title, anchor=False)
        for formula in part.formulas:
            st.latex(formula)
        st.markdown(part.sentence)


def backward_code(trace: BackwardTrace) -> None:
    """Show code that prints the same gradients."""
    st.subheader("The same in code", anchor=False)
    autograd, hands = st.tabs(["PyTorch autograd", "Two convolutions"])
    autograd.code(autograd_code(trace), language="python")
    hands.code(hands_code(trace), language="python")
