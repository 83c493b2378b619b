"""The stage as a learner's hands and eyes meet it: a page object for the browser tests.

Nothing here sleeps. The stage counts its repaints in `data-painted` and its highlights in `data-lit`; tests wait for
these, for its words, or for the URL.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Locator, Page, expect

from cnnviz.lessons.convolution.spec import ConvolutionSpec
from cnnviz.lessons.convolution.trace import ConvolutionTrace, trace_convolution
from tests.browser.tab import arrive

STAGE = '[data-cnnviz="stage"]'
THUMB = 16  # px: Chromium's slider thumb; its middle never leaves the track
Cell = tuple[str, int, int]


def spec_of(query: str) -> ConvolutionSpec:
    spec, notes = ConvolutionSpec.from_query(dict(parse_qsl(query)))
    assert notes == [], "a test's own link must be readable"
    return spec


def trace_of(query: str) -> ConvolutionTrace:
    return trace_convolution(spec_of(query))


def shape_of(trace: ConvolutionTrace) -> str:
    (height, width), (rows, columns) = trace.values.shape, trace.output.shape
    return f"{height}×{width} → {rows}×{columns}"


class StagePage:
    """One stage of a page."""

    def __init__(self, page: Page, root: Locator | None = None) -> None:
        self.page = page
        self.root = root or page.locator(STAGE)
        self.shape = self.root.locator('[data-cnnviz="shape"]')
        self.sum = self.root.locator('[data-cnnviz="sum"]')
        self.plot = self.root.locator(".cnv-plot")
        self.fault = self.root.locator(".cnv-fault")
        self.messages = self.root.locator(".cnv-messages")
        self.live = self.root.locator(".cnv-live")
        self.editor = self.root.locator(".cnv-editor")
        self.scrubber = self.slider("step")

    @classmethod
    def open(cls, page: Page, url: str, query: str = "") -> StagePage:
        """Open a link and wait until the stage is painted and the page below it is complete."""
        arrive(page, f"{url}/?{query}" if query else url)
        stage = cls(page)
        stage.wait_until_painted()
        return stage

    def go(self, query: str) -> None:
        """Go to another state as the Back button does, without opening the page anew; it must be a possible one."""
        self.page.evaluate(
            "query => { history.pushState({}, '', `?${query}`); dispatchEvent(new PopStateEvent('popstate')); }", query
        )
        spec = spec_of(query)
        self.page.wait_for_function(
            """([root, sliders]) => sliders.every(([name, value]) => {
                const node = root.querySelector(`input[name="${name}"]`);
                return !node || node.value === String(value);
            })""",
            arg=[self.root.element_handle(), [["input", spec.size[0]], ["kernel", spec.kernel[0]]]],
        )
        self.expect_shape(trace_of(query))

    # What there is to see

    @property
    def painted(self) -> int:
        return int(self.root.get_attribute("data-painted") or 0)

    @property
    def lit(self) -> int:
        return int(self.root.get_attribute("data-lit") or 0)

    def wait_until_painted(self, after: int = 0) -> None:
        self._wait_for_more("painted", after)

    @contextmanager
    def repainted(self) -> Iterator[None]:
        """What happens inside must make the stage paint again."""
        before = self.painted
        yield
        self.wait_until_painted(before)

    @contextmanager
    def relit(self) -> Iterator[None]:
        """What happens inside must move the light."""
        before = self.lit
        yield
        self._wait_for_more("lit", before)

    def _wait_for_more(self, counter: str, than: int) -> None:
        self.page.wait_for_function(
            """([node, counter, than]) =>
                node.dataset.renderer === "plotly" && Number(node.dataset[counter] ?? 0) > than""",
            arg=[self.root.element_handle(), counter, than],
            timeout=15_000,
        )

    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.page.url).query))

    def expect_query(self, **wanted: str | None) -> None:
        """Wait until the URL says so; None: not a word about it."""
        self.page.wait_for_function(
            """wanted => {
                const query = new URLSearchParams(location.search);
                return Object.entries(wanted).every(([name, value]) => query.get(name) === value);
            }""",
            arg=wanted,
            timeout=10_000,
        )

    def expect_shape(self, trace: ConvolutionTrace) -> None:
        expect(self.shape).to_have_text(shape_of(trace))

    # Hands

    def slider(self, name: str) -> Locator:
        return self.root.locator(f'input[type="range"][name="{name}"]')

    def hold(self, name: str, value: int) -> None:
        """Move a slider without letting go of it."""
        with self.repainted():
            self.slider(name).evaluate(
                "(node, value) => { node.value = value; node.dispatchEvent(new Event('input', {bubbles: true})); }",
                str(value),
            )

    def slide(self, name: str, value: int) -> None:
        """Move a slider and let go."""
        with self.repainted():
            self.slider(name).fill(str(value))

    def grip(self, name: str, value: int) -> tuple[float, float]:
        """Where a slider's thumb is when it stands at a value."""
        node = self.slider(name)
        box = node.bounding_box()
        assert box
        low, high = (int(node.get_attribute(end) or 0) for end in ("min", "max"))
        part = (value - low) / (high - low)
        return box["x"] + THUMB / 2 + (box["width"] - THUMB) * part, box["y"] + box["height"] / 2

    def choose(self, control: str, value: str) -> None:
        """Press one of the buttons that exclude each other."""
        button = self.root.locator(f'input[data-control="{control}"][value="{value}"]')
        with self.repainted():
            button.check(force=True)  # the button is drawn by the label's text

    def select(self, control: str) -> Locator:
        return self.root.locator(f'select[name="{control}"]')

    def grid(self, name: str) -> Locator:
        return self.root.locator(f'[data-grid="{name}"]')

    def centre(self, cell: Cell, trace: ConvolutionTrace) -> tuple[float, float]:
        """The middle of a cell on the screen; rows and columns count from the first cell that is not padding."""
        name, row, col = cell
        rows, cols = {"input": trace.padded, "kernel": trace.weight, "output": trace.output}[name].shape
        (top, _), (left, _) = trace.padding if name == "input" else ((0, 0), (0, 0))
        field = self.grid(name)
        field.scroll_into_view_if_needed()
        box = field.bounding_box()
        assert box
        return (
            box["x"] + (col + left + 0.5) * box["width"] / cols,
            box["y"] + (row + top + 0.5) * box["height"] / rows,
        )

    def hover(self, cell: Cell, trace: ConvolutionTrace) -> None:
        self.page.mouse.move(*self.centre(cell, trace))

    def point(self, grid: str, row: int, col: int, shape: tuple[int, ...]) -> None:
        """Rest on a cell of a grid that is drawn with so many rows and columns, rim and padding included."""
        field = self.grid(grid)
        field.scroll_into_view_if_needed()
        box = field.bounding_box()
        assert box
        x, y = box["x"] + (col + 0.5) * box["width"] / shape[1], box["y"] + (row + 0.5) * box["height"] / shape[0]
        with self.relit():
            self.page.mouse.move(x, y)

    def click(self, cell: Cell, trace: ConvolutionTrace) -> None:
        self.page.mouse.click(*self.centre(cell, trace))

    def tap(self, cell: Cell, trace: ConvolutionTrace) -> None:
        self.page.touchscreen.tap(*self.centre(cell, trace))

    def type_into(self, cell: Cell, text: str, trace: ConvolutionTrace) -> None:
        """Click a cell, type a number and press Enter."""
        self.click(cell, trace)
        self.editor.fill(text)
        self.editor.press("Enter")
        expect(self.editor).to_be_hidden()
