import json
import math
import subprocess
import sys
from itertools import combinations
from typing import Any

import plotly.io as pio
import pytest

from cnnviz.figures.stage import MOST_NUMBERS, as_figure, place_grids, stage_figure
from cnnviz.lessons.convolution.examples import CONVOLUTION_PRESETS
from cnnviz.lessons.convolution.scene import convolution_scene
from cnnviz.lessons.convolution.spec import ConvolutionSpec
from cnnviz.lessons.convolution.trace import trace_convolution
from cnnviz.stage.scene import Scene


def scene_of(**query: str) -> Scene:
    return convolution_scene(trace_convolution(ConvolutionSpec.from_query(query)[0]))


def shapes_of(figure: dict[str, Any], start: str) -> list[dict[str, Any]]:
    return [shape for shape in figure["layout"]["shapes"] if shape["name"].startswith(start)]


def shape_of(figure: dict[str, Any], name: str) -> dict[str, Any]:
    (shape,) = (shape for shape in figure["layout"]["shapes"] if shape["name"] == name)
    return shape


def box(shape: dict[str, Any]) -> tuple[float, float, float, float]:
    return shape["y0"], shape["y1"], shape["x0"], shape["x1"]


SCENES = {
    "plain": scene_of(),
    "padded": scene_of(p="0.1.2.3", k="3x2"),
    "lost": scene_of(n="6", s="2"),
    "row": scene_of(n="1x9", k="1x3", p="0x1"),
    "dilated": scene_of(n="9", d="2", p="2", mode="reflect"),
    "large": scene_of(n="16", k="7", p="full", x="random", w="random"),
    "fractions": scene_of(n="7", w="box", x="edge"),
    "zeros": scene_of(x="0", w="0"),
}


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
@pytest.mark.parametrize("arrangement", [0, 1, 2])
@pytest.mark.parametrize("dark", [False, True])
def test_plotly_accepts_every_property(scene, arrangement, dark):
    figure = stage_figure(scene, arrangement=arrangement, dark=dark, pin=(0, 0))
    checked = as_figure(figure)
    assert [trace.name for trace in checked.data] == ["input", "kernel", "output"]
    assert len(checked.layout.shapes) == len(figure["layout"]["shapes"])


@pytest.mark.parametrize("preset", CONVOLUTION_PRESETS, ids=lambda preset: preset.name)
def test_every_preset_is_drawn_with_its_numbers(preset):
    trace = trace_convolution(ConvolutionSpec.from_query(preset.state)[0])
    figure = stage_figure(convolution_scene(trace))
    drawn = [heatmap["z"] for heatmap in figure["data"]]
    assert drawn == [trace.padded.tolist(), trace.weight.tolist(), trace.output.tolist()]


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
@pytest.mark.parametrize("arrangement", [0, 1, 2])
def test_grids_do_not_overlap_and_lie_inside_the_axes(scene, arrangement):
    origins = place_grids(scene.grids, scene.arrangements[arrangement])
    figure = stage_figure(scene, arrangement=arrangement)
    left, right = figure["layout"]["xaxis"]["range"]
    bottom, top = figure["layout"]["yaxis"]["range"]
    assert bottom > top, "row 0 is on top"
    boxes = []
    for grid in scene.grids:
        (x, y), (rows, columns) = origins[grid.name], grid.shape
        assert left <= x - 0.5
        assert x + columns - 0.5 <= right
        assert top <= y - 0.5
        assert y + rows - 0.5 <= bottom
        boxes.append((x, x + columns, y, y + rows))
    for one, other in combinations(boxes, 2):
        assert one[1] < other[0] or other[1] < one[0] or one[3] < other[2] or other[3] < one[2]


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_cells_are_square(scene):
    layout = stage_figure(scene)["layout"]
    (left, right), (bottom, top) = layout["xaxis"]["range"], layout["yaxis"]["range"]
    assert layout["width"] / (right - left) == layout["height"] / (bottom - top)


def test_place_of_each_cell():
    figure = stage_figure(SCENES["plain"])
    assert [(trace["x0"], trace["y0"], trace["dx"], trace["dy"]) for trace in figure["data"]] == [
        (0, 0, 1, 1),
        (7, 1, 1, 1),
        (12, 1, 1, 1),
    ]


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_json_is_pure_and_finite(scene):
    one, two = (json.dumps(stage_figure(scene, pin=(0, 0)), allow_nan=False) for _ in range(2))
    assert one == two
    assert all(math.isfinite(value) for trace in json.loads(one)["data"] for row in trace["z"] for value in row)


