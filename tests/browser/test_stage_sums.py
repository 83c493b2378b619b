"""What lights up and what is said when a hand rests on a cell: checked against the engine."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Page, expect

from cnnviz.lessons.convolution.trace import ConvolutionTrace
from tests.browser.stage_page import StagePage, trace_of
from tests.browser.sums import expect_sum, readers_of

Visit = Callable[[str], StagePage]
SETTINGS = [
    "",
    "n=7&s=2&p=1",
    "n=6x8&k=2x3&d=2x1&p=same",
    "p=2&mode=reflect",
    "p=2&mode=replicate",
    "k=2&p=1&mode=circular",
    "n=6&flip=1&w=counting&p=0.1.2.0",
    "w=box&p=1&x=falling",
    "n=5&w=laplacian",
]


def corners(shape: tuple[int, ...]) -> list[tuple[int, int]]:
    rows, cols = shape
    cells = [(0, 0), (rows // 2, cols - 1), (rows - 1, cols // 2)]
    return list(dict.fromkeys(cells))


def padding_met(trace: ConvolutionTrace, row: int, col: int) -> tuple[int, int]:
    """How many cells a weight meets, and how many of them are padding."""
    height, width = trace.weight.shape
    if trace.spec.flip:
        row, col = height - 1 - row, width - 1 - col
    (top, _), (left, _) = trace.padding
    rows = trace.rows.reads[:, row]
    cols = trace.columns.reads[:, col]
    inside_rows = int(np.count_nonzero((rows >= top) & (rows < top + trace.values.shape[0])))
    inside_cols = int(np.count_nonzero((cols >= left) & (cols < left + trace.values.shape[1])))
    return rows.size * cols.size, rows.size * cols.size - inside_rows * inside_cols


def test_a_hovered_cell_says_what_the_engine_says(visit: Visit) -> None:
    stage = visit("n=9")
    for query in SETTINGS:
        stage.go(query)
        check_cells(stage, trace_of(query))


def check_cells(stage: StagePage, trace: ConvolutionTrace) -> None:
    """Hover three cells of every grid."""
    for row, col in corners(trace.output.shape):
        stage.hover(("output", row, col), trace)
        expect(stage.sum).to_contain_text(f"y[{row}, {col}]")
        expect_sum(stage, trace, row, col)
    for row, col in corners(trace.values.shape):
        stage.hover(("input", row, col), trace)
        expect(stage.sum).to_contain_text(f"x[{row}, {col}]")
        count = readers_of(trace, row, col)
        outputs = f"{trace.output.size} outputs"
        expect(stage.sum).to_contain_text(f"is read by {count} of {outputs}" if count else "is never read")
    for row, col in corners(trace.weight.shape):
        stage.hover(("kernel", row, col), trace)
        expect(stage.sum).to_contain_text(f"w[{row}, {col}]")
        cells, padding = padding_met(trace, row, col)
        expect(stage.sum).to_contain_text(f"meets {cells} cell")
        expect(stage.sum).to_contain_text(f"{padding} of them" if padding else "cell")


def test_padding_cells_say_what_they_are(visit: Visit) -> None:
    stage, trace = visit("p=1"), trace_of("p=1")
    stage.hover(("input", -1, -1), trace)
    expect(stage.sum).to_contain_text(re.compile("an added 0 is read by 1 of 25 outputs", re.I))
    stage = visit("p=2&mode=reflect")
    stage.hover(("input", -1, -2), trace_of("p=2&mode=reflect"))
    expect(stage.sum).to_contain_text("Padding: a copy of x[1, 2]")


def test_leaving_the_grids_brings_the_held_cell_back(visit: Visit, page: Page) -> None:
    stage, trace = visit(""), trace_of("")
    stage.hover(("output", 2, 2), trace)
    expect(stage.sum).to_contain_text("y[2, 2]")
    box = stage.shape.bounding_box()
    assert box
    with stage.relit():
        page.mouse.move(box["x"], box["y"])
    expect(stage.sum).to_contain_text("y[0, 0]")


def test_the_light_moves_and_the_grids_are_not_painted_again(visit: Visit) -> None:
    stage, trace = visit("n=7"), trace_of("n=7")
    stage.hover(("output", 0, 0), trace)
    expect(stage.sum).to_contain_text("y[0, 0]")
    painted = stage.painted
    for col in range(1, 5):
        with stage.relit():
            stage.hover(("output", 0, col), trace)
    assert stage.painted == painted


def test_the_light_is_drawn_where_the_window_is(visit: Visit) -> None:
    """The frame of the window is drawn on the canvas above the input, and nowhere else in the input."""
    stage, trace = visit("n=6&s=2"), trace_of("n=6&s=2")
    stage.hover(("output", 1, 1), trace)
    expect(stage.sum).to_contain_text("y[1, 1]")
    inked = stage.root.evaluate(
        """root => {
            const canvas = root.querySelector("canvas.cnv-light");
            const field = root.querySelector('[data-grid="input"]').getBoundingClientRect();
            const box = canvas.getBoundingClientRect();
            const scale = canvas.width / box.width, cell = field.width / 6;
            const pen = canvas.getContext("2d");
            return Array.from({length: 36}, (_, at) => {
                const x = field.x - box.x + (at % 6) * cell, y = field.y - box.y + Math.floor(at / 6) * cell;
                // well inside the cell's corner where the weight stands
                const pixels = pen.getImageData((x + cell * 0.5) * scale, (y + cell * 0.6) * scale,
                                                cell * 0.4 * scale, cell * 0.3 * scale).data;
                return pixels.some((value, index) => index % 4 === 3 && value > 0);
            });
        }"""
    )
    assert [at for at, lit in enumerate(inked) if lit] == [r * 6 + c for r in (2, 3, 4) for c in (2, 3, 4)]


def test_hovering_an_input_cell_lights_all_outputs_that_read_it(visit: Visit) -> None:
    stage, trace = visit("n=5"), trace_of("n=5")
    stage.hover(("input", 2, 2), trace)
    expect(stage.sum).to_contain_text("is read by 9 of 9 outputs")
    stage.hover(("input", 0, 0), trace)
    expect(stage.sum).to_contain_text("is read by 1 of 9 outputs")
