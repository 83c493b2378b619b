"""The words of the Pixel shuffle lesson."""

from __future__ import annotations

import streamlit as st

from cnnviz.lessons.shuffle.trace import ShuffleTrace
from cnnviz.lessons.shuffle.words import (
    explain_meaning,
    explain_places,
    explain_shapes,
    explain_shuffle_price,
    shuffle_numpy_code,
    shuffle_torch_code,
)


def shuffle_words(trace: ShuffleTrace) -> None:
    """Say what moves where, and what it costs."""
    st.subheader("From shape to shape", anchor=False)
    st.latex(explain_shapes(trace))
    st.markdown(explain_meaning(trace))
    st.subheader("Which number goes where", anchor=False)
    st.latex(explain_places(trace))
    st.markdown(f"Here r = {trace.spec.factor}, and i and j count rows and columns inside a block.")
    st.subheader("What it costs", anchor=False)
    st.markdown(explain_shuffle_price(trace))


def shuffle_code(trace: ShuffleTrace) -> None:
    """Show code that makes the same picture."""
    st.subheader("The same in code", anchor=False)
    torch, numpy = st.tabs(["PyTorch", "NumPy"])
    torch.code(shuffle_torch_code(trace), language="python")
    numpy.code(shuffle_numpy_code(trace), language="python")
