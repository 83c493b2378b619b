import streamlit as st

from cnnviz.lessons.lectures import LESSON
from cnnviz.lessons.lectures.view import show_topics
from cnnviz.ui.holdings import keep_in_the_tab
from cnnviz.ui.share import enter

enter(LESSON.key)
st.header(LESSON.title, anchor=False)
st.markdown("Find what you teach today. Every link opens a lesson with the lecture's own numbers; put it on a slide.")
show_topics()
keep_in_the_tab()
