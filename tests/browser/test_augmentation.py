"""The Augmentation lesson in a real browser: it paints, sliders and switches change it, clicks choose."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from cnnviz.engine.pictures.samples import sample
from cnnviz.lessons.augmentation.spec import AugmentSpec
from cnnviz.lessons.augmentation.trace import trace_augment
from tests.browser.test_stage_axe import barriers
from tests.browser.viewer_page import ViewerPage
from tests.serving import Server

Open = Callable[..., ViewerPage]
PICTURE, VARIANT, SHEET = range(3)


@pytest.fixture
def lesson(page: Page, server: Server) -> Open:
    return lambda query="": ViewerPage.open(page, server.url, "augmentation", query)


def title(viewer: ViewerPage, index: int) -> str:
    return viewer.panel(index).locator(".cnw-title").inner_text()


def test_sliders_and_switches_change_the_variant(lesson: Open) -> None:
    viewer = lesson("img=cat&on=rotate")
    expect(viewer.note).to_contain_text("Variant 1: mean change")
    before = viewer.note.inner_text()
    viewer.slide("rotate", 120)
    viewer.expect_query(rotate="120")
    expect(viewer.note).not_to_have_text(before)
    with viewer.answered():
        viewer.root.locator('input[type="checkbox"][name="on-noise"]').check()
    viewer.expect_query(on="rotate.noise")
    expect(viewer.root.locator('input[type="range"][name="noise"]')).to_be_visible()
    viewer.slide("seed", 5)
    viewer.expect_query(seed="5")
    expect(viewer.panel(SHEET).locator(".cnw-title")).to_have_text("16 variants, seed 5")


def test_a_click_on_the_sheet_shows_that_variant_and_it_downloads(lesson: Open, page: Page) -> None:
    viewer = lesson("img=cat")
    x, y = viewer.middle(SHEET)
    with viewer.answered():
        page.mouse.click(x + 12, y + 12)
    viewer.expect_query(pick="10")  # the third of the third row: just right of and below the middle
    expect(viewer.panel(VARIANT).locator(".cnw-title")).to_have_text("Variant 11")
    with page.expect_download() as waiting:
        viewer.tool("Download “Variant 11” as PNG").click()
    saved = np.asarray(Image.open(Path(waiting.value.path())).convert("RGB"))
    assert np.array_equal(saved, trace_augment(sample("cat").pixels, AugmentSpec(pick=10)).variant)
    with page.expect_download() as waiting:
        viewer.tool("Download “Picture” as PNG").click()
    assert waiting.value.suggested_filename == "picture.png"  # the name that the code reads


def test_a_rectangle_drawn_on_the_picture_moves_along(lesson: Open, page: Page) -> None:
    viewer = lesson("img=cat&on=hflip&hflip=100")
    x, y = viewer.middle(PICTURE)
    page.mouse.move(x - 60, y - 40)
    page.mouse.down()
    page.mouse.move(x, y + 20, steps=4)
    with viewer.answered():
        page.mouse.up()
    page.wait_for_function("new URLSearchParams(location.search).has('box')")
    row, column, _, width = map(int, viewer.query()["box"].split("."))
    after = 451 - column - width
    expect(page.get_by_text(re.compile(rf"new box round them.* from row {row}, column {after}"))).to_be_visible()


def test_the_ladder_stands_in_one_row_and_tells_its_steps(lesson: Open, page: Page) -> None:
    viewer = lesson("img=cat&view=ladder&one=hue&hue=180")
    boxes = [viewer.sheet(index).bounding_box() for index in range(5)]
    assert len({round(box["y"]) for box in boxes if box}) == 1
    assert [title(viewer, index) for index in range(1, 5)] == ["Hue +45°", "Hue +90°", "Hue +135°", "Hue +180°"]
    with viewer.answered():
        page.mouse.click(*viewer.middle(1))
    viewer.expect_query(rung="1")


def test_the_pictures_stand_above_the_fold(lesson: Open) -> None:
    viewer = lesson()
    box = viewer.sheet(PICTURE).bounding_box()
    assert box
    assert box["y"] + box["height"] <= 900


@pytest.mark.parametrize("width", [390])
def test_a_phone_has_no_sideways_scroll_and_taps(lesson: Open, page: Page) -> None:
    viewer = lesson("img=cat&on=mix.rotate")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with viewer.answered():
        x, y = viewer.middle(3)
        page.touchscreen.tap(x + 5, y + 5)
    viewer.expect_query(pick="10")


@pytest.mark.parametrize(
    ("theme", "width", "query"),
    [
        ("light", 1400, "on=crop.rotate.hflip.mix&also=mask"),
        ("dark", 390, "img=digits&on=rotate&rotate=180"),
    ],
)
def test_nothing_stands_in_the_way(lesson: Open, page: Page, query: str) -> None:
    lesson(query)
    assert barriers(page) == ""
