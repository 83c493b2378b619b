"""Without a mouse, without eyes, without motion."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage_page import StagePage, trace_of

Visit = Callable[[str], StagePage]
MOST_TABS = 60
SLIDERS = ["input", "kernel", "stride", "padding", "dilation"]


def stops_of_tab(page: Page, stage: StagePage) -> list[str]:
    """The names of all stops inside the stage, pressing Tab from the top of the page."""
    page.evaluate("document.activeElement.blur()")
    stops: list[str] = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        name = stage.root.evaluate(
            """root => {
                const node = document.activeElement;
                if (!root.contains(node)) return null;
                return node.dataset.grid ?? node.dataset.control ?? (node.name || node.ariaLabel || node.className);
            }"""
        )
        if name:
            stops.append(name)
        elif stops:
            break
    return stops


def test_tab_reaches_everything(visit: Visit, page: Page) -> None:
    stage = visit("")
    stops = stops_of_tab(page, stage)
    wanted = {
        *SLIDERS, "apart", "sides", "padding_name", "mode", "flip", "preset", "values", "weights", "reroll",
        "coverage", "Copy link", "Projector view", "input", "kernel", "output", "Step back", "Play", "Step forward",
        "step", "speed",
    }  # fmt: skip
    assert wanted <= set(stops)
    grids_from = stops.index("dilation")
    assert [name for name in stops[grids_from:] if name in {"input", "kernel", "output"}] == [
        "input",
        "kernel",
        "output",
    ]


def test_the_stage_works_by_keys_alone(visit: Visit, page: Page) -> None:
    stage = visit("n=7")
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "kernel":
            break
    with stage.repainted():
        page.keyboard.press("ArrowRight")
    stage.expect_shape(trace_of("n=7&k=4"))
    with stage.repainted():
        page.keyboard.press("ArrowRight")
    stage.expect_query(k="5")
    stage.expect_shape(trace_of("n=7&k=5"))
    assert page.evaluate("document.activeElement.name") == "kernel", "the answer must not take the slider away"
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.grid") == "output":
            break
    page.keyboard.press("ArrowDown")
    expect(stage.sum).to_contain_text("y[1, 0] =")


def test_focus_is_visible(visit: Visit, page: Page) -> None:
    stage = visit("")
    page.keyboard.press("Tab")
    for name in ("kernel", "step"):
        stage.slider(name).focus()
        assert stage.slider(name).evaluate("node => getComputedStyle(node).outlineStyle") == "solid"


def test_a_screen_reader_hears_the_shape_and_the_sum(visit: Visit) -> None:
    stage = visit("")
    stage.slide("kernel", 2)
    expect(stage.live).to_contain_text("output of 4 by 4")
    field = stage.grid("output")
    field.focus()
    field.press("ArrowRight")
    expect(stage.live).to_contain_text("y[0, 1] = 4")
    expect(stage.live).to_contain_text("3 times 0 plus 2 times 1")
    assert stage.live.get_attribute("aria-live") == "polite"


def test_a_screen_reader_hears_what_is_impossible(visit: Visit) -> None:
    stage = visit("")
    stage.hold("kernel", 7)
    status = stage.root.get_by_role("status").filter(has_text="2 too few")
    expect(status).to_be_visible()


def test_a_screen_reader_is_not_told_twice(visit: Visit) -> None:
    """A slider says its value itself. Any other part that speaks by itself would say it again at every step."""
    stage = visit("")
    speaking = stage.root.locator("output, [role=status], [role=alert], [role=log], [aria-live]")
    names = speaking.evaluate_all("nodes => nodes.map(node => node.className)")
    assert sorted(names) == ["cnv-fault", "cnv-live", "cnv-messages"]


def test_every_control_has_a_name(visit: Visit) -> None:
    stage = visit("apart=1&sides=1")
    nameless = stage.root.evaluate(
        """root => [...root.querySelectorAll("button, select, input, [tabindex], [role]")]
            .filter(node => !["none", "presentation", "status"].includes(node.role))
            .filter(node => !node.ariaLabel && !node.textContent.trim())
            .filter(node => ![...(node.labels ?? [])].some(label => label.textContent))
            .map(node => node.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
    for name in ("Input rows", "Padding top", "Dilation columns", "Output cell"):
        expect(stage.root.get_by_role("slider", name=name, exact=True)).to_have_count(1)


def test_the_picture_has_a_text_that_follows_it(visit: Visit) -> None:
    stage = visit("")
    chart = stage.root.locator(".cnv-chart")
    expect(chart).to_have_attribute("aria-label", "Input of 5 by 5; kernel of 3 by 3; output of 3 by 3.")
    stage.hold("padding", 1)
    expect(chart).to_have_attribute(
        "aria-label", "Input of 5 by 5, padded to 7 by 7; kernel of 3 by 3; output of 5 by 5."
    )


@pytest.mark.parametrize(("preference", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_those_who_ask_for_stillness(visit: Visit, page: Page, preference: str, moves: bool) -> None:
    page.emulate_media(reduced_motion=preference)  # type: ignore[arg-type]
    stage = visit("")
    durations = stage.root.evaluate(
        """root => [...root.querySelectorAll("*")].flatMap(node => {
            const style = getComputedStyle(node);
            return [style.transitionDuration, style.animationName === "none" ? "0s" : style.animationDuration];
        })"""
    )
    assert any(duration.strip("0s, ") for duration in durations) == moves
