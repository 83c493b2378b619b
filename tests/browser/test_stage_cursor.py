"""The cursor: pinned by a click, stepped by keys, played by the player, kept in the link."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.stage_page import StagePage, trace_of

Visit = Callable[[str], StagePage]


def expect_output(stage: StagePage, row: int, col: int) -> None:
    expect(stage.sum).to_contain_text(f"y[{row}, {col}] =")


def wait_for_step(stage: StagePage, step: int) -> None:
    """Wait until the player has come so far; it may be further by the time that anybody looks."""
    stage.page.wait_for_function(
        "([node, step]) => Number(node.value) >= step", arg=[stage.scrubber.element_handle(), step]
    )


def test_a_click_pins_and_a_reload_keeps_the_pin(visit: Visit, page: Page) -> None:
    stage, trace = visit("n=6&p=1"), trace_of("n=6&p=1")
    stage.click(("output", 1, 2), trace)
    stage.expect_query(at="output.1.2")
    page.mouse.move(2, 2)
    expect_output(stage, 1, 2)
    page.reload()
    stage.wait_until_painted()
    expect_output(stage, 1, 2)
    expect(stage.scrubber).to_have_value("8")


def test_a_pinned_input_cell_counts_from_the_data_not_from_the_padding(visit: Visit, page: Page) -> None:
    stage = visit("n=6&p=2&at=input.1.3")
    expect(stage.sum).to_contain_text("x[1, 3] =")
    stage.slide("padding", 0)
    stage.expect_query(p="0", at="input.1.3")
    expect(stage.sum).to_contain_text("x[1, 3] =")


def test_a_pin_outside_the_grid_moves_into_it(visit: Visit) -> None:
    expect_output(visit("at=output.9.9"), 2, 2)
    expect_output(visit("at=nowhere.1.1"), 1, 1)


KEYS = [
    (["ArrowRight", "ArrowRight", "ArrowDown"], 1, 2),
    (["ArrowDown", "ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"], 1, 0),
    (["End", "PageDown"], 3, 3),
    (["End", "PageDown", "Home"], 3, 0),
    (["End", "PageDown", "PageUp"], 0, 3),
    (["PageUp", "Home", "ArrowLeft", "ArrowUp"], 0, 0),
]


def test_keys_step(visit: Visit) -> None:
    stage = visit("n=6")
    field = stage.grid("output")
    field.focus()
    for keys, row, col in KEYS:
        for key in ("PageUp", "Home", *keys):
            field.press(key)
        expect_output(stage, row, col)
        expect(stage.scrubber).to_have_value(str(row * 4 + col))
    stage.expect_query(at="output.0.0")


def test_keys_step_in_the_input_and_its_padding(visit: Visit) -> None:
    stage = visit("p=1")
    field = stage.grid("input")
    field.focus()
    field.press("ArrowRight")
    expect(stage.sum).to_contain_text("x[0, 1]")
    field.press("ArrowUp")
    expect(stage.sum).to_contain_text(re.compile("an added 0", re.I))


def test_space_plays_and_pauses(visit: Visit) -> None:
    stage = visit("n=6")
    field = stage.grid("output")
    stage.root.get_by_label("Speed").select_option("10")
    field.focus()
    field.press(" ")
    expect(stage.root.get_by_role("button", name="Pause")).to_be_visible()
    wait_for_step(stage, 2)
    field.press(" ")
    expect(stage.root.get_by_role("button", name="Play")).to_be_visible()
    here = int(stage.scrubber.input_value())
    stage.expect_query(at=f"output.{here // 4}.{here % 4}")
    expect(stage.scrubber).to_have_value(str(here))


def test_the_player_ends_at_the_last_cell_and_begins_again(visit: Visit) -> None:
    stage = visit("n=4&at=output.1.0")
    stage.root.get_by_label("Speed").select_option("10")
    stage.root.get_by_role("button", name="Play").click()
    wait_for_step(stage, 3)
    expect(stage.root.get_by_role("button", name="Play")).to_be_visible()
    stage.expect_query(at="output.1.1")
    stage.root.get_by_role("button", name="Play").click()
    stage.page.wait_for_function("node => Number(node.value) < 3", arg=stage.scrubber.element_handle())
    wait_for_step(stage, 3)


def test_the_player_goes_on_while_a_slider_moves(visit: Visit) -> None:
    stage = visit("n=7")
    stage.root.get_by_label("Speed").select_option("4")
    stage.root.get_by_role("button", name="Play").click()
    wait_for_step(stage, 2)
    stage.slide("kernel", 2)
    expect(stage.scrubber).to_have_attribute("max", "35")
    wait_for_step(stage, int(stage.scrubber.input_value()) + 2)
    stage.root.get_by_role("button", name="Pause").click()


def test_scrubber_and_buttons(visit: Visit) -> None:
    stage = visit("")
    stage.scrubber.fill("4")
    expect_output(stage, 1, 1)
    stage.expect_query(at="output.1.1")
    stage.root.get_by_role("button", name="Step forward").click()
    expect_output(stage, 1, 2)
    for _ in range(2):
        stage.root.get_by_role("button", name="Step back").click()
    expect_output(stage, 1, 0)
    expect(stage.root.locator(".cnv-place")).to_contain_text("4")
    expect(stage.root.locator(".cnv-place")).to_contain_text("9")


def test_the_cursor_stays_on_the_output_when_it_shrinks(visit: Visit) -> None:
    stage = visit("n=7&at=output.4.4")
    stage.slide("kernel", 6)
    expect_output(stage, 1, 1)
    stage.expect_query(k="6")
    expect_output(stage, 1, 1)
