"""The slide: one component of the page, which lets one function slide over another and answers with commits.

Its message holds every curve, so that the browser needs no server while something moves; its commits have the form of
a stage's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
import streamlit as st

from cnnviz.ui.stage import boot


@st.cache_resource
def _component() -> Callable[..., Any]:
    """Register the component: once a process, or again when a developer changed its files."""
    return st.components.v2.component("cnnviz_slide", js=boot("slide.js"), isolate_styles=False)


def show_slide(message: Mapping[str, Any], *, key: str) -> None:
    """Draw a slide; what the learner does with it comes back by `read_commit` in the next run."""
    _component()(data=orjson.dumps(message).decode(), key=key, on_commit_change=_nothing)


def _nothing() -> None:
    """Streamlit keeps a component's state only if somebody listens to it."""
