"""What no lesson shows all at once: every kind of panel, strides, rectangles, sliders, cells without a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_stage_axe import barriers
from tests.browser.viewer_page import ViewerPage
from tests.serving import Server, copy_of_the_app, running_app

Open = Callable[[], ViewerPage]

LESSON = """
import numpy as np
import streamlit as st

from cnnviz.ui.lesson import lesson_part
from cnnviz.ui.share import enter
from cnnviz.ui.viewer import Choice, Mark, Panel, Slider, Switch, keep, show_pictures, viewed_query

KEY = "panels"
enter(KEY)
st.header("Panels")


@lesson_part(KEY)
def lesson():
    query, answer = viewed_query(KEY)
    if answer and answer.click:
        query["at"] = ".".join(map(str, answer.click))
    if answer and answer.box:
        query["box"] = ".".join(map(str, answer.box))
    keep(KEY, {name: text for name, text in query.items() if name in {"gain", "mode", "on", "at", "box", "z"}}, answer)
    gain = float(query.get("gain", "1"))
    y, x = np.mgrid[:48, :64]
    grey = ((x * 4 + y) % 256).astype(np.uint8)
    signed = gain * np.sin(x / 5.0) * (y - 24) / 7
    strided = grey[::4, ::4].astype(np.float32) / 3
    strided[0, 0] = np.nan
    score = (x.astype(np.int64) * 1_000_003 - y)[:20, :20]
    kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.float32)
    colour = np.stack([grey, grey[::-1], 255.0 - grey], axis=2) + 0.25
    show_pictures(
        [
            Panel("Before", grey, alt="A ramp", drag=True, marks=[Mark(4, 8, 8, 8, "patch", "weight")]),
            Panel("Signed", signed, "signed", alt="Waves", click=True),
            Panel("Strided", strided, "score", alt="A small ramp", step=(4, 4)),
            Panel("Kernel", kernel, "signed", alt="Sobel", linked=False),
            Panel("Large", score, "score", alt="Large numbers"),
            Panel("Colour", colour, "rgb", alt="Colours"),
        ],
        key=KEY,
        controls=[
            Slider("gain", "Gain", 0.5, 3, gain, 0.1),
            Choice("mode", "Mode", {"a": "First", "b": "Second"}, query.get("mode", "a")),
            Switch("on", "On", query.get("on") == "1"),
        ],
        note=f"gain {gain:g}",
    )


lesson()
"""


@pytest.fixture(scope="module")
def panels_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    app = copy_of_the_app(tmp_path_factory.mktemp("app"), LESSON)
    with running_app(app=app, cwd=app.parent) as server:
        yield server


@pytest.fixture
def panels(page: Page, panels_server: Server) -> Open:
    return lambda: ViewerPage.open(page, panels_server.url, "convolution")


def test_one_place_in_every_panel(panels: Open, page: Page) -> None:
    viewer = panels()
    page.mouse.move(*viewer.place(0, 0.2, 0.2))
    expect(viewer.readout(0)).to_have_text(re.compile(r"^\["))
    row, column = map(int, re.findall(r"\d+", viewer.readout(0).inner_text())[:2])
    grey = (column * 4 + row) % 256
    expect(viewer.readout(0)).to_have_text(f"[{row}, {column}] = {grey}")
    strided = (column // 4 * 16 + row // 4 * 4) % 256 / 3
    expect(viewer.readout(2)).to_have_text(
        re.compile(rf"\[{row // 4}, {column // 4}\] = {re.escape(f'{strided:.2f}'.rstrip('0').rstrip('.'))}")
    )
    expect(viewer.readout(4)).to_have_text(f"[{row}, {column}] = {column * 1_000_003 - row}")
    mirrored = (column * 4 + 47 - row) % 256
    expect(viewer.readout(5)).to_have_text(f"[{row}, {column}] = R {grey}.25  G {mirrored}.25  B {255 - grey}.25")
    expect(viewer.readout(3)).to_have_text("3 × 3 pixels")


def test_a_cell_without_a_value_says_so(panels: Open, page: Page) -> None:
    viewer = panels()
    viewer.sheet(2).focus()
    for _ in range(2):
        page.keyboard.press("Shift+ArrowUp")
        page.keyboard.press("Shift+ArrowLeft")
    expect(viewer.readout(2)).to_have_text("[0, 0] = –")


def test_a_signed_map_names_its_ends_and_zero(panels: Open) -> None:
    viewer = panels()
    legend = viewer.panel(1).locator(".cnw-legend")
    expect(legend).to_contain_text("0")
    ends = [span.inner_text() for span in legend.locator(":scope > span").all()]
    assert ends[0] == f"\N{MINUS SIGN}{ends[-1]}"


def test_a_slider_answers_while_it_is_dragged(panels: Open, page: Page) -> None:
    viewer = panels()
    slider = viewer.root.locator('input[name="gain"]')
    for value in ("1.3", "2.7"):
        with viewer.answered():
            slider.evaluate(
                "(node, value) => { node.value = value; node.dispatchEvent(new Event('input', {bubbles: true})); }",
                value,
            )
    expect(viewer.note).to_have_text("gain 2.7")
    viewer.expect_query(gain="2.7")


def test_the_last_of_many_moves_wins(panels: Open) -> None:
    viewer = panels()
    viewer.root.locator('input[name="gain"]').evaluate(
        """node => { for (let i = 5; i <= 30; i += 1) {
            node.value = i / 10; node.dispatchEvent(new Event('input', {bubbles: true})); } }"""
    )
    expect(viewer.note).to_have_text("gain 3")
    viewer.expect_query(gain="3")


def test_choices_and_switches_answer(panels: Open) -> None:
    viewer = panels()
    viewer.choose("mode", "b")
    with viewer.answered():
        viewer.root.locator('input[name="on"]').check()
    viewer.expect_query(mode="b", on="1")


def test_a_rectangle_is_drawn_by_mouse_and_by_keys(panels: Open, page: Page) -> None:
    viewer = panels()
    with viewer.answered():
        page.mouse.move(*viewer.place(0, 0.25, 0.25))
        page.mouse.down()
        page.mouse.move(*viewer.place(0, 0.5, 0.75), steps=4)
        page.mouse.up()
    panel, row, column, height, width = map(int, viewer.query()["box"].split("."))
    assert panel == 0
    assert abs(row - 12) <= 1 and abs(column - 16) <= 1 and abs(height - 24) <= 2 and abs(width - 16) <= 2
    viewer.sheet(0).focus()
    with viewer.answered():
        for key in ("b", "ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
            page.keyboard.press(key)
    assert viewer.query()["box"].split(".")[3:] == ["2", "3"]


def test_a_click_says_panel_row_and_column(panels: Open, page: Page) -> None:
    viewer = panels()
    with viewer.answered():
        page.mouse.click(*viewer.place(1, 0.4, 0.6))
    row, column = map(int, re.findall(r"\d+", viewer.readout(1).inner_text())[:2])
    viewer.expect_query(at=f"1.{row}.{column}")


@pytest.mark.parametrize(("theme", "width"), [("light", 1400), ("dark", 390)])
def test_nothing_stands_in_the_way(panels: Open, page: Page, width: int) -> None:
    panels()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert barriers(page) == ""
