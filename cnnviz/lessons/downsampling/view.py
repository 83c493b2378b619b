"""The words of the Down-sampling lesson."""

from __future__ import annotations

import streamlit as st

from cnnviz.lessons.downsampling.trace import DownsamplingTrace
from cnnviz.lessons.downsampling.words import downsampling_code, explain_equality, explain_price, explain_ways


def downsampling_words(trace: DownsamplingTrace) -> None:
    """Say what each way costs and keeps."""
    st.subheader("What each one keeps", anchor=False)
    st.markdown("\n".join(f"- {way.sentence}" for way in explain_ways(trace)))
    if trace.spec.convolves:
        st.subheader("Stride equals no stride, then dropping", anchor=False)
        st.markdown(explain_equality(trace))
    if trace.spec.look in {"all", "shuffle"}:
        st.subheader("Why not always keep everything?", anchor=False)
        st.markdown(explain_price(trace))


def downsampling_code_panel(trace: DownsamplingTrace) -> None:
    """Show code that makes the same numbers."""
    st.subheader("The same in code", anchor=False)
    layers, numbers = st.tabs(["PyTorch", "PyTorch with these numbers"])
    layers.code(downsampling_code(trace, numbers=False), language="python")
    numbers.code(downsampling_code(trace, numbers=True), language="python")
