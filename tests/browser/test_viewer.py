"""The viewer in a real browser, on the Pixels page: what is painted, what hands can do, and what the link keeps."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from cnnviz.engine.pictures.samples import sample
from tests.browser.test_stage_axe import barriers
from tests.browser.viewer_page import ViewerPage
from tests.serving import Server

Open = Callable[..., ViewerPage]


@pytest.fixture
def pixels(page: Page, server: Server) -> Open:
    return lambda query="": ViewerPage.open(page, server.url, "pixels", query)


def place(text: str) -> tuple[int, int]:
    match = re.match(r"\[(\d+), (\d+)\]", text)
    assert match, text
    return int(match[1]), int(match[2])


def say(pixel: np.ndarray) -> str:
    return "R {}  G {}  B {}".format(*pixel)


def test_the_numbers_under_the_cursor_are_the_pictures_own(pixels: Open, page: Page) -> None:
    viewer = pixels("img=cat&ch=both&z=150.180.14")
    for dx, dy in ((0, 0), (40, -30), (-80, 55)):
        x, y = viewer.middle(0)
        page.mouse.move(x + dx, y + dy)
        expect(viewer.readout(0)).to_have_text(re.compile(r"^\["))
        row, column = place(viewer.readout(0).inner_text())
        pixel = sample("cat").pixels[row, column]
        expect(viewer.readout(0)).to_have_text(f"[{row}, {column}] = {say(pixel)}")
        for channel in range(3):
            expect(viewer.readout(1 + channel)).to_have_text(f"[{row}, {column}] = {pixel[channel]}")


def test_the_canvas_shows_the_pictures_own_colours(pixels: Open) -> None:
    viewer = pixels("img=shapes&z=20.30.5")
    colours = viewer.sheet(0).evaluate(
        """sheet => {
            const canvas = sheet.querySelector("canvas");
            const at = canvas.getContext("2d").getImageData(canvas.width / 2 - 30, canvas.height / 2 - 30, 1, 1).data;
            return [...at].slice(0, 3);
        }"""
    )
    near = sample("shapes").pixels[19:22, 29:32].reshape(-1, 3).tolist()
    assert colours in near


def test_numbers_appear_by_the_button_and_stay_in_the_link(pixels: Open, page: Page, server: Server) -> None:
    viewer = pixels("img=cat&at=100.200")
    with viewer.repainted():
        viewer.tool("Zoom in until pixels are numbers").click()
    page.wait_for_function("new URLSearchParams(location.search).has('z')")
    look = viewer.query()["z"]
    row, column, across = map(int, look.split("."))
    assert (abs(row - 101) <= 1, abs(column - 201) <= 1) == (True, True)
    assert across < 60
    viewer.choose("scale", "sign")
    viewer.expect_query(z=look, scale="sign")
    again = ViewerPage.open(page, server.url, "pixels", f"img=cat&at=100.200&z={look}")
    page.mouse.move(*again.middle(0))
    expect(again.readout(0)).to_have_text(re.compile(r"^\["))
    seen = place(again.readout(0).inner_text())
    assert abs(seen[0] - row) <= 1 and abs(seen[1] - column) <= 1
    again.tool("Show all of the picture").click()
    again.expect_query(z=None)


def test_wheel_and_drag_move_all_panels_together(pixels: Open, page: Page) -> None:
    viewer = pixels("img=cat&ch=apart")
    x, y = viewer.middle(0)
    page.mouse.move(x, y)
    for _ in range(6):
        with viewer.repainted():
            page.mouse.wheel(0, -300)
    expect(viewer.readout(2)).to_have_text(re.compile(r"^\["))
    before = viewer.readout(0).inner_text()
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=4)
    page.mouse.up()
    page.mouse.move(*viewer.middle(2))
    expect(viewer.readout(0)).not_to_have_text(before)
    assert place(viewer.readout(0).inner_text()) == place(viewer.readout(2).inner_text())
    (row, column), (row_before, column_before) = place(viewer.readout(0).inner_text()), place(before)
    assert row < row_before and column < column_before


def test_the_cursor_leaves_a_picture_that_is_too_small_for_it(pixels: Open, page: Page) -> None:
    viewer = pixels("img=coffee&ch=together")
    with viewer.answered():
        page.mouse.click(*viewer.place(0, 0.5, 0.98))
    expect(viewer.readout(0)).to_have_text(re.compile(r"^\["))
    with viewer.repainted():
        page.evaluate(
            """() => { history.pushState({}, "", "?img=digits&ch=together");
                       dispatchEvent(new PopStateEvent("popstate")); }"""
        )
    expect(viewer.readout(0)).to_contain_text("pixels")


def test_a_drag_is_no_click(pixels: Open, page: Page) -> None:
    viewer = pixels("img=cat&z=150.180.40")
    x, y = viewer.middle(0)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y, steps=3)
    page.mouse.up()
    page.wait_for_function("!new URLSearchParams(location.search).get('z').endsWith('180.40')")
    assert "at" not in viewer.query()


def test_a_click_marks_the_pixel_it_hits(pixels: Open, page: Page) -> None:
    viewer = pixels("img=cat&z=150.180.14")
    with viewer.answered():
        page.mouse.click(*viewer.middle(0))
    row, column = place(viewer.readout(0).inner_text())
    viewer.expect_query(at=f"{row}.{column}")


def test_the_keyboard_does_all_of_it(pixels: Open, page: Page) -> None:
    viewer = pixels("img=cat&at=100.200")
    viewer.sheet(0).focus()
    page.keyboard.press("n")
    page.wait_for_function("new URLSearchParams(location.search).has('z')")
    page.keyboard.press("ArrowRight")
    expect(viewer.readout(0)).to_have_text(re.compile(r"^\["))
    row, column = place(viewer.readout(0).inner_text())
    pixel = sample("cat").pixels[row, column]
    expect(viewer.live).to_contain_text(f"row {row}, column {column}: {', '.join(map(str, pixel))}")
    page.keyboard.press("Shift+ArrowDown")
    expect(viewer.readout(0)).to_have_text(re.compile(rf"^\[{row + 10}, {column}\]"))
    with viewer.answered():
        page.keyboard.press("Enter")
    viewer.expect_query(at=f"{row + 10}.{column}")
    page.keyboard.press("0")
    viewer.expect_query(z=None)
    page.keyboard.press("Escape")
    expect(viewer.readout(0)).to_have_text("300 × 451 pixels")


def test_a_control_answers_and_the_numbers_follow(pixels: Open, page: Page) -> None:
    viewer = pixels("img=cat&z=150.180.14&ch=apart")
    page.mouse.move(*viewer.middle(0))
    expect(viewer.readout(0)).to_have_text(re.compile(r"^\["))
    row, column = place(viewer.readout(0).inner_text())
    viewer.choose("scale", "unit")
    page.mouse.move(*(part + 1 for part in viewer.middle(0)))
    wanted = f"{sample('cat').pixels[row, column, 0] / 255:.4f}".rstrip("0").rstrip(".")
    expect(viewer.readout(0)).to_have_text(f"[{row}, {column}] = {wanted}")
    viewer.expect_query(scale="unit")


def test_a_panel_downloads_as_its_own_pixels(pixels: Open, page: Page) -> None:
    viewer = pixels("img=shapes")
    with page.expect_download() as waiting:
        viewer.tool("Download “Coloured shapes” as PNG").click()
    assert waiting.value.suggested_filename == "coloured-shapes.png"
    saved = np.asarray(Image.open(Path(waiting.value.path())).convert("RGB"))
    assert np.array_equal(saved, sample("shapes").pixels)


def test_a_picture_of_ones_own_comes_in_by_file(pixels: Open, page: Page) -> None:
    viewer = pixels("img=cat")
    mine = np.random.default_rng(2).integers(0, 256, (30, 50, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(mine).save(file, "PNG")
    page.get_by_role("button", name="Your own").click()
    page.locator('input[type="file"]').set_input_files(
        {"name": "<b>mine.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    expect(viewer.panel(0).locator(".cnw-title")).to_have_text("Your picture")
    expect(viewer.readout(0)).to_have_text("30 × 50 pixels")
    expect(page.locator('input[type="file"]')).to_have_count(0)
    viewer.expect_query(img=None)
    page.mouse.move(*viewer.middle(0))
    expect(viewer.readout(0)).to_have_text(re.compile(r"^\["))
    row, column = place(viewer.readout(0).inner_text())
    expect(viewer.readout(0)).to_have_text(f"[{row}, {column}] = {say(mine[row, column])}")
    assert "mine.png" not in page.content()


@pytest.mark.parametrize("width", [390])
def test_a_phone_taps_and_pinches_and_has_no_sideways_scroll(pixels: Open, page: Page) -> None:
    viewer = pixels("img=cat&ch=both")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with viewer.answered():
        page.touchscreen.tap(*viewer.middle(0))
    row, column = place(viewer.readout(0).inner_text())
    viewer.expect_query(at=f"{row}.{column}")
    # Playwright's touch has one finger: two are sent as the browser would send them.
    viewer.sheet(0).evaluate(
        """sheet => {
            const box = sheet.getBoundingClientRect();
            const send = (type, id, x) => sheet.dispatchEvent(new PointerEvent(type, {
                pointerId: id, pointerType: "touch", bubbles: true, clientX: box.left + x, clientY: box.top + 40,
            }));
            send("pointerdown", 11, 60); send("pointerdown", 12, 80);
            send("pointermove", 11, 20); send("pointermove", 12, 130);
            send("pointerup", 11, 20); send("pointerup", 12, 130);
        }"""
    )
    page.wait_for_function("new URLSearchParams(location.search).has('z')")
    assert int(viewer.query()["z"].split(".")[2]) < 200


@pytest.mark.parametrize(
    ("theme", "width", "query"),
    [
        ("light", 1400, "ch=both&order=nchw"),
        ("dark", 390, "ch=apart&tint=1"),
    ],
)
def test_nothing_stands_in_the_way(pixels: Open, page: Page, query: str) -> None:
    pixels(query)
    assert barriers(page) == ""
