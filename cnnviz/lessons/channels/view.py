"""The words of the Channels lesson."""

from __future__ import annotations

import streamlit as st

from cnnviz.lessons.channels.code import keras_code, torch_code
from cnnviz.lessons.channels.trace import ChannelsTrace
from cnnviz.lessons.channels.words import ORDERS, compare_cost, explain_groups, explain_parts, shape_rows

HOW = (
    "One row a line, numbers parted by spaces; an empty line parts channels, or the slices of a kernel. "
    "Channels and sizes follow what you type."
)
EXAMPLE = "1 2 3\n4 5 6\n7 8 9\n\n0 1 0\n1 0 1\n0 1 0"


def channels_words(trace: ChannelsTrace) -> None:
    """Say how the channels come together, which shapes there are, and what it costs."""
    st.subheader("One output channel", anchor=False)
    for formula in explain_parts(trace):
        st.latex(formula)
    st.markdown(explain_groups(trace))
    st.subheader("Shapes", anchor=False)
    st.table(shape_rows(trace))
    for library, order in ORDERS.items():
        st.caption(f"**{library}**: {order}")
    st.subheader("What it costs", anchor=False)
    cost = compare_cost(trace)
    with st.container(horizontal=True):
        for label, weights, multiplications in cost.layers:
            more = f"{multiplications:,} multiplications"
            st.metric(label, f"{weights:,} weights", more, delta_color="off", delta_arrow="off")
    for formula in cost.formulas:
        st.latex(formula)
    st.markdown(cost.sentence)


def channels_code(trace: ChannelsTrace) -> None:
    """Show code that makes the same picture."""
    st.subheader("The same in code", anchor=False)
    layer, numbers, keras = st.tabs(["PyTorch", "PyTorch with these numbers", "Keras"])
    layer.code(torch_code(trace, numbers=False), language="python")
    numbers.code(torch_code(trace, numbers=True), language="python")
    keras.code(keras_code(trace), language="python")
