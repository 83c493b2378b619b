"""The code of the Filters page runs and gives the page's picture; its words and formulas hold the page's numbers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnnviz.engine.pictures.kernels import LIBRARY
from cnnviz.lessons.filters.code import torch_borders, torch_filter, torch_pixel
from cnnviz.lessons.filters.examples import FILTERS_PRESETS
from cnnviz.lessons.filters.spec import FiltersSpec
from cnnviz.lessons.filters.trace import picture_planes, trace_filter
from cnnviz.lessons.filters.trace_borders import trace_borders
from cnnviz.lessons.filters.trace_pixel import trace_pixel
from cnnviz.lessons.filters.words import (
    border_table,
    drawn_as,
    explain_borders,
    explain_kernel,
    explain_pixel,
    explain_reach,
    explain_threshold,
    pixel_formula,
    say_result,
    size_formula,
)
from cnnviz.state.kernels import kernel_rows
from tests.explain.running import run_and_listen

PIXELS = np.random.default_rng(4).integers(0, 256, (40, 52, 3), dtype=np.uint8)
LINKS = [
    *({"k": name} for name in LIBRARY),
    {"k": "gaussian-9-2.5", "s": "2", "p": "same"},
    {"k": "unsharp-7-1.5", "c": "colour", "p": "full"},
    {"k": "log-15-3", "d": "2", "p": "hand", "pn": "7", "mode": "reflect"},
    {"k": "box-4", "p": "same", "mode": "circular", "c": "colour", "b": "-12.5", "relu": "1"},
    {"k": "box-4", "p": "same"},
    {"k": "1/3 -1/7_0.25 2", "flip": "1", "b": "40"},
    {"k": "motion-up-5", "flip": "1"},
    {"k": "gaussian-5-1", "ke": "0.0 -1_2.2 3"},
    {"k": "0.1 0.2 0.35", "p": "hand", "pn": "3", "mode": "replicate", "s": "3"},
]


def asked(link: dict[str, str]) -> FiltersSpec:
    spec, notes = FiltersSpec.from_query(link)
    assert not notes
    return spec


def run(code: str, folder: Path) -> tuple[dict[str, Any], str]:
    Image.fromarray(PIXELS).save(folder / "picture.png")
    names, printed = run_and_listen(code, folder)
    return names, "\n".join(printed)


@pytest.mark.parametrize("link", LINKS, ids=str)
def test_the_code_makes_the_picture(link: dict[str, str], tmp_path: Path) -> None:
    spec = asked(link)
    trace = trace_filter(picture_planes(PIXELS, colour=spec.is_colour), spec)
    code = torch_filter(trace)
    names, printed = run(code, tmp_path)
    scale = 255 * np.abs(np.array(trace.rows, float)).sum() + abs(spec.bias)
    np.testing.assert_allclose(names["y"][0].numpy(), trace.result, rtol=1e-6, atol=2e-6 * scale)
    promised = re.search(r"print\(y.shape\)  # \((.*)\)$", code)
    assert promised and promised[1] in printed


@pytest.mark.parametrize("link", LINKS[::3], ids=str)
def test_the_code_of_a_pixel_prints_its_value(link: dict[str, str], tmp_path: Path) -> None:
    spec = asked(link)
    trace = trace_filter(picture_planes(PIXELS, colour=spec.is_colour), spec)
    pixel = trace_pixel(trace, (2, 1), spec.channel)
    code = torch_pixel(pixel)
    _, printed = run(code, tmp_path)
    promised = float(code.rsplit("# ", 1)[1])
    assert float(printed) == pytest.approx(promised, rel=1e-4, abs=1e-2)
    assert promised == pytest.approx(pixel.result, rel=1e-6)


@pytest.mark.parametrize(
    "link", [{"k": "box-7"}, {"d": "2", "b": "-30", "relu": "1"}, {"k": "box-4", "b": "5"}], ids=str
)
def test_the_code_of_the_borders_measures_the_same(link: dict[str, str], tmp_path: Path) -> None:
    spec = asked(link)
    plane = picture_planes(PIXELS, colour=False)[0]
    borders = trace_borders(plane, kernel_rows(spec.kernel), dilation=spec.dilation, bias=spec.bias, relu=spec.relu)
    names, _ = run(torch_borders(borders, spec), tmp_path)
    for case in borders.cases:
        error = names["errors"]["constant" if case.mode == "zeros" else case.mode][0, 0].numpy()
        np.testing.assert_allclose(error, case.error, rtol=0, atol=1e-3)


@pytest.mark.parametrize("link", LINKS, ids=str)
def test_the_sum_is_written_out_and_fits_a_phone(link: dict[str, str]) -> None:
    spec = asked({**link, "b": "-3", "relu": "1"})
    trace = trace_filter(picture_planes(PIXELS, colour=spec.is_colour), spec)
    pixel = trace_pixel(trace, (1, 1), spec.channel)
    formula = pixel_formula(pixel)
    assert formula.count("{") == formula.count("}")
    weights = pixel.values.size
    assert formula.count(r"\cdot") == (weights if weights <= 25 else 11)
    for line in re.split(r"\\\\", formula):
        drawn = re.sub(r"\\(begin|end)\{aligned\}|\\[a-z]+|[{}&\\ ]", "", line)
        assert len(drawn) < 36, drawn


def test_the_words_hold_the_numbers() -> None:
    spec = asked({"k": "box-5", "s": "2", "p": "same", "d": "2", "b": "-100", "relu": "1", "flip": "1"})
    trace = trace_filter(picture_planes(PIXELS, colour=False), spec)
    assert say_result(trace).startswith("40×52 → 20×26 · values 0 to ")
    assert "They are whole numbers over 25" in explain_kernel(trace)
    reach = explain_reach(trace)
    assert "25 weights over 9×9 pixels: 56 of them are holes" in reach
    assert "one pixel in 4" in reach and "turned by 180°" in reach and "4 before, 4 after" in reach
    assert "only answers above 100 are left" in explain_threshold(trace)
    assert r"r_H &= 2 \cdot (5 - 1) + 1 = 9" in size_formula(trace)
    assert r"\frac{40 + 4 + 4 - 9}{2}" in size_formula(trace)
    assert "lie beyond the border: zeros" in explain_pixel(trace_pixel(trace, (0, 0)))


@pytest.mark.parametrize(
    ("kernel", "kind"),
    [("box", "picture"), ("sharpen", "picture"), ("guide", "picture"), ("sobel-x", "signed"), ("log", "signed")],
)
def test_a_kernel_that_keeps_brightness_makes_a_picture(kernel: str, kind: str) -> None:
    assert drawn_as(asked({"k": kernel})) == kind
    assert drawn_as(asked({"k": kernel, "kind": "signed"})) == "signed"
    assert drawn_as(asked({"k": kernel, "kind": "picture"})) == "picture"


@pytest.mark.parametrize(
    ("kernel", "says"),
    [("sobel-x", "add up to 0"), ("box", "add up to 1:"), ("guide", "add up to 10:"), ("cross", "to 5")],
)
def test_the_sum_of_the_weights_is_explained(kernel: str, says: str) -> None:
    assert says in explain_kernel(trace_filter(picture_planes(PIXELS, colour=False), asked({"k": kernel})))


def test_borders_name_the_closest_mode() -> None:
    ramp = np.broadcast_to(np.arange(0, 240, 4, dtype=np.uint8), (60, 60))
    borders = trace_borders(ramp, kernel_rows(asked({"k": "box-5"}).kernel))
    assert [row[0] for row in border_table(borders)] == ["Zeros", "Reflect", "Replicate", "Circular"]
    assert "replicate is closest" in explain_borders(borders)
    flat = trace_borders(np.full((40, 40), 9, np.uint8), kernel_rows(asked({"k": "identity"}).kernel))
    assert "All four modes are right" in explain_borders(flat)
    single = trace_borders(ramp, ((2,),))
    assert "meets no border" in explain_borders(single)


def test_notes_of_examples_are_short() -> None:
    for preset in FILTERS_PRESETS:
        assert len(preset.note) < 140 and preset.note.endswith((".", "?"))
