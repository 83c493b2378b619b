"""Building a network in a real browser: blocks are clicked, numbers stepped, edits undone; on a phone, too."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Page, expect

from tests.browser.tab import arrive
from tests.browser.test_solver import overflow
from tests.browser.test_stage_axe import barriers
from tests.serving import Server

Open = Callable[[str], Page]
DRAWN = 20_000  # milliseconds: plotly.js is large
TRIES = 10
PLACE = """key => {
    const plot = document.querySelector(".js-plotly-plot"), blocks = plot._fullData.at(-1);
    const at = [...blocks.customdata].indexOf(key), {xaxis, yaxis} = plot._fullLayout;
    const box = plot.getBoundingClientRect();
    return [box.left + xaxis._offset + xaxis.l2p(blocks.x[at]),
            box.top + yaxis._offset + yaxis.l2p(blocks.base[at] + blocks.y[at] / 2)];
}"""


@pytest.fixture
def build(page: Page, server: Server) -> Open:
    def visit(query: str) -> Page:
        arrive(page, f"{server.url}/build?{query}")
        expect(page.get_by_role("heading", name="Build a network")).to_be_visible()
        drawn = page.locator(".js-plotly-plot .bars .point, [data-cnnviz=solid][data-painted]").first
        expect(drawn).to_be_attached(timeout=DRAWN)
        expect(page.locator("[data-cnnviz=sheet][data-painted]")).to_be_visible(timeout=DRAWN)
        settle(page)
        return page

    return visit


def settle(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def point(page: Page, key: str) -> None:
    page.mouse.move(*page.evaluate(PLACE, key))


def click(page: Page, key: str) -> None:
    """Point at a block until Plotly says so, since it takes clicks on what it points at; the picture may still move."""
    for _ in range(TRIES):
        page.mouse.move(1, 1)
        point(page, key)
        with suppress(AssertionError):
            expect(page.locator(".hoverlayer")).to_contain_text(f"{key}:", timeout=1000)
            break
    expect(page.locator(".hoverlayer")).to_contain_text(f"{key}:")
    page.mouse.click(*page.evaluate(PLACE, key))


def test_blocks_say_their_arithmetic_and_open_and_are_chosen(build: Open) -> None:
    page = build("net=resnet18")
    point(page, "conv1")
    expect(page.locator(".hoverlayer")).to_contain_text("⌊(224 + 2·3 − 1·(7 − 1) − 1) / 2⌋ + 1 = 112")
    click(page, "layer2")
    expect(page).to_have_url(re.compile("open=layer2"))
    click(page, "bn1")
    expect(page).to_have_url(re.compile("at=2"))
    expect(page.get_by_label("Learns scale and shift")).to_be_checked()
    click(page, "bn1")
    click(page, "conv1")
    expect(page.get_by_label("Channels out")).to_have_value("64")
    turn_and_click(page)


def test_two_clicks_before_an_answer_both_count(build: Open) -> None:
    page = build("net=resnet18")
    places = [page.evaluate(PLACE, key) for key in ("layer2", "bn1")]
    for place in places:
        page.mouse.click(*place)
    expect(page).to_have_url(re.compile("at=2&open=layer2"))
    expect(page.get_by_label("Learns scale and shift")).to_be_checked()


@pytest.mark.parametrize("width", [390])
def test_a_finger_chooses_a_block(build: Open) -> None:
    page = build("net=resnet18")
    page.touchscreen.tap(*page.evaluate(PLACE, "bn1"))
    expect(page).to_have_url(re.compile("at=2"))
    expect(page.get_by_label("Learns scale and shift")).to_be_checked()


def turn_and_click(page: Page) -> None:
    """The solid picture is dragged, turned by a button, and clicked; the chosen layer's stage is one click away."""
    page.get_by_role("radio", name="3-D").click()
    blocks = page.locator("[data-cnnviz=solid]")
    expect(blocks).to_have_attribute("data-places", re.compile("layer3"))
    box = blocks.locator("> canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 30, steps=3)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"turn=-15\.30"))
    page.get_by_role("button", name="Look from higher").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"turn=-15\.45"))
    settle(page)
    places = json.loads(blocks.get_attribute("data-places") or "")
    page.mouse.move(box["x"] + places["maxpool"][0], box["y"] + places["maxpool"][1])
    expect(blocks.locator(".tip")).to_contain_text("⌊(112 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1 = 56")
    page.mouse.click(box["x"] + places["maxpool"][0], box["y"] + places["maxpool"][1])
    expect(page.locator(".st-key-build_chosen").get_by_role("link", name="Pooling")).to_be_visible()


