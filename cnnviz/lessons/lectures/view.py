"""The list of lecture topics: each link opens a lesson in the state that the topic needs."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from cnnviz.lessons.lectures.topic import Topic
from cnnviz.lessons.lectures.topics import TOPICS
from cnnviz.lessons.registry import LESSONS


def show_topics() -> None:
    """List all topics by section."""
    for section, topics in groupby(TOPICS, key=lambda topic: topic.section):
        st.subheader(section, anchor=False)
        for topic in topics:
            _show(topic)


def _show(topic: Topic) -> None:
    with st.container(border=True):
        st.markdown(f"**{topic.title}**  \n{topic.about}")
        with st.container(horizontal=True):
            for link in topic.links:
                page = LESSONS[link.page].page
                st.page_link(page, label=link.title, icon=":material/arrow_forward:", query_params=link.query())
