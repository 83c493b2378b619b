"""The code of the Filter chains page runs and gives the page's pictures; its words are sentences that fit."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnnviz.lessons.filter_chains.code import torch_chain
from cnnviz.lessons.filter_chains.spec import BORDERS, OPERATORS, FilterChainsSpec
from cnnviz.lessons.filter_chains.trace import trace_sequence
from cnnviz.lessons.filter_chains.trace_gradient import trace_gradient
from cnnviz.lessons.filter_chains.trace_scale import pyramid, trace_alias, trace_dog, trace_laplace
from cnnviz.lessons.filter_chains.words import (
    cost_formula,
    explain_cost,
    explain_sequence,
    number,
    say_difference,
    say_pixel,
    size_formula,
    weight_formula,
)
from cnnviz.lessons.filter_chains.words_gradient import (
    explain_direction,
    explain_pair,
    kernel_formulas,
    say_at,
    say_direction,
    say_share,
    slope_formula,
)
from cnnviz.lessons.filter_chains.words_scale import (
    bell_formula,
    dog_formula,
    explain_alias,
    explain_dog,
    explain_laplace,
    explain_pyramid,
    halving_formula,
    say_alias,
    say_dog,
    say_laplace,
)
from cnnviz.state.kernels import KernelSource, parse_kernel

GREY = np.random.default_rng(5).integers(0, 256, (33, 41), dtype=np.uint8)
PAIRS = [
    ("box", "box"),
    ("gaussian", "sobel-x"),
    ("difference", "box-2"),
    ("1 2_3 4_-5 1/3", "log-9"),
    ("sobel-y", "sharpen"),
]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    Image.fromarray(GREY).save(tmp_path / "picture.png")
    monkeypatch.chdir(tmp_path)

    def runs(spec: FilterChainsSpec) -> dict[str, Any]:
        names: dict[str, Any] = {}
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(torch_chain(spec), "page", "exec"), names)
        assert out.getvalue()
        return names

    return runs


def same(ours: np.ndarray, theirs, tolerance: float = 2e-3) -> None:
    array = theirs.numpy()
    np.testing.assert_allclose(ours, array.reshape(array.shape[-2:]), atol=tolerance, rtol=1e-5)


@pytest.mark.parametrize("mode", BORDERS)
@pytest.mark.parametrize("relu", [False, True])
@pytest.mark.parametrize("pair", PAIRS, ids=" then ".join)
def test_the_code_filters_twice_and_once(pair: tuple[str, str], relu: bool, mode: str, run) -> None:
    spec = FilterChainsSpec(first=parse_kernel(pair[0]), second=parse_kernel(pair[1]), mode=mode, relu=relu)
    trace, names = trace_sequence(GREY, spec), run(spec)
    for ours, theirs in ((trace.between, "between"), (trace.steps, "steps"), (trace.once, "once")):
        same(ours, names[theirs])
    same(trace.combined.values, names["k"], 1e-7)
    same(trace.difference, names["difference"], 4e-3)


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("blur", [0.0, 1.5])
def test_the_code_computes_the_gradient(operator: str, blur: float, run) -> None:
    spec = FilterChainsSpec(view="gradient", operator=operator, blur=blur, threshold=6.0)
    trace, names = trace_gradient(GREY, spec), run(spec)
    for name in ("gx", "gy", "magnitude"):
        same(getattr(trace, name), names[name])
    same(trace.angle, names["angle"], 0.02)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.4])
@pytest.mark.parametrize("levels", [1, 3, 5])
def test_the_code_makes_the_pyramids(levels: int, sigma: float, run) -> None:
    spec = FilterChainsSpec(view="scale", what="alias", levels=levels, sigma=sigma)
    trace, names = trace_alias(GREY, spec), run(spec)
    same(trace.blurred, names["with_blur"])
    same(trace.dropped, names["without"])
    for ours, theirs in zip(
        pyramid(GREY, levels, sigma),
        run(FilterChainsSpec(view="scale", what="pyramid", levels=levels, sigma=sigma))["levels"],
        strict=True,
    ):
        same(ours, theirs)
    for drop in (0, 1):
        laplace = FilterChainsSpec(view="scale", what="laplace", levels=levels, sigma=sigma, drop=drop)
        names = run(laplace)
        parts = trace_laplace(GREY, laplace)
        same(parts.rebuilt, names["rebuilt"])
        for ours, theirs in zip(parts.details, names["details"], strict=True):
            same(ours, theirs)


@pytest.mark.parametrize("sigma", [0.5, 2.0])
@pytest.mark.parametrize("ratio", [1.2, 2.0])
def test_the_code_subtracts_gaussians(sigma: float, ratio: float, run) -> None:
    spec = FilterChainsSpec(view="scale", what="dog", sigma=sigma, ratio=ratio)
    trace, names = trace_dog(GREY, spec), run(spec)
    same(trace.dog, names["dog"])
    same(trace.log, names["log"])
    same(trace.log_kernel, names["k"], 1e-9)


@pytest.mark.parametrize("mode", BORDERS)
@pytest.mark.parametrize("relu", [False, True])
@pytest.mark.parametrize("pair", PAIRS, ids=" then ".join)
def test_the_words_on_a_sequence_are_sentences(pair: tuple[str, str], relu: bool, mode: str) -> None:
    spec = FilterChainsSpec(first=parse_kernel(pair[0]), second=parse_kernel(pair[1]), mode=mode, relu=relu)
    trace = trace_sequence(GREY, spec)
    for text in (explain_sequence(trace), explain_cost(trace), say_difference(trace), say_pixel(trace)):
        assert text.endswith(".")
    for formula in (size_formula(trace), weight_formula(trace), cost_formula(trace)):
        assert r"\left" not in formula and "e-" not in formula
    if relu and not trace.one_kernel:
        assert "no longer one kernel" in explain_sequence(trace)
    if mode == "valid" and not relu:
        assert "nothing can differ" in explain_sequence(trace)


def test_the_border_is_measured_and_explained() -> None:
    trace = trace_sequence(GREY, FilterChainsSpec())
    assert f"at the border {number(trace.border)}" in say_difference(trace)
    assert f"by up to {number(trace.border)}" in explain_sequence(trace)
    assert "18\\text{ weights}" in cost_formula(trace) and "25\\text{ weights}" in cost_formula(trace)
    assert r"\tfrac" not in weight_formula(trace) and "1/81" in weight_formula(trace)
    small = trace_sequence(GREY[:4, :4], FilterChainsSpec())
    assert "there is no inside" in say_difference(small)


def test_one_large_kernel_can_be_the_cheaper_one() -> None:
    spec = FilterChainsSpec(first=KernelSource("sobel-x"), second=parse_kernel("2"))
    assert "one step is cheaper" in explain_cost(trace_sequence(GREY, spec))


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("threshold", [0.0, 50.0])
def test_the_words_on_gradients_are_sentences(operator: str, threshold: float) -> None:
    trace = trace_gradient(GREY, FilterChainsSpec(operator=operator, threshold=threshold, blur=threshold / 25))
    for text in (explain_pair(trace), explain_direction(trace), say_share(trace), say_at(trace)):
        assert text.endswith(".")
    assert len(kernel_formulas(trace)) == 2
    assert r"\operatorname{atan2}" in slope_formula(trace)
    flat = trace_gradient(np.full((4, 4), 9, np.uint8), FilterChainsSpec(operator=operator))
    assert "is flat" in say_at(flat) and r"\text{none}" in slope_formula(flat)


def test_directions_have_names() -> None:
    assert [say_direction(turn) for turn in (-180, -90, 0, 90, 180)] == [
        "to the left", "upwards", "to the right", "downwards", "to the left",
    ]  # fmt: skip


@pytest.mark.parametrize("levels", [1, 4])
def test_the_words_on_scales_are_sentences(levels: int) -> None:
    spec = FilterChainsSpec(levels=levels)
    alias, laplace = trace_alias(GREY, spec), trace_laplace(GREY, spec)
    lossy, dog = trace_laplace(GREY, FilterChainsSpec(levels=levels, drop=1)), trace_dog(GREY, spec)
    texts = [explain_alias(alias), explain_pyramid(spec, GREY.shape), say_alias(alias), say_laplace(laplace)]
    for text in (*texts, say_laplace(lossy), say_dog(dog), explain_dog(dog)):
        assert text.endswith(".")
    assert "rounding only" in say_laplace(laplace) and "Without the finest" in say_laplace(lossy)
    assert explain_laplace(laplace).count("\n|") == levels + 2
    for formula in (halving_formula(GREY.shape, levels), bell_formula(1.0), dog_formula(dog)):
        assert r"\left" not in formula
