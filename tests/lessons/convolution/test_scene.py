import re
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
from hypothesis import given

from cnnviz.lessons.convolution.scene import ARRANGEMENTS, alt_text, convolution_scene, shape_text
from cnnviz.lessons.convolution.spec import ConvolutionSpec
from cnnviz.lessons.convolution.trace import ConvolutionTrace, trace_convolution
from cnnviz.stage.scene import ADDED, copy_of
from cnnviz.stage.windows import unread_notes
from tests.lessons.convolution.specs import WORKING, examples

NUMPY_MODES: dict[str, Any] = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def traced(query: dict[str, str]) -> ConvolutionTrace:
    spec, notes = ConvolutionSpec.from_query(query)
    assert not notes
    return trace_convolution(spec)


def shown_cells(trace: ConvolutionTrace, axis: int) -> list[int]:
    """Which input cell each padded position shows, by numpy; -1 for a zero."""
    cells, padding = np.arange(trace.spec.size[axis]), trace.padding[axis]
    if trace.spec.mode == "zeros":
        return np.pad(cells, padding, constant_values=-1).tolist()
    return np.pad(cells, padding, mode=NUMPY_MODES[trace.spec.mode]).tolist()


def unread_by_hand(trace: ConvolutionTrace, axis: int) -> tuple[int, int, int]:
    """Walk all windows of an axis and count the input cells that are never read: (at the end, elsewhere, padding)."""
    spec, shown = trace.spec, shown_cells(trace, axis)
    reached, read = 0, set()
    for start in range(0, len(shown), spec.stride[axis]):
        window = [start + tap * spec.dilation[axis] for tap in range(spec.kernel[axis])]
        if window[-1] < len(shown):
            reached = window[-1] + 1
            read |= {shown[position] for position in window}
    before, after = trace.padding[axis]
    unread = set(range(spec.size[axis])) - read
    end = 0
    while spec.size[axis] - 1 - end in unread and before + spec.size[axis] - 1 - end >= reached:
        end += 1
    return end, len(unread) - end, min(after, len(shown) - reached)


def counted(text: str, pattern: str) -> int:
    """Read a count out of a sentence: “the last row” is 1, “the last 2 rows” is 2."""
    found = re.search(pattern, text, flags=re.IGNORECASE)
    return int(found[1] or 1) if found else 0


@examples(200)
@given(WORKING)
def test_notes_count_exactly_the_cells_that_nothing_reads(spec):
    trace = trace_convolution(spec)
    notes = " ".join(unread_notes(trace))
    silent = True
    for axis, (name, end) in enumerate((("row", "bottom"), ("column", "right"))):
        last, gaps, padding = unread_by_hand(trace, axis)
        other = r"(?: and the last (?:\d+ )?columns?)?" if axis == 0 else ""
        assert counted(notes, rf"the last (?:(\d+) )?{name}s?{other} of the input") == last
        assert counted(notes, rf"the last (?:(\d+) )?padding {name}s? on the {end}") == (0 if last else padding)
        assert counted(notes, rf"(\d+) {name}s?(?: and \d+ columns?)? of the input (?:is|are) stepped over") == gaps
        silent &= not (last or gaps or padding)
    assert (notes == "") == silent
    assert convolution_scene(trace).notes == tuple(unread_notes(trace))


PAST_IT, PAST_THEM = "is never read: the stride steps past it.", "are never read: the stride steps past them."


@pytest.mark.parametrize(
    ("link", "notes"),
    [
        ("n=5", []),
        ("n=6&s=2", [f"The last row and the last column of the input {PAST_THEM}"]),
        ("n=6x5&s=2", [f"The last row of the input {PAST_IT}"]),
        ("n=5x7&s=3", [f"The last 2 rows and the last column of the input {PAST_THEM}"]),
        ("n=7x8&s=3", [f"The last row and the last 2 columns of the input {PAST_THEM}"]),
        ("n=5&k=4&s=4x1&p=1", [f"The last 2 rows of the input {PAST_THEM}"]),
        ("n=5x6&s=1x3&p=1", [f"The last column of the input {PAST_IT}"]),
        ("n=6&s=2&p=1", [f"The last padding row on the bottom and the last padding column on the right {PAST_THEM}"]),
        ("n=8x5&k=2x1&s=3x1", ["Between the windows, 2 rows of the input are stepped over."]),
        ("n=5&k=2&s=3", ["Between the windows, 1 row and 1 column of the input are stepped over."]),
        ("n=5x4&k=2x1&s=3x1", ["Between the windows, 1 row of the input is stepped over."]),
        ("n=5x3&k=3&d=2x1", ["Between the cells that are read, 2 rows of the input are stepped over."]),
        ("n=1&k=1&s=5x1&p=3.0.0.0", [f"The last row of the input {PAST_IT}"]),
        ("n=4&k=2&s=2&p=1.0.1.0&mode=circular", []),  # the last cells are read: as copies, in the padding
        (
            "n=5&k=2&s=3&p=1.0.1.0&mode=circular",
            ["Between the windows, 1 row and 1 column of the input are stepped over."],
        ),
    ],
)
def test_what_the_notes_say(link, notes):
    assert unread_notes(traced(dict(parse_qsl(link)))) == notes


