"""The frame around every lesson: the page's title, the menu, and one sentence about the app.

A new lesson is one file in `pages/` and one line in `LESSONS`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import streamlit as st

ROOT = Path(__file__).resolve().parents[2]

# The server may be started from any folder, and tests start this script without the server: `import cnnviz`
# must work in both. (Appended, so that it never hides an installed package.)
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

from cnnviz.ui.runtime import keep_collections_short  # noqa: E402 - it can be found only now


class Lesson(NamedTuple):
    """One entry of the menu: `file` is a script in `pages/`, and its stem is the page's address."""

    section: str
    file: str
    title: str
    icon: str
    help: str


LESSONS = (
    Lesson(
        "Arithmetic",
        "convolution.py",
        "Convolution",
        ":material/grid_on:",
        "Slide a kernel over a grid: see where every output cell comes from, and why the output has its size.",
    ),
)

ABOUT = "cnnviz shows convolution arithmetic cell by cell, with the same numbers that PyTorch computes."


def menu(lessons: tuple[Lesson, ...] = LESSONS) -> dict[str, list[st.Page]]:
    """The pages by section, in the order of the table; an address without a page shows the first lesson.

    That is an entry of its own, which the menu does not show: Streamlit would answer "page not found" to the default
    page's own name, and a link on somebody's slide must not depend on which lesson comes first.
    """
    first = lessons[0]
    home = st.Page(_script(first), title=first.title, url_path="home", default=True, visibility="hidden")
    sections: dict[str, list[st.Page]] = {"": [home]}
    for lesson in lessons:
        page = st.Page(
            _script(lesson), title=lesson.title, icon=lesson.icon, help=lesson.help, url_path=Path(lesson.file).stem
        )
        sections.setdefault(lesson.section, []).append(page)
    return sections


def _script(lesson: Lesson) -> Path:
    return ROOT / "pages" / lesson.file


def frame() -> None:
    """Draw what all lessons share, then run the lesson."""
    st.set_page_config(
        page_title="cnnviz",
        # A file of ours: for a tab's icon, Streamlit's browser part fetches a :material/...: name from another site.
        page_icon=str(ROOT / "assets" / "icon.svg"),
        layout="wide",
        # On a projector the grids need the width; with one lesson there is nothing to choose.
        initial_sidebar_state="auto" if len(LESSONS) > 1 else "collapsed",
    )
    page = st.navigation(menu())
    st.sidebar.caption(ABOUT)
    page.run()
    keep_collections_short()


frame()
