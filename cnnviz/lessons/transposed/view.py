"""The words of the lesson on transposed convolution."""

from __future__ import annotations

import streamlit as st

from cnnviz.lessons.transposed.code import keras_code, torch_layer, torch_numbers
from cnnviz.lessons.transposed.trace import TransposedTrace
from cnnviz.lessons.transposed.words import (
    explain_added,
    explain_cost,
    explain_equivalent,
    explain_overlap,
    explain_relation,
    explain_shared_sizes,
    explain_size,
    explain_trip,
)


def transposed_words(trace: TransposedTrace) -> None:
    """Say why the output has its size, which convolution it turns back, how its stamps overlap and what it costs."""
    if trip := explain_trip(trace):
        st.subheader("There and back", anchor=False)
        st.markdown(trip)
    st.subheader("Why this size?", anchor=False)
    st.markdown("First the cells that the stamps cover, less what padding takes away, plus what output padding leaves.")
    for formula in explain_size(trace):
        st.latex(formula)
    st.subheader("Which size does it lead back to?", anchor=False)
    st.markdown(explain_shared_sizes(trace))
    if added := explain_added(trace):
        st.markdown(added)
    st.subheader("How the stamps overlap", anchor=False)
    st.markdown(explain_overlap(trace))
    st.subheader("What it costs", anchor=False)
    cost = explain_cost(trace)
    with st.container(horizontal=True):
        st.metric("Weights", f"{cost.weights:,}")
        st.metric("Multiplications", f"{cost.stamps:,}")
        st.metric("Entries of the matrix", f"{cost.matrix:,}")
    st.markdown(cost.sentence)


def transposed_code(trace: TransposedTrace) -> None:
    """Show code that makes the same picture, and the ordinary convolution that does the same."""
    st.subheader("The same in code", anchor=False)
    layer, numbers, keras = st.tabs(["PyTorch", "PyTorch with these numbers", "Keras"])
    layer.code(torch_layer(trace), language="python")
    numbers.code(torch_numbers(trace), language="python")
    keras.code(keras_code(trace), language="python")
    st.subheader("As an ordinary convolution", anchor=False)
    st.markdown("Zeros between and around the input, the kernel turned by 180°, and stride 1 give the same numbers:")
    st.markdown(explain_equivalent(trace))
    if max(trace.spec.dilation) > 1:
        st.markdown("With dilation, $k$ is the reach of the kernel, $d\\,(k-1)+1$.")
    for relation in explain_relation(trace):
        st.markdown(f"**{relation.title}** of the guide to convolution arithmetic: {relation.when}.")
        st.latex(relation.formula)