@examples(80)
@given(WORKING)
def test_the_scene_is_the_trace(spec):
    trace = trace_convolution(spec)
    scene = convolution_scene(trace)
    assert [grid.name for grid in scene.grids] == ["input", "kernel", "output"]
    assert scene.grid("input").values is trace.padded
    assert scene.grid("kernel").values is trace.weight
    assert scene.grid("output").values is trace.output
    (top, bottom), (left, right) = trace.padding
    assert scene.grid("input").ring == (top, bottom, left, right)
    assert scene.grid("output").ring == scene.grid("kernel").ring == (0, 0, 0, 0)
    assert [grid.editable for grid in scene.grids] == [True, True, False]
    assert scene.signs == ("∗" if spec.flip else "⋆", "=")
    assert scene.shape == shape_text(trace)
    assert scene.alt == alt_text(trace)


@examples(80)
@given(WORKING)
def test_the_links_lead_from_every_output_to_what_it_is_the_sum_of(spec):
    """What the browser will multiply and add is the output, through the links alone."""
    scene = convolution_scene(trace_convolution(spec))
    (link,) = scene.links
    assert link.weight is not None and link.rows is not None and link.columns is not None
    source, weight, target = (scene.grid(name) for name in (link.source, link.weight, link.target))
    assert (link.rows.source_size, link.columns.source_size) == source.shape
    assert (len(link.rows.reads), len(link.columns.reads)) == target.shape
    taps: Any = (link.rows.taps, link.columns.taps)
    turned = weight.values[np.ix_(*taps)]
    for (row, column), value in np.ndenumerate(target.values):
        window = source.values[np.ix_(link.rows.reads[row], link.columns.reads[column])]
        assert (window * turned).sum() == pytest.approx(value, rel=1e-12, abs=1e-8)


@examples(80)
@given(WORKING)
def test_a_padding_cell_names_the_cell_that_it_shows(spec):
    trace = trace_convolution(spec)
    grid = convolution_scene(trace).grid("input")
    assert (grid.origins is None) == (trace.padded.shape == trace.values.shape)
    for axis, origins in enumerate(grid.origins or ()):
        first, size = trace.padding[axis][0], spec.size[axis]
        for position, (origin, cell) in enumerate(zip(origins, shown_cells(trace, axis), strict=True)):
            is_data = first <= position < first + size
            assert origin == (cell if is_data else ADDED if cell < 0 else copy_of(cell))


def test_a_kernel_of_fractions_is_written_as_fractions():
    assert convolution_scene(traced({"w": "box"})).grid("kernel").texts == ("1/9",) * 9
    assert convolution_scene(traced({"w": "rising"})).grid("kernel").texts is None
    assert convolution_scene(traced({})).grid("kernel").texts is None


@pytest.mark.parametrize(
    ("query", "alt"),
    [
        ({}, "Input of 5 by 5; kernel of 3 by 3; output of 3 by 3."),
        (
            {"n": "7x5", "p": "1", "s": "2"},
            "Input of 7 by 5, padded to 9 by 7; kernel of 3 by 3, stride 2 by 2; output of 4 by 3.",
        ),
        ({"n": "7", "d": "2x1"}, "Input of 7 by 7; kernel of 3 by 3, dilation 2 by 1; output of 3 by 5."),
    ],
    ids=str,
)
def test_the_picture_in_words(query, alt):
    assert alt_text(traced(query)) == alt


def test_the_shape_as_the_stage_shows_it():
    assert shape_text(traced({"n": "7"})) == "7×7 → 5×5"
    assert shape_text(traced({"n": "7x5", "p": "full"})) == "7×5 → 9×7"


def test_every_arrangement_shows_every_grid_once():
    for arrangement in ARRANGEMENTS:
        names = [name for row in arrangement for column in row for name in column]
        assert sorted(names) == ["input", "kernel", "output"]


def test_scenes_share_their_links():
    """The pack stores what is the same object only once."""
    one, other = (convolution_scene(traced({"x": word})) for word in ("guide", "ramp"))
    assert one.links[0].rows is other.links[0].rows
