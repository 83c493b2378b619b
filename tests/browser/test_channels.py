"""The Channels lesson in a real browser: what is painted, what a slider changes, what a hand on a cell is told."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cnnviz.lessons.channels.trace import ChannelsTrace
from tests.browser.stage_page import StagePage
from tests.browser.test_stage_axe import barriers
from tests.lessons.channels.specs import traced
from tests.serving import Server

Open = Callable[[str], StagePage]


@pytest.fixture
def lesson(page: Page, server: Server) -> Open:
    return lambda query: StagePage.open(page, f"{server.url}/channels", query)


def sum_lines(stage: StagePage) -> list[str]:
    return [" ".join(line.split()).replace("−", "-") for line in stage.sum.inner_text().splitlines() if line.strip()]


def parts_of(trace: ChannelsTrace, row: int, col: int) -> list[int]:
    return [part[row, col].item() for part in trace.parts[trace.spec.shown]]


def test_a_sum_is_written_out_channel_by_channel(lesson: Open) -> None:
    stage, trace = lesson(""), traced()
    expect(stage.shape).to_have_text("(1, 3, 5, 5) → (1, 2, 3, 3)")
    assert stage.root.locator(".cnv-chart .hm image").count() == 3, "grids of one kind are drawn as one heatmap"
    stage.point("y0", 1, 2, (3, 3))
    expect(stage.sum).to_contain_text("y[0][1, 2]")
    first, *parts = sum_lines(stage)
    assert first.endswith(f"= {trace.outputs[0][1, 2]}")
    assert [int(line.rpartition("= ")[2]) for line in parts] == parts_of(trace, 1, 2)
    assert [line.count("×") for line in parts] == [9, 9, 9]
    stage.point("in1", 0, 0, (5, 5))
    expect(stage.sum).to_contain_text("x[1][0, 0]")
    stage.point("k0_2", 0, 0, (3, 3))
    expect(stage.sum).to_contain_text("w[0, 2][0, 0]")


def test_the_light_goes_down_to_all_channels_of_the_group(lesson: Open) -> None:
    stage = lesson("c=4&o=4&g=2&maps=all")
    stage.point("y2", 1, 1, (3, 3))
    expect(stage.sum).to_contain_text("y[2][1, 1]")
    inked = stage.root.evaluate(
        """root => {
            const canvas = root.querySelector("canvas.cnv-light"), box = canvas.getBoundingClientRect();
            const scale = canvas.width / box.width, pen = canvas.getContext("2d");
            return Object.fromEntries([...root.querySelectorAll("[data-grid]")].map((field) => {
                const at = field.getBoundingClientRect();
                const place = [at.x - box.x, at.y - box.y, at.width, at.height].map((length) => length * scale);
                const pixels = pen.getImageData(...place).data;
                return [field.dataset.grid, pixels.some((value, index) => index % 4 === 3 && value > 0)];
            }));
        }"""
    )
    assert {name for name, lit in inked.items() if lit} == {"in2", "in3", "w2", "y2"}


def test_sliders_and_choices_move_the_shape(lesson: Open) -> None:
    stage = lesson("")
    stage.slide("outputs", 4)
    expect(stage.shape).to_have_text("(1, 3, 5, 5) → (1, 4, 3, 3)")
    stage.slide("groups", 2)
    expect(stage.shape).to_have_text("not possible")
    expect(stage.fault).to_contain_text("2 groups cannot share 3 input channels equally: 1 is left over.")
    stage.fault.get_by_role("button", name="Input channels 2").click()
    expect(stage.shape).to_have_text("(1, 2, 5, 5) → (1, 4, 3, 3)")
    stage.expect_query(c="2", o="4", g="2")
    stage.choose("layer", "separable")
    stage.expect_query(c="2", o="4", g=None, layer="separable")


def test_a_typed_cell_changes_its_channel_only(lesson: Open) -> None:
    stage = lesson("")
    box = stage.grid("in1").bounding_box()
    assert box
    stage.page.mouse.click(box["x"] + box["width"] / 10, box["y"] + box["height"] / 10)
    stage.editor.fill("9")
    stage.editor.press("Enter")
    stage.expect_query(xe="1.0.0 9")
    trace = traced(xe="1.0.0 9")
    stage.point("m1", 0, 0, (3, 3))
    expect(stage.sum).to_contain_text(re.compile(rf"m\[1\]\[0, 0\].*= −?{abs(trace.parts[0][1][0, 0])}$"))


@pytest.mark.parametrize("width", [390])
def test_a_phone_has_no_sideways_scroll_and_readable_cells(lesson: Open, page: Page) -> None:
    stage = lesson("")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    box = stage.grid("in0").bounding_box()
    assert box and box["width"] / 5 >= 20


@pytest.mark.parametrize("theme", ["light"])
def test_nothing_stands_in_the_way(lesson: Open, page: Page) -> None:
    lesson("o=4&layer=separable&b=yes")
    assert barriers(page) == ""
