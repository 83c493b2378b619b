"""The Volumes lesson in a real browser: what is painted, what a slider changes, what a hand on a cell is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage_page import StagePage
from tests.browser.test_channels import sum_lines
from tests.browser.test_stage_axe import barriers
from tests.lessons.volumes.specs import traced
from tests.serving import Server

Open = Callable[[str], StagePage]


@pytest.fixture
def lesson(page: Page, server: Server) -> Open:
    return lambda query: StagePage.open(page, f"{server.url}/volumes", query)


def test_a_sum_is_written_out_frame_by_frame(lesson: Open) -> None:
    query = {"x": "random", "w": "random"}
    stage, trace = lesson("x=random&w=random"), traced(**query)
    expect(stage.shape).to_have_text("4×5×5 → 2×3×3")
    assert stage.root.locator(".cnv-chart .hm image").count() == 3, "grids of one kind are drawn as one heatmap"
    stage.point("y1", 1, 2, (3, 3))
    expect(stage.sum).to_contain_text("y[1][1, 2]")
    lines = sum_lines(stage)
    assert [line.count("×") for line in lines] == [9, 9, 9]
    assert lines[-1].endswith(f"= {trace.outputs[1][1, 2]}")
    stage.point("x2", 2, 2, (5, 5))
    expect(stage.sum).to_contain_text("is read by 18 of 18 outputs")
    stage.point("w2", 0, 0, (3, 3))
    expect(stage.sum).to_contain_text("it meets 18 cells")


def test_frames_that_no_window_reads_and_frames_of_padding_say_so(lesson: Open) -> None:
    stage = lesson("n=6x3&k=2x3&s=3x1")
    stage.point("x2", 1, 1, (3, 3))
    expect(stage.sum).to_contain_text("is never read")
    with stage.repainted():
        stage.slider("padding_time").fill("1")
    stage.point("p0", 1, 1, (3, 3))
    expect(stage.sum).to_contain_text("An added 0 is read by 1 of 3 outputs.")


def test_the_player_goes_through_all_output_frames(lesson: Open) -> None:
    stage = lesson("")
    expect(stage.scrubber).to_have_attribute("max", "17")
    stage.scrubber.fill("10")
    expect(stage.sum).to_contain_text("y[1][0, 1] =")
    stage.expect_query(at="y1.0.1")


def test_views_and_sliders(lesson: Open) -> None:
    stage = lesson("")
    stage.choose("dims", "2")
    expect(stage.shape).to_have_text("5×5 → 3×3, 4 frames")
    expect(stage.slider("kernel_time")).to_have_count(0)
    stage.choose("dims", "1")
    expect(stage.shape).to_have_text("4 → 2")
    expect(stage.slider("kernel")).to_have_count(0)
    stage.choose("dims", "3")
    expect(stage.slider("kernel")).to_have_count(1)
    stage.slide("frames", 2)
    expect(stage.shape).to_have_text("not possible")
    expect(stage.fault).to_contain_text("In time: The kernel reaches over 3 cells")
    stage.fault.get_by_role("button", name="Kernel frames 2").click()
    expect(stage.shape).to_have_text("2×5×5 → 1×3×3")
    stage.expect_query(n="2x5", k="2x3")


def test_a_cell_of_a_frame_is_typed_into(lesson: Open) -> None:
    stage = lesson("x=still&w=difference")
    box = stage.grid("x3").bounding_box()
    assert box
    stage.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    stage.editor.fill("9")
    stage.editor.press("Enter")
    stage.expect_query(xe="3.2.2 9")
    stage.point("y1", 1, 1, (3, 3))
    expect(stage.sum).to_contain_text("= 6")


@pytest.mark.parametrize("width", [390])
def test_a_phone_has_no_sideways_scroll_and_readable_cells(lesson: Open, page: Page) -> None:
    stage = lesson("")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = stage.grid("x0").bounding_box()
    assert box and box["width"] / 5 >= 20
    assert page.evaluate(
        "[...document.querySelectorAll('.katex-display')].every(node => node.scrollWidth <= node.clientWidth + 2)"
    )


@pytest.mark.parametrize("theme", ["dark"])
def test_nothing_stands_in_the_way(lesson: Open, page: Page) -> None:
    lesson("p=1&x=random")
    assert barriers(page) == ""