def test_fast_steps_all_count_and_can_be_undone(build: Open) -> None:
    page = build("ex=lenet")
    for _ in range(4):
        page.get_by_label("Channels out").press("ArrowUp")
    expect(page.get_by_text("Convolution 10, 5×5, padding 2").first).to_be_visible()
    layers = page.get_by_role("combobox", name="Layer", exact=True)
    expect(layers).to_have_value("1 · 0 · Convolution 10, 5×5, padding 2")
    expect(page).to_have_url(re.compile(r"\?c="))
    undo = page.get_by_role("button", name="Undo")
    undo.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Redo")).to_be_enabled()
    out = page.get_by_label("Out of 0")
    expect(out).not_to_have_value("10")
    channels = out.input_value()  # of what was there before the last commit, which may hold more than one step
    kernel, stride = page.get_by_label("Kernel of 0"), page.get_by_label("Stride of 0")
    kernel.fill("7")
    kernel.press("Tab")
    expect(stride).to_be_focused()
    stride.fill("many")
    stride.press("Enter")
    expect(page.get_by_text("0, stride: “many” was not understood")).to_be_visible()
    expect(stride).to_have_value("many")
    expect(kernel).to_have_value("7")
    expect(page.get_by_role("row", name=re.compile("^0 Convolution"))).to_contain_text(f"{channels}×26×26")


def test_what_is_being_typed_outlives_answers(build: Open) -> None:
    """Answers to what was done before arrive while a hand types; the page is not left for that."""
    page = build("ex=lenet")
    sheet, kernel = page.locator("[data-cnnviz=sheet]"), page.get_by_label("Kernel of 0")
    kernel.fill("7")
    more = page.get_by_test_id("stNumberInputStepUp").first
    for channels in (7, 8, 9):
        painted = sheet.get_attribute("data-painted")
        more.evaluate("button => button.click()")  # as if it had been pressed before
        expect(page.get_by_text(f"Convolution {channels}, 5×5, padding 2").first).to_be_visible()
        expect(sheet).not_to_have_attribute("data-painted", painted or "")
    settle(page)
    expect(kernel).to_have_value("7")
    kernel.press("Enter")  # and the hand stays in the cell
    expect(page.get_by_role("row", name=re.compile("^0 Convolution"))).to_contain_text("9×26×26")
    page.get_by_role("button", name="Undo").evaluate("button => button.click()")
    expect(page.get_by_role("row", name=re.compile("^0 Convolution"))).to_contain_text("9×28×28")
    expect(kernel).to_have_value("5")


def test_the_stage_opens_with_the_layer(build: Open) -> None:
    page = build("net=resnet18&at=5")
    page.locator(".st-key-build_chosen").get_by_role("link", name="Convolution").click()
    expect(page.get_by_role("heading", name="Convolution", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?n=16&p=1"))


@pytest.mark.parametrize("width", [390])
def test_a_phone_never_scrolls_sideways(build: Open) -> None:
    for query in ("ex=inception&view=3d", "net=densenet121", "ex=broken"):
        assert overflow(build(query)) <= 0, query


@pytest.mark.parametrize(("theme", "width"), [("light", 1400), ("dark", 390)])
def test_there_are_no_barriers(build: Open) -> None:
    for query in ("ex=broken&view=3d", "net=resnet18&open=layer1"):
        assert barriers(build(query)) == "", query
