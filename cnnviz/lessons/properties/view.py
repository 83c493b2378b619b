"""The words of the Properties lesson."""

from __future__ import annotations

import streamlit as st

from cnnviz.lessons.properties.code import properties_code
from cnnviz.lessons.properties.trace import PropertiesTrace
from cnnviz.lessons.properties.words import explain_property


def property_words(trace: PropertiesTrace) -> None:
    """Say the law, why it holds, where it ends, and what was measured."""
    law = explain_property(trace)
    st.subheader(law.title, anchor=False)
    st.latex(law.formula)
    for sentence in law.sentences:
        st.markdown(sentence)
    with st.container(horizontal=True):
        for label, value in law.measures:
            st.metric(label, value)


def property_code(trace: PropertiesTrace) -> None:
    """Show code that runs the same experiment."""
    st.subheader("The same in code", anchor=False)
    st.code(properties_code(trace), language="python")
