"""The frame around every lesson: the page's title, the menu, and one sentence about the app."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parents[2]

# The server may be started from any folder, and tests start this script without the server: `import cnnviz`
# must work in both. (Appended, so that it never hides an installed package.)
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

from cnnviz.lessons.registry import LESSONS  # noqa: E402 - it can be found only now
from cnnviz.site.process import keep_collections_short  # noqa: E402
from cnnviz.ui.holdings import show_what_was_lost  # noqa: E402
from cnnviz.ui.reconnect import ask_when_connected, then_what_was_asked  # noqa: E402
from cnnviz.ui.turns import in_turn  # noqa: E402

ABOUT = "cnnviz shows convolution arithmetic cell by cell, with the same numbers that PyTorch computes."


def menu() -> dict[str, list[st.Page]]:
    """The pages by section, in the order of the registry; an address without a page shows the first lesson.

    That is an entry of its own, which the menu does not show: Streamlit would answer "page not found" to the default
    page's own name, and a link on somebody's slide must not depend on which lesson comes first.
    """
    first = next(iter(LESSONS.values()))
    home = st.Page(first.page, title=first.title, url_path="home", default=True, visibility="hidden")
    sections: dict[str, list[st.Page]] = {"": [home]}
    for lesson in LESSONS.values():
        page = st.Page(lesson.page, title=lesson.title, icon=lesson.icon, help=lesson.help, url_path=lesson.key)
        sections.setdefault(lesson.section, []).append(page)
    return sections


def frame() -> None:
    """Draw what all lessons share, then run the lesson."""
    st.set_page_config(
        page_title="cnnviz",
        # A file of ours: for a tab's icon, Streamlit's browser part fetches a :material/...: name from another site.
        page_icon=str(ROOT / "assets" / "icon.svg"),
        layout="wide",
    )
    page = st.navigation(menu(), position="top")  # the grids need the width that a sidebar would take
    st.html(ROOT / "assets" / "app.css")
    with then_what_was_asked():
        above = st.container()
        in_turn(page.run)()
        st.markdown(f":small[{ABOUT}]")
        ask_when_connected()
    with above:
        show_what_was_lost()  # the page may have got something back
    keep_collections_short()


frame()