def test_json_does_not_depend_on_the_default_template():
    before = pio.templates.default
    figures = []
    try:
        for name in ("plotly_dark", "simple_white"):
            pio.templates.default = name
            figures.append(as_figure(stage_figure(SCENES["padded"])).to_json())
    finally:
        pio.templates.default = before
    assert figures[0] == figures[1]


def test_figures_need_no_streamlit():
    code = "import sys, cnnviz.figures.stage; sys.exit('streamlit' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_ring_is_hatched_if_and_only_if_there_is_padding():
    assert not shapes_of(stage_figure(SCENES["plain"]), "padding")
    figure = stage_figure(SCENES["padded"])
    ring = 6 * 10 - 5 * 5
    assert shape_of(figure, "padding input")["path"].count("M") == 2 * ring
    data = shape_of(figure, "data input")
    assert box(data) == (-0.5, 4.5, 1.5, 6.5)
    assert data["line"]["dash"] == "dash"


def test_unread_cells_are_crossed_if_and_only_if_there_are_some():
    assert not shapes_of(stage_figure(SCENES["plain"]), "unread")
    path = shape_of(stage_figure(SCENES["lost"]), "unread input")["path"]
    assert path.count("M") == 4 * (36 - 25)
    assert "M4.58,-0.42" in path, "the last column of the first row"


def test_holes_of_a_dilated_kernel_are_unread():
    path = shape_of(stage_figure(scene_of(d="2")), "unread input")["path"]
    assert path.count("M") == 4 * 16


def test_paths_are_absolute():
    figure = stage_figure(SCENES["dilated"], pin=(1, 1))
    paths = [shape["path"] for shape in figure["layout"]["shapes"] if shape["type"] == "path"]
    assert paths
    assert not any(letter.islower() for path in paths for letter in path)


def test_pin_outlines_window_weight_and_output():
    figure = stage_figure(SCENES["plain"], pin=(2, 1))
    assert box(shape_of(figure, "window input")) == (1.5, 4.5, 0.5, 3.5)
    assert box(shape_of(figure, "weight kernel")) == (0.5, 3.5, 6.5, 9.5)
    assert box(shape_of(figure, "output output")) == (2.5, 3.5, 12.5, 13.5)
    dashes = {shape_of(figure, name)["line"]["dash"] for name in ("window input", "weight kernel", "output output")}
    assert len(dashes) == 3


def test_pin_outlines_single_cells_of_a_dilated_window():
    assert shape_of(stage_figure(scene_of(d="2"), pin=(0, 0)), "window input")["path"].count("M") == 9


@pytest.mark.parametrize("pin", [(3, 0), (0, 3), (-1, 0)])
def test_pin_outside_the_output_draws_nothing(pin):
    assert stage_figure(SCENES["plain"], pin=pin) == stage_figure(SCENES["plain"])


def test_zero_is_the_middle_of_every_scale():
    for trace in stage_figure(SCENES["large"])["data"] + stage_figure(SCENES["zeros"])["data"]:
        assert trace["zmin"] == -trace["zmax"] < 0
        assert max(abs(value) for row in trace["z"] for value in row) <= trace["zmax"]


def test_numbers_are_written_where_cells_are_large_enough():
    large = {trace["name"]: trace for trace in stage_figure(SCENES["large"])["data"]}
    assert SCENES["large"].grid("input").values.size > MOST_NUMBERS
    assert "texttemplate" not in large["input"]
    assert large["kernel"]["texttemplate"] == "%{text}"


def test_fractions_and_minus_signs_are_written_as_they_are_read():
    kernel = stage_figure(SCENES["fractions"])["data"][1]
    assert kernel["text"] == [["1/9"] * 3] * 3
    assert stage_figure(scene_of(w="-1"))["data"][1]["text"][0][0] == "\N{MINUS SIGN}1"


@pytest.mark.parametrize(
    ("arrangement", "texts"),
    [
        (0, ["Input 5×5", "Kernel 3×3", "Output 3×3", "⋆", "="]),
        (1, ["Input 5×5", "Kernel 3×3", "= Output 3×3", "⋆"]),
        (2, ["Input 5×5", "⋆ Kernel 3×3", "Output 3×3", "="]),
    ],
)
def test_titles_and_signs(arrangement, texts):
    notes = stage_figure(SCENES["plain"], arrangement=arrangement)["layout"]["annotations"]
    assert [note["text"] for note in notes] == texts


def test_the_sentence_for_those_who_cannot_see_it_travels_along():
    scene = SCENES["lost"]
    assert stage_figure(scene)["layout"]["meta"] == {"alt": scene.alt, "shape": "6×6 → 2×2", "notes": list(scene.notes)}
