"""The words of the Convolution lesson."""

from __future__ import annotations

import streamlit as st

from cnnviz.engine.trace import ConvolutionTrace
from cnnviz.explain.code import keras_code, torch_code
from cnnviz.explain.convolution import explain_border, explain_cost, explain_kernel, explain_size


def convolution_words(trace: ConvolutionTrace) -> None:
    """Say why the output has its size, what happens at the border, and what it costs."""
    st.subheader("Why this size?", anchor=False)
    for formula in explain_size(trace):
        st.latex(formula)
    st.subheader("At the border", anchor=False)
    st.markdown(explain_border(trace))
    st.subheader("What it costs", anchor=False)
    cost = explain_cost(trace)
    with st.container(horizontal=True):
        st.metric("Weights", f"{cost.weights:,}")
        st.metric("Multiplications", f"{cost.multiplications:,}")
        st.metric("Weights, if dense", f"{cost.dense_weights:,}")
    st.markdown(cost.sentence)
    st.markdown(explain_kernel(trace))


def convolution_code(trace: ConvolutionTrace) -> None:
    """Show code that makes the same picture."""
    st.subheader("The same in code", anchor=False)
    layer, numbers, keras = st.tabs(["PyTorch", "PyTorch with these numbers", "Keras"])
    layer.code(torch_code(trace, numbers=False), language="python")
    numbers.code(torch_code(trace, numbers=True), language="python")
    keras.code(keras_code(trace), language="python")
