"""The words of the Pooling lesson."""

from __future__ import annotations

import streamlit as st

from cnnviz.lessons.pooling.code import pooling_keras_code, pooling_torch_code
from cnnviz.lessons.pooling.trace import PoolingTrace
from cnnviz.lessons.pooling.words import (
    explain_pooled_size,
    explain_pooling_cost,
    explain_rounding,
    explain_unpooling,
    explain_values,
)


def pooling_words(trace: PoolingTrace) -> None:
    """Say why the output has its size, how a window becomes a number, and what it costs."""
    st.subheader("Why this size?", anchor=False)
    for formula in explain_pooled_size(trace):
        st.latex(formula)
    st.markdown(explain_rounding(trace))
    st.subheader("From a window to a number", anchor=False)
    st.markdown(explain_values(trace))
    if unpooling := explain_unpooling(trace):
        st.subheader("And back again", anchor=False)
        st.markdown(unpooling)
    st.subheader("What it costs", anchor=False)
    cost = explain_pooling_cost(trace)
    with st.container(horizontal=True):
        st.metric("Parameters", "0")
        st.metric(cost.work, f"{cost.count:,}")
        st.metric("Numbers kept", f"{cost.output_cells} of {cost.input_cells}")
    st.markdown(cost.sentence)


def pooling_code(trace: PoolingTrace) -> None:
    """Show code that makes the same picture."""
    st.subheader("The same in code", anchor=False)
    layer, numbers, keras = st.tabs(["PyTorch", "PyTorch with these numbers", "Keras"])
    layer.code(pooling_torch_code(trace, numbers=False), language="python")
    numbers.code(pooling_torch_code(trace, numbers=True), language="python")
    keras.code(pooling_keras_code(trace), language="python")
