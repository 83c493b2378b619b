"""What is there when the page has opened."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, expect

from tests.browser.stage_page import StagePage, shape_of, trace_of
from tests.serving import Server

Visit = Callable[[str], StagePage]
TOGETHER = ["input", "kernel", "stride", "padding", "dilation"]
ROWS_AND_COLUMNS = [f"{name}_{axis}" for name in ("input", "kernel", "stride") for axis in ("rows", "columns")]
APART = [
    *ROWS_AND_COLUMNS,
    *(f"padding_{side}" for side in ("top", "bottom", "left", "right")),
    *(f"dilation_{axis}" for axis in ("rows", "columns")),
]


def slider_names(stage: StagePage) -> list[str]:
    return stage.root.locator('.cnv-sliders input[type="range"]').evaluate_all("nodes => nodes.map(node => node.name)")


def test_the_stage_is_painted_and_says_its_shape(visit: Visit) -> None:
    stage = visit("")
    expect(stage.shape).to_have_text("5×5 → 3×3")
    assert slider_names(stage) == TOGETHER
    assert [int(stage.slider(name).input_value()) for name in TOGETHER] == [5, 3, 1, 0, 1]
    assert stage.root.locator(".cnv-chart .hm image").count() == 3, "input, kernel and output are drawn"
    expect(stage.fault).to_be_hidden()
    expect(stage.messages).to_be_hidden()


def picture(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.locator(".cnv-plot").screenshot())).convert("RGB")


@pytest.fixture
def stranger(chromium: Browser) -> Iterator[Page]:
    """A browser that has never seen the app, on a network that loses plotly.js."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
    context.route("**/plotly.min.js", lambda route: route.abort())
    yield context.new_page()
    context.close()


def test_before_plotly_is_there_the_stage_shows_the_same_picture_and_works(server: Server, stranger: Page) -> None:
    root = stranger.locator('[data-cnnviz="stage"]')
    queries = ["w=sobel-x&p=1", "n=16&x=random&k=5"]
    pictures: dict[str, list[Image.Image]] = {"sketch": [], "plotly": []}
    for renderer, made in pictures.items():
        for query in queries:
            stranger.goto(f"{server.url}/?{query}")
            expect(root).to_have_attribute("data-renderer", renderer, timeout=20_000)
            expect(stranger.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
            made.append(picture(stranger))
        if renderer == "sketch":
            stranger.goto(server.url)
            without_plotly_the_stage_works(stranger)
    for query, sketched, drawn in zip(queries, *pictures.values(), strict=True):
        assert sketched.size == drawn.size, query
        differences = ImageChops.difference(sketched, drawn).convert("L").histogram()
        assert sum(differences[24:]) < 0.02 * sum(differences), f"{query}: more than the edges of the cells differ"


def without_plotly_the_stage_works(stranger: Page) -> None:
    """It does, and plotly.js is used as soon as it can be had."""
    root = stranger.locator('[data-cnnviz="stage"]')
    expect(root).to_have_attribute("data-renderer", "sketch")
    root.locator('input[name="input"]').fill("9")
    expect(root.locator('[data-cnnviz="shape"]')).to_have_text("9×9 → 7×7")
    stranger.context.unroute("**/plotly.min.js")
    root.locator('input[name="input"]').fill("8")
    expect(root).to_have_attribute("data-renderer", "plotly", timeout=20_000)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("apart=1&sides=1", APART),
        ("apart=1", [*ROWS_AND_COLUMNS, "padding_rows", "padding_columns", "dilation_rows", "dilation_columns"]),
        ("sides=1", ["input", "kernel", "stride", "padding_before", "padding_after", "dilation"]),
    ],
)
def test_rows_and_columns_and_sides_can_be_apart(visit: Visit, query: str, names: list[str]) -> None:
    assert slider_names(visit(query)) == names


def test_a_link_opens_its_state(visit: Visit) -> None:
    query = "n=6x8&k=2x3&s=2x1&p=0.1.2.0&d=1x2&mode=replicate&flip=1&x=ramp&w=counting"
    stage = visit(query)
    expect(stage.shape).to_have_text(shape_of(trace_of(query)))
    values = {name: int(stage.slider(name).input_value()) for name in APART}
    assert values == {
        "input_rows": 6, "input_columns": 8, "kernel_rows": 2, "kernel_columns": 3, "stride_rows": 2,
        "stride_columns": 1, "padding_top": 0, "padding_bottom": 1, "padding_left": 2, "padding_right": 0,
        "dilation_rows": 1, "dilation_columns": 2,
    }  # fmt: skip
    expect(stage.root.locator('input[data-control="mode"][value="replicate"]')).to_be_checked()
    expect(stage.root.locator('input[data-control="flip"][value="turned"]')).to_be_checked()
    expect(stage.select("values")).to_have_value("ramp")
    expect(stage.select("weights")).to_have_value("counting")


def test_the_lesson_has_an_address_of_its_own(page: Page, server: Server) -> None:
    stage = StagePage.open(page, f"{server.url}/convolution", "n=7&k=2")
    stage.expect_shape(trace_of("n=7&k=2"))


def test_what_a_link_asks_in_vain_is_named_and_the_rest_kept(visit: Visit) -> None:
    stage = visit("n=99&k=2&mode=wild")
    expect(stage.shape).to_have_text("5×5 → 4×4")
    expect(stage.messages).to_contain_text("“99”")
    expect(stage.messages).to_contain_text("“wild”")
    stage.expect_query(n=None, k="2", mode=None)


def test_the_largest_grid_is_drawn(visit: Visit) -> None:
    stage = visit("n=16&p=1")
    stage.expect_shape(trace_of("n=16&p=1"))
    box, plot = stage.grid("input").bounding_box(), stage.plot.bounding_box()
    assert box and plot
    assert box["width"] >= 18 * 10, "a cell takes at least ten pixels"
    assert plot["x"] <= box["x"] and box["x"] + box["width"] <= plot["x"] + plot["width"]
