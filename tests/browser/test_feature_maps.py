"""The wall of maps as a learner's hands and eyes meet it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from cnnviz.engine.networks.seeing.maps import own_eyes, see
from cnnviz.engine.pictures.digits import digit
from tests.browser.tab import arrive
from tests.browser.test_stage_axe import barriers
from tests.serving import Server

WALL = '[data-cnnviz="wall"]'
EYES = own_eyes("digits_lenet")


def wall(page: Page, server: Server, query: str) -> Locator:
    arrive(page, f"{server.url}/feature_maps?{query}")
    found = page.locator(WALL).first
    found.and_(page.locator("[data-painted]")).wait_for()
    return found


def tile(found: Locator, layer: str, number: int) -> Locator:
    return found.locator(f'[data-layer="{layer}"] .cnm-tile').nth(number)


def expect_query(page: Page, **wanted: str | None) -> None:
    page.wait_for_function(
        """wanted => {
            const query = new URLSearchParams(location.search);
            return Object.entries(wanted).every(([name, value]) => query.get(name) === value);
        }""",
        arg=wanted,
    )


def test_maps_are_read_chosen_and_switched_off(page: Page, server: Server) -> None:
    found = wall(page, server, "net=digits_lenet&see=digit.3.8&layer=conv1")
    maps = see(EYES, EYES.prepare(digit(3, 8)), ["conv2", "pool2"]).maps
    readout = found.locator('[data-cnnviz="wall-readout"]')

    tile(found, "conv2", 5).hover(position={"x": 2, "y": 2})
    expect(readout).to_have_text(re.compile(r"^conv2, map 5, row 0, column 0 = "))
    said = float(readout.inner_text().rpartition("= ")[2].replace("−", "-"))
    assert said == pytest.approx(float(maps["conv2"][5, 0, 0]), abs=1e-3)

    tile(found, "pool2", 3).click()
    expect_query(page, layer="pool2", c="3", at=None)
    chosen = tile(found, "pool2", 3)
    expect(chosen).to_have_attribute("aria-pressed", "true")
    expect(chosen).to_have_attribute("aria-label", re.compile("^pool2, map 3, mean absolute value "))
    expect(found).not_to_contain_text("Switched off")

    chosen.focus()
    page.keyboard.press("ArrowRight")
    expect(tile(found, "pool2", 4)).to_be_focused()
    page.keyboard.press("ArrowUp")
    focused = page.locator(":focus")
    named = re.match(r"relu2, map (\d+)", focused.get_attribute("aria-label") or "")
    assert named
    assert found.locator('.cnm-tile[tabindex="0"]').count() == 1
    number = int(named[1])
    page.keyboard.press("x")
    expect_query(page, off=f"relu2.{number}")
    expect(found.get_by_role("button", name=f"relu2, map {number}: switch on again")).to_be_visible()
    expect(page.locator(":focus")).to_have_attribute("aria-label", re.compile("switched off"))
    now = see(EYES, EYES.prepare(digit(3, 8)), off=[("relu2", number)])
    before = see(EYES, EYES.prepare(digit(3, 8)))
    line = found.locator(".cnm-scores li").nth(3)
    assert line.locator(".cnm-numbers span:last-child").all_inner_texts() == [
        f"{one.scores[3]:.2f}".replace("-", "−") for one in (before, now)
    ]
    page.keyboard.press("Enter")
    expect_query(page, layer="relu2", c=str(number))
    found.get_by_role("button", name="All on again").click()
    expect_query(page, off=None)
    expect(found.locator(".cnm-scores .cnm-before")).to_have_count(0)

    end = page.locator(WALL).nth(1)
    end.locator(".cnm-row").nth(1).locator(".cnm-tile").hover(position={"x": 2, "y": 2})
    expect(end.locator('[data-cnnviz="wall-readout"]')).to_have_text(re.compile(r"^flatten\[0\] = "))
    expect(end.locator(".cnm-cursor:visible")).to_have_count(4)
    assert barriers(page) == ""


@pytest.mark.parametrize(("theme", "width"), [("dark", 390)])
def test_a_phone_compares_two_pictures(page: Page, server: Server) -> None:
    found = wall(page, server, "net=digits_lenet&see=digit.7.3&layer=pool2&vs=digit.1.5")
    expect(found.locator(".cnm-row", has_text="difference")).to_have_count(1)
    expect(found.get_by_role("img", name="A handwritten 1")).to_be_visible()
    tile(found, "relu1", 2).tap()
    expect_query(page, layer="relu1", c="2")
    expect(found.locator('[data-layer="relu1"]')).to_contain_text("alike 0.")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth") <= 0
    box = tile(found, "conv2", 0).bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 22
    assert barriers(page) == ""
