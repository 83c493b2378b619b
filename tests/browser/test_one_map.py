"""A cell of a feature map as a learner's hands and eyes meet it: clicked, written out, and on the stage."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from cnnviz.engine.networks.seeing.maps import own_eyes
from cnnviz.engine.networks.seeing.unit import read_maps, trace_unit
from cnnviz.engine.pictures.digits import digit
from cnnviz.explain.notation import minus, number
from tests.browser.stage_page import StagePage
from tests.browser.tab import arrive
from tests.browser.test_stage_axe import barriers
from tests.browser.viewer_page import ViewerPage
from tests.serving import Server


@pytest.mark.parametrize("width", [1400])
def test_a_click_on_a_cell_opens_the_stage_on_its_window(page: Page, server: Server) -> None:
    eyes = own_eyes("digits_lenet")
    maps = read_maps(eyes, eyes.prepare(digit(7, 3)), "relu2")
    arrive(page, f"{server.url}/feature_maps?net=digits_lenet&see=digit.7.3&layer=relu2&c=3&at=0.0")
    stage, viewer = StagePage(page), ViewerPage(page)
    stage.wait_until_painted()
    viewer.wait_until_painted()
    with stage.repainted(), viewer.answered():
        page.mouse.click(*viewer.middle(1))
    page.wait_for_function("new URLSearchParams(location.search).get('at') !== '0.0'")
    row, column = map(int, viewer.query()["at"].split("."))
    unit = trace_unit(eyes, maps, "relu2", 3, (row, column))
    expect(page.get_by_text(f"Row {row}, column {column} of map 3 of relu2 is")).to_contain_text(
        minus(number(unit.chosen.given))
    )
    expect(stage.shape).to_have_text("pool1 → conv2 → relu2")
    expect(stage.sum).to_contain_text(re.compile(r"relu\[1, 1\] = max\("))
    value = minus(f"{float(f'{unit.maker.value:.4g}'):g}")
    expect(stage.sum).to_contain_text(value)
    stage.root.locator(".cnv-field").last.focus()  # the last grid: arrow keys move the window
    page.keyboard.press("ArrowRight")
    expect(stage.sum).to_contain_text("relu[1, 2]")
    expect(stage.root.get_by_role("button", name="Copy link")).to_be_hidden()
    expect(page.locator('[data-cnnviz="input-maps"] figure')).to_have_count(4)
    page.get_by_role("radio", name=re.compile("^pool1 · ")).first.click()
    expect(page.get_by_role("heading", name=re.compile(r"Map \d of pool1"))).to_be_visible()
    expect(stage.shape).to_have_text("picture → conv1 → relu1 → pool1")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth") <= 0
    assert not barriers(page)
