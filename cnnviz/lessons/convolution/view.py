"""The words of the Convolution lesson."""

from __future__ import annotations

import streamlit as st

from cnnviz.lessons.convolution.code import keras_code, torch_code
from cnnviz.lessons.convolution.trace import ConvolutionTrace
from cnnviz.lessons.convolution.words import explain_border, explain_cost, explain_kernel, explain_size


def convolution_words(trace: ConvolutionTrace) -> None:
    """Say why the output has its size, what happens at the border, and what it costs.

    In few elements: each is a message to every browser in the hall, at every move of a slider.
    """
    st.subheader("Why this size?", anchor=False)
    for formula in explain_size(trace):
        st.latex(formula)
    cost = explain_cost(trace)
    st.markdown(
        f"""
#### At the border
{explain_border(trace)}

#### What it costs
| Weights | Multiplications | Weights, if dense |
|--:|--:|--:|
| {cost.weights:,} | {cost.multiplications:,} | {cost.dense_weights:,} |

{cost.sentence}

{explain_kernel(trace)}
"""
    )


def convolution_code(trace: ConvolutionTrace) -> None:
    """Show code that makes the same picture."""
    st.subheader("The same in code", anchor=False)
    layer, numbers, keras = st.tabs(["PyTorch", "PyTorch with these numbers", "Keras"])
    layer.code(torch_code(trace, numbers=False), language="python")
    numbers.code(torch_code(trace, numbers=True), language="python")
    keras.code(keras_code(trace), language="python")
