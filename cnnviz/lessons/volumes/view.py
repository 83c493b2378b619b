"""The words of the Volumes lesson."""

from __future__ import annotations

import streamlit as st

from cnnviz.lessons.volumes.code import factored_code, torch_code
from cnnviz.lessons.volumes.trace import VolumesTrace
from cnnviz.lessons.volumes.words import (
    AXES_WORDS,
    SHAPES_WORDS,
    SIZE_FORMULA,
    compare_layers,
    explain_factors,
    explain_motion,
    explain_ratio,
    explain_sizes,
    explain_weights,
    shape_rows,
)

HOW = (
    "One row a line, numbers parted by spaces; an empty line parts the frames. "
    "Film and kernel take the size of what you type. In 1-D, one row has a number for each frame."
)
EXAMPLE = "1 0 0\n1 0 0\n\n0 1 0\n0 1 0"


def volumes_words(trace: VolumesTrace) -> None:
    """Say how every axis gets its size, what the kernel can see, which shapes there are, and what it costs.

    In few elements: each is a message to every browser in the hall, at every move of a slider.
    """
    st.subheader("One axis at a time", anchor=False)
    st.latex(SIZE_FORMULA)
    st.latex(explain_sizes(trace))
    shapes = "\n".join(f"| {row['What']} | {row['Shape']} | {row['Order']} |" for row in shape_rows(trace))
    costs = "\n".join(
        f"| {row.layer} | {row.kernel} | {row.weights:,} | {row.multiplications:,} |" for row in compare_layers(trace)
    )
    st.markdown(
        f"""
{AXES_WORDS[trace.spec.dims]}

#### What the kernel sees
{explain_motion(trace)}

#### Shapes
| What | Shape | Order |
|:--|:--|:--|
{shapes}

{SHAPES_WORDS[trace.spec.dims]}

#### What it costs
| Layer | Kernel | Weights | Multiplications |
|:--|:--|--:|--:|
{costs}

{explain_weights(trace)}
"""
    )
    if trace.spec.dims == 3:
        st.latex(explain_ratio(trace))
        st.markdown(explain_factors(trace))


def volumes_code(trace: VolumesTrace) -> None:
    """Show code that makes the same picture."""
    st.subheader("The same in code", anchor=False)
    names = ["PyTorch", "PyTorch with these numbers"]
    layer, numbers, *more = st.tabs([*names, "As (2+1)-D"] if trace.spec.dims == 3 else names)
    layer.code(torch_code(trace, numbers=False), language="python")
    numbers.code(torch_code(trace, numbers=True), language="python")
    for tab in more:
        tab.code(factored_code(trace), language="python")
