"""The words of the lesson on the matrix form."""

from __future__ import annotations

import streamlit as st

from cnnviz.lessons.convolution.words import explain_size
from cnnviz.lessons.matrix.code import layers_code, matrix_code
from cnnviz.lessons.matrix.trace import MatrixTrace
from cnnviz.lessons.matrix.words import (
    explain_layers,
    explain_matrix,
    explain_product,
    explain_saving,
    explain_work,
    explain_zeros,
)


def matrix_words(trace: MatrixTrace) -> None:
    """Say how the matrix reads, what in it is zero, and what sharing saves."""
    st.subheader("How the matrix reads", anchor=False)
    st.markdown(explain_product(trace))
    for formula in explain_matrix(trace):
        st.latex(formula)
    st.subheader("Zeros and shared weights", anchor=False)
    counts = trace.counts
    with st.container(horizontal=True):
        st.metric("Entries of the matrix", f"{counts.dense:,}")
        st.metric("Always zero", f"{counts.zeros / counts.dense:.0%}")
        st.metric("Parameters", f"{counts.shared:,}")
    st.markdown(explain_zeros(trace))
    st.subheader("Three layers of this size", anchor=False)
    st.markdown(explain_layers(trace))
    st.markdown(explain_saving(trace))


def matrix_code_panel(trace: MatrixTrace) -> None:
    """Show code that builds the matrix, and why one does not."""
    st.subheader("The same in code", anchor=False)
    matrix, layers = st.tabs(["Build the matrix", "Three layers"])
    matrix.code(matrix_code(trace), language="python")
    layers.code(layers_code(trace), language="python")
    st.subheader("Why this many rows?", anchor=False)
    st.markdown("The matrix has a row for each output. The size of the output:")
    for formula in explain_size(trace.conv):
        st.latex(formula)
    st.subheader("Nobody builds it", anchor=False)
    st.markdown(explain_work(trace))
