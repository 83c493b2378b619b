"""Sliders: the picture follows the hand at once, the page when the hand rests."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from cnnviz.engine.arithmetic import output_size
from cnnviz.lessons.convolution.code import torch_code
from cnnviz.lessons.convolution.words import explain_border, explain_cost
from tests.browser.stage_page import StagePage, trace_of

Visit = Callable[[str], StagePage]


def link(state: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in state.items())


def expect_words(page: Page, query: str) -> None:
    """The words and the code below the stage belong to a state."""
    trace = trace_of(query)
    expect(page.get_by_test_id("stCode").first).to_have_text(torch_code(trace, numbers=False))
    expect(page.get_by_text(explain_cost(trace).sentence)).to_be_visible()
    expect(page.get_by_text(explain_border(trace))).to_be_visible()


WAYS = [
    ("input", "n", (7, 6, 5, 8, 10)),
    ("kernel", "k", (3, 4, 1, 2)),
    ("stride", "s", (1, 2, 4, 3)),
    ("padding", "p", (0, 3, 2)),
    ("dilation", "d", (1, 3, 2)),
]


def test_a_dragged_slider_moves_the_picture_at_once_and_the_page_at_rest(visit: Visit, page: Page) -> None:
    stage = visit("n=9")
    for name, letter, way in WAYS:
        stage.go("n=7")
        drag(stage, name, letter, way)


def drag(stage: StagePage, name: str, letter: str, way: tuple[int, ...]) -> None:
    """Take the thumb, move it over the values, and let go."""
    page = stage.page
    page.mouse.move(*stage.grip(name, way[0]))
    page.mouse.down()
    for value in way[1:]:
        with stage.repainted():
            page.mouse.move(*stage.grip(name, value))
        stage.expect_shape(trace_of(link({"n": "7", letter: str(value)})))
    page.mouse.up()
    last = {"n": "7", letter: str(way[-1])}
    stage.expect_query(**last)
    expect_words(page, link(last))
    stage.expect_shape(trace_of(link(last)))


def test_a_drag_may_come_back_to_where_it_began(visit: Visit, page: Page) -> None:
    stage = visit("n=7&k=4")
    page.mouse.move(*stage.grip("kernel", 4))
    page.mouse.down()
    for kernel in (5, 4, 3, 4):
        page.mouse.move(*stage.grip("kernel", kernel))
        stage.expect_shape(trace_of(f"n=7&k={kernel}"))
    page.mouse.up()
    stage.slide("stride", 2)
    stage.expect_query(n="7", k="4", s="2")


def test_every_position_of_every_slider_is_in_the_browser_already(visit: Visit, page: Page) -> None:
    """The URL stays: the server has not been asked while the hand moved."""
    settings = {"input": 7, "kernel": 3, "stride": 2, "padding": 1, "dilation": 1}
    stage = visit("n=7&s=2&p=1")
    for name, rest in settings.items():
        node = stage.slider(name)
        low, high = (int(node.get_attribute(end) or 0) for end in ("min", "max"))
        for value in [*range(low, high + 1), rest]:
            stage.hold(name, value)
            now = settings | {name: value}
            reach = now["dilation"] * (now["kernel"] - 1) + 1
            if now["input"] + 2 * now["padding"] < reach:
                expect(stage.fault).to_be_visible()
                continue
            size = output_size(now["input"], now["kernel"], now["stride"], now["padding"], now["dilation"])
            expect(stage.shape).to_have_text(f"{now['input']}×{now['input']} → {size}×{size}")
            expect(stage.fault).to_be_hidden()


def test_two_sliders_moved_one_after_the_other_both_count(visit: Visit, page: Page) -> None:
    stage = visit("n=7")
    stage.hold("kernel", 2)
    stage.slide("stride", 2)  # at once, before the kernel has been answered
    stage.expect_query(n="7", k="2", s="2")
    stage.expect_shape(trace_of("n=7&k=2&s=2"))
    expect_words(page, "n=7&k=2&s=2")


def test_a_slider_that_comes_back_leaves_no_trace(visit: Visit) -> None:
    stage = visit("n=7")
    stage.slide("kernel", 5)
    stage.expect_query(n="7", k="5")
    stage.slide("kernel", 3)
    stage.expect_query(n="7", k=None)
    stage.expect_shape(trace_of("n=7"))


def test_rows_and_columns_move_by_themselves_when_apart(visit: Visit) -> None:
    stage = visit("n=7")
    with stage.repainted():
        stage.root.get_by_role("switch", name="Rows and columns apart").check()
    stage.expect_query(n="7", apart="1")
    stage.slide("kernel_columns", 5)
    stage.expect_query(k="3x5")
    stage.expect_shape(trace_of("n=7&k=3x5"))
    with stage.repainted():
        stage.root.get_by_role("switch", name="Rows and columns apart").uncheck()
    stage.expect_query(k=None, apart=None)
    stage.expect_shape(trace_of("n=7"))


def test_padding_sides_move_by_themselves_when_apart(visit: Visit) -> None:
    stage = visit("n=6&sides=1&apart=1")
    stage.slide("padding_right", 3)
    stage.expect_query(p="0.0.0.3")
    stage.expect_shape(trace_of("n=6&p=0.0.0.3"))


def test_the_formula_follows(visit: Visit, page: Page) -> None:
    stage = visit("n=7")
    stage.slide("stride", 3)
    stage.expect_query(s="3")
    formula = page.locator(".katex annotation").first
    expect(formula).to_have_text(re.compile(r"\\dfrac\{7 \+ 2\\cdot 0 - 1\\cdot\(3-1\) - 1\}\{3\}"))
