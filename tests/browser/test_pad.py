"""The drawing pad as hands meet it: mouse, finger and keys; undo, redo, clear; and what the link keeps."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

from cnnviz.engine.pictures.drawing import Strokes
from cnnviz.state.strokes import pack_strokes, unpack_strokes
from tests.browser.test_stage_axe import barriers
from tests.serving import Server

PAD = '[data-cnnviz="pad"]'
SEVEN = ((0.25, 0.2), (0.7, 0.2), (0.6, 0.45), (0.45, 0.85))


def opened(page: Page, server: Server, query: str) -> None:
    page.goto(f"{server.url}/feature_maps?see=drawing&{query}")
    # The server's first network waits for torch to be imported.
    page.wait_for_function(f"Number(document.querySelector('{PAD}')?.dataset.painted) > 0", timeout=40_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def ink(page: Page, strokes: int) -> Strokes:
    """Wait until the link holds so many strokes and the hand is up, and read them."""
    page.wait_for_function(
        """count => {
            const text = new URLSearchParams(location.search).get("ink") ?? "";
            return (text ? text.split(".").length : 0) === count;
        }""",
        arg=strokes,
        timeout=10_000,
    )
    expect(page.locator(PAD)).to_have_attribute("data-strokes", str(strokes))
    return unpack_strokes(dict(parse_qsl(urlsplit(page.url).query)).get("ink", ""))


def places(page: Page, points: Any) -> list[tuple[float, float]]:
    sheet = page.locator(".cnp-sheet")
    sheet.scroll_into_view_if_needed()
    area = sheet.bounding_box()
    assert area
    return [(area["x"] + x * area["width"], area["y"] + y * area["height"]) for x, y in points]


def whole_stroke(page: Page, end: tuple[float, float]) -> tuple[tuple[int, int], ...]:
    """Read the only stroke once the link has come to its end; while the hand moves, links hold parts of it."""
    for _ in range(100):
        stroke, *others = ink(page, 1) or [((-1000, -1000),)]
        assert not others
        if abs(stroke[-1][0] - 1000 * end[0]) + abs(stroke[-1][1] - 1000 * end[1]) < 12:
            break
        page.wait_for_timeout(100)
    return stroke


def test_mouse_and_keys_draw(page: Page, server: Server) -> None:
    opened(page, server, "pen=90")
    first, *others = places(page, SEVEN)
    page.mouse.move(*first)
    page.mouse.down()
    for place in others:
        page.mouse.move(*place, steps=8)
    page.mouse.up()
    page.wait_for_function("!document.querySelector('.cnp-wait:not([hidden])')")
    stroke = whole_stroke(page, SEVEN[-1])
    page.wait_for_url(f"**ink={pack_strokes((stroke,))}**")
    assert 4 <= len(stroke) <= 8  # 25 places, thinned to the corners
    for corner in SEVEN:
        assert min(abs(x - 1000 * corner[0]) + abs(y - 1000 * corner[1]) for x, y in stroke) < 12
    expect(page.get_by_text("7 with a chance of")).to_be_visible()

    page.keyboard.press("Control+z")
    ink(page, 0)
    expect(page.locator(".cnp-live")).to_have_text("Undone: no strokes.")
    page.keyboard.press("Control+y")
    ink(page, 1)

    sheet = page.locator(".cnp-sheet")
    sheet.press("Space")  # the pen goes down in the middle
    for key in ("ArrowUp", "Shift+ArrowUp", "ArrowRight"):
        sheet.press(key)
    expect(page.locator(".cnp-live")).to_have_text("Drawing at 52, 38 percent.")
    sheet.press("Space")
    assert ink(page, 2) == (stroke, ((500, 500), (500, 380), (520, 380)))

    page.get_by_role("button", name="Undo").click()
    ink(page, 1)
    page.get_by_role("button", name="Redo").click()
    ink(page, 2)
    page.get_by_role("button", name="Clear").click()
    ink(page, 0)
    expect(page.get_by_role("button", name="Clear")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Undo").click()
    ink(page, 2)
    page.locator(f"{PAD} input[name=pen]").fill("40")
    page.wait_for_url("**pen=40**")  # what is below the wall is faint until the run has come to it
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    assert not barriers(page)


@pytest.mark.parametrize("width", [390])
@pytest.mark.parametrize("theme", ["dark"])
def test_a_finger_draws_in_colour_and_does_not_scroll(page: Page, server: Server) -> None:
    opened(page, server, f"net=shapes_vgg&fill=1&dye=ffd700.203060&ink={pack_strokes((((100, 100), (200, 100)),))}")
    triangle = ((0.5, 0.2), (0.8, 0.72), (0.2, 0.72), (0.5, 0.2))
    touches = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    page.get_by_role("button", name="Undo").tap()  # the link's stroke can be undone
    ink(page, 0)
    first, *others = places(page, triangle)
    before = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
    touch("touchStart", first)
    for place in others:
        touch("touchMove", place)
    touch("touchEnd")
    (stroke,) = ink(page, 1)
    assert len(stroke) == 4
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == before
    expect(page.get_by_text("Triangle with a chance of")).to_be_attached()
    corner = page.locator(".cnp-canvas").evaluate("one => [...one.getContext('2d').getImageData(2, 2, 1, 1).data]")
    middle = page.locator(".cnp-canvas").evaluate(
        "one => [...one.getContext('2d').getImageData(one.width / 2, one.width / 2, 1, 1).data]"
    )
    assert (corner, middle) == ([0x20, 0x30, 0x60, 255], [0xFF, 0xD7, 0, 255])
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth") <= 0
