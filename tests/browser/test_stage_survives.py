"""What must not break a stage: another theme, another window, another page, another stage, the Back button."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage_page import STAGE, StagePage, trace_of
from tests.serving import ROOT, Server, running_app

MAIN = """
import streamlit as st
st.set_page_config(layout="wide")
st.navigation([
    st.Page({lesson!r}, title="Lesson", url_path="lesson", default=True),
    st.Page("other.py", title="Other"),
    st.Page("twins.py", title="Twins"),
]).run()
"""
APP = """
import sys
sys.path.insert(0, {root!r})
import streamlit as st
from cnnviz.site.server import middleware, routes
app = st.App("main.py", routes=routes(), middleware=middleware())
"""
OTHER = """
import streamlit as st
from cnnviz.ui.share import enter
enter("other")
st.title("Another lesson")
"""
TWINS = """
from cnnviz.lessons.convolution.controls import CONVOLUTION
from cnnviz.stage.operation import pack
from cnnviz.stage.pack import seal
from cnnviz.ui.stage import read_commit, stage

for key, state in (("left", {"n": "6"}), ("right", {"n": "7", "s": "2"})):
    commit = read_commit(key)
    spec, _ = CONVOLUTION.read(commit.state if commit else state)
    head = {"seq": commit.seq if commit else 0, "state": spec.to_query(), "messages": []}
    stage(seal(pack(CONVOLUTION, spec, apart=False, sides=False), head), key=key)
"""


@pytest.fixture(scope="module")
def three_pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The lesson, a page without a stage, and a page with two."""
    folder = tmp_path_factory.mktemp("app")
    texts = {
        "main.py": MAIN.format(lesson=str(ROOT / "pages" / "convolution.py")),
        "app.py": APP.format(root=str(ROOT)),
        "other.py": OTHER,
        "twins.py": TWINS,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    with running_app(app=Path(folder / "app.py")) as running:
        yield running


def expect_to_fit(stage: StagePage) -> None:
    """All grids lie inside the picture, and the canvases are as large as it."""
    stage.page.wait_for_function(
        """root => {
            const plot = root.querySelector(".cnv-plot").getBoundingClientRect();
            const inside = box => box.left >= plot.left - 1 && box.right <= plot.right + 1
                && box.top >= plot.top - 1 && box.bottom <= plot.bottom + 1;
            const grids = [...root.querySelectorAll("[data-grid]")].map(node => node.getBoundingClientRect());
            const canvas = root.querySelector("canvas.cnv-light").getBoundingClientRect();
            return grids.length === 3 && grids.every(inside) && Math.abs(canvas.width - plot.width) < 2;
        }""",
        arg=stage.root.element_handle(),
    )


def test_another_theme(page: Page, server: Server) -> None:
    stage = StagePage.open(page, server.url, "n=6")
    stage.slide("kernel", 2)
    stage.expect_query(k="2")
    paper = stage.root.evaluate("node => getComputedStyle(node).getPropertyValue('--paper')")
    painted = stage.painted
    page.emulate_media(color_scheme="dark")
    expect(stage.root).to_have_attribute("data-theme", "dark")
    stage.wait_until_painted(painted)
    assert stage.root.evaluate("node => getComputedStyle(node).getPropertyValue('--paper')") != paper
    stage.expect_shape(trace_of("n=6&k=2"))
    stage.hold("stride", 2)
    stage.expect_shape(trace_of("n=6&k=2&s=2"))
    page.emulate_media(color_scheme="light")
    expect(stage.root).to_have_attribute("data-theme", "light")


def test_another_window(page: Page, server: Server) -> None:
    stage = StagePage.open(page, server.url, "n=8&p=1")
    expect_to_fit(stage)
    wide = stage.grid("input").bounding_box()
    for width in (390, 1400):
        with stage.repainted():
            page.set_viewport_size({"width": width, "height": 900})
        expect_to_fit(stage)
        stage.hover(("output", 3, 3), trace_of("n=8&p=1"))
        expect(stage.sum).to_contain_text("y[3, 3]")
    again = stage.grid("input").bounding_box()
    assert wide and again
    assert again["width"] == wide["width"]


def test_another_page_and_back(page: Page, three_pages: Server) -> None:
    stage = StagePage.open(page, three_pages.url, "n=6")
    stage.slide("kernel", 2)
    stage.expect_query(n="6", k="2")
    page.get_by_role("link", name="Other").click()
    expect(page.get_by_role("heading", name="Another lesson")).to_be_visible()
    expect(page.locator(STAGE)).to_have_count(0)
    page.get_by_role("link", name="Lesson").click()
    stage.wait_until_painted()
    stage.expect_shape(trace_of("n=6&k=2"))
    stage.slide("stride", 2)
    stage.expect_query(n="6", k="2", s="2")
    stage.expect_shape(trace_of("n=6&k=2&s=2"))


def test_two_stages_on_one_page(page: Page, three_pages: Server) -> None:
    page.goto(f"{three_pages.url}/twins")
    left, right = (StagePage(page, page.locator(STAGE).nth(at)) for at in (0, 1))
    for stage in (left, right):
        stage.wait_until_painted()
    left.slide("kernel", 2)
    left.expect_shape(trace_of("n=6&k=2"))
    right.expect_shape(trace_of("n=7&s=2"))
    right.choose("padding_name", "full")
    right.expect_shape(trace_of("n=7&s=2&p=full"))
    expect(left.root.locator('input[data-control="padding_name"][value="valid"]')).to_be_checked()
    right.hover(("output", 1, 1), trace_of("n=7&s=2&p=full"))
    expect(right.sum).to_contain_text("y[1, 1]")
    expect(left.sum).to_contain_text("y[0, 0]")
    ids = page.locator("[id]").evaluate_all("nodes => nodes.map(node => node.id)")
    assert len(ids) == len(set(ids))
    left.slide("stride", 2)
    left.expect_shape(trace_of("n=6&k=2&s=2"))
    right.expect_shape(trace_of("n=7&s=2&p=full"))


def test_the_back_button_goes_to_the_former_state(page: Page, server: Server) -> None:
    stage = StagePage.open(page, server.url, "n=7")
    stage.slide("kernel", 2)
    stage.expect_query(n="7", k="2")
    stage.slide("stride", 2)
    stage.expect_query(n="7", k="2", s="2")
    page.go_back()
    stage.expect_shape(trace_of("n=7&k=2"))
    expect(stage.slider("stride")).to_have_value("1")
    stage.expect_query(n="7", k="2", s=None)
    page.go_forward()
    stage.expect_shape(trace_of("n=7&k=2&s=2"))
    stage.slide("padding", 1)
    stage.expect_query(n="7", k="2", s="2", p="1")
    stage.expect_shape(trace_of("n=7&k=2&s=2&p=1"))
