"""Buttons and lists: borders, padding modes, the turned kernel, examples, numbers, coverage."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from cnnviz.lessons.convolution.examples import CONVOLUTION_PRESETS
from cnnviz.state.patterns import INPUT_PATTERNS, KERNEL_PATTERNS
from tests.browser.stage_page import StagePage, trace_of
from tests.browser.sums import expect_sum

Visit = Callable[[str], StagePage]


def link(state: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in state.items())


def expect_first_sum(stage: StagePage, query: str) -> None:
    trace = trace_of(query)
    stage.expect_shape(trace)
    expect_sum(stage, trace, 0, 0)


def test_borders(visit: Visit) -> None:
    stage = visit("n=6")
    for border, padding in (("same", 1), ("full", 2), ("valid", 0)):
        stage.choose("padding_name", border)
        query = f"n=6&p={border}"
        stage.expect_shape(trace_of(query))
        expect(stage.slider("padding")).to_have_value(str(padding))
        stage.expect_query(n="6", p=None if border == "valid" else border)
        expect_first_sum(stage, query)


def test_a_named_border_follows_the_kernel_and_a_moved_padding_is_by_hand(visit: Visit) -> None:
    stage = visit("n=7&p=same")
    stage.hold("kernel", 5)
    expect(stage.shape).to_have_text("7×7 → 7×7")
    expect(stage.slider("padding")).to_have_value("2")
    stage.slide("kernel", 5)
    stage.expect_query(n="7", k="5", p="same")
    stage.slide("padding", 3)
    stage.expect_query(p="3")
    expect(stage.root.locator('input[data-control="padding_name"][value="by hand"]')).to_be_checked()
    stage.expect_shape(trace_of("n=7&k=5&p=3"))


def test_by_hand_keeps_what_is_drawn(visit: Visit) -> None:
    stage = visit("n=7&p=same")
    stage.choose("padding_name", "by hand")
    stage.expect_query(p="1")
    stage.expect_shape(trace_of("n=7&p=1"))


def test_padding_modes(visit: Visit) -> None:
    stage = visit("p=2")
    for mode in ("reflect", "replicate", "circular", "zeros"):
        stage.choose("mode", mode)
        expect_first_sum(stage, f"p=2&mode={mode}")
        stage.expect_query(p="2", mode=None if mode == "zeros" else mode)


def test_the_turned_kernel(visit: Visit) -> None:
    stage = visit("w=counting")
    stage.choose("flip", "turned")
    expect_first_sum(stage, "w=counting&flip=1")
    stage.expect_query(flip="1")
    stage.choose("flip", "as it is")
    expect_first_sum(stage, "w=counting")
    stage.expect_query(flip=None)


def test_every_example_opens(visit: Visit) -> None:
    stage = visit("n=8")
    examples = stage.select("preset")
    offered = examples.locator("optgroup option").evaluate_all("nodes => nodes.map(node => node.value)")
    assert offered == [preset.name for preset in CONVOLUTION_PRESETS]
    for preset in CONVOLUTION_PRESETS[::4]:  # all of them are opened without a browser
        state = dict(preset.state)
        with stage.repainted():
            examples.select_option(preset.name)
        stage.expect_query(**{name: state.get(name) for name in ("n", "k", "s", "p", "d", "mode", "flip", "x", "w")})
        stage.expect_shape(trace_of(link(state)))
        expect(stage.fault).to_be_hidden()
        expect(stage.messages).to_be_hidden()
        expect(examples).to_have_value(preset.name)


@pytest.mark.parametrize(
    ("control", "letter", "patterns", "default"),
    [("values", "x", INPUT_PATTERNS, "guide"), ("weights", "w", KERNEL_PATTERNS, "guide")],
)
def test_every_pattern_of_numbers(
    visit: Visit, control: str, letter: str, patterns: dict[str, str], default: str
) -> None:
    stage = visit("n=6&k=3")
    names = [name for name in patterns if name != default]
    for name in [*names[::3], default]:
        with stage.repainted():
            stage.select(control).select_option(name)
        stage.expect_query(n="6", **{letter: None if name == default else name})
        expect_first_sum(stage, f"n=6&{letter}={name}")
        expect(stage.fault).to_be_hidden()


def test_new_random_numbers(visit: Visit) -> None:
    stage = visit("x=random")
    for seed in ("1", "2"):
        stage.root.get_by_role("button", name="New random numbers").click()
        stage.expect_query(x="random", seed=seed)
        expect_first_sum(stage, f"x=random&seed={seed}")


def test_random_numbers_replace_a_pattern(visit: Visit) -> None:
    stage = visit("n=6")
    stage.root.get_by_role("button", name="New random numbers").click()
    stage.expect_query(n="6", x="random")
    assert stage.query().get("seed", "0").isdigit()
    expect_first_sum(stage, link(stage.query()))


def test_coverage_changes_the_picture_and_the_link(visit: Visit) -> None:
    stage = visit("n=6")
    images = stage.root.locator(".cnv-chart .hm image").first
    before = images.get_attribute("href") or images.get_attribute("xlink:href")
    button = stage.root.locator('button[name="coverage"]')
    with stage.repainted():
        button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    after = images.get_attribute("href") or images.get_attribute("xlink:href")
    assert before and after and before != after
    stage.expect_query(n="6", show="coverage")
    stage.slide("stride", 2)
    stage.expect_query(s="2", show="coverage")
    button.click()
    stage.expect_query(show=None)
    expect(button).to_have_attribute("aria-pressed", "false")
