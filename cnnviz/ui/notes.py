"""Notes of a page to its learner. They repeat words from outside, so each is shown as the plain text that it is.

    warn(error.message, icon=":material/block:")
    show_notes(notes)                                     # what a link asked for and did not get
    refuse(Markdown(f"**{as_markdown(name)}** stops."))   # the learner's words within words of ours

A test sees to it that no other module draws such a box.
"""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from cnnviz.quoting import as_markdown

LINK = ":material/link_off:"


def show_notes(notes: Iterable[str], icon: str = LINK) -> None:
    """Say what was wrong with a link, a sentence each."""
    for note in notes:
        warn(note, icon=icon)


def warn(note: str, *, icon: str | None = None) -> None:
    """Say what is not as it was asked for."""
    st.warning(as_markdown(note), icon=icon)


def refuse(note: str, *, icon: str | None = None) -> None:
    """Say what cannot be."""
    st.error(as_markdown(note), icon=icon)


def inform(note: str, *, icon: str | None = None) -> None:
    """Say what is good to know."""
    st.info(as_markdown(note), icon=icon)


def approve(note: str, *, icon: str | None = None) -> None:
    """Say that something is right."""
    st.success(as_markdown(note), icon=icon)
