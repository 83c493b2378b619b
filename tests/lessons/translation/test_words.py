"""The code of the Translation page runs and gives the page's pictures; its words say what was measured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnviz.lessons.translation.code import torch_move, torch_stride, torch_template
from cnnviz.lessons.translation.spec import TranslationSpec
from cnnviz.lessons.translation.trace import trace_move
from cnnviz.lessons.translation.trace_stride import trace_stride
from cnnviz.lessons.translation.trace_template import trace_template
from cnnviz.lessons.translation.words import amount, explain_move, move_alt, move_formula, move_table, name_move
from cnnviz.lessons.translation.words_stride import (
    curve_alt,
    explain_global,
    explain_stride,
    stride_formula,
    stride_table,
)
from cnnviz.lessons.translation.words_template import (
    explain_template,
    explain_winners,
    moved_by,
    scores_alt,
    shift_alt,
    template_formula,
    weights_formula,
)
from cnnviz.state.kernels import parse_kernel
from cnnviz.state.padding import MODES
from tests.explain.running import run_and_listen

GREY = np.random.default_rng(8).integers(0, 256, (21, 24), dtype=np.uint8)
MOVES = [
    "right=3",
    "down=-2",
    "part=0.25",
    "turn=90",
    "turn=-35",
    "zoom=150",
    "turn=20&zoom=60&down=4",
    "k=box-4",
    "k=gaussian-7-1.5&turn=180",
    "k=1 -2_3 0.5&right=-32",
    "right=0",
]
STRIDES = [
    "",
    "t=3&s=2",
    "layer=max&w=3&s=3&t=4&way=both",
    "layer=avg&s=4&t=8&way=down",
    "blur=5&k=box-4",
    "s=1&blur=3",
]


def spec_of(link: str) -> TranslationSpec:
    spec, notes = TranslationSpec.from_query(dict(part.split("=") for part in link.split("&") if part))
    assert notes == []
    return spec


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("link", MOVES)
def test_the_code_takes_both_paths(link: str, mode: str, here: Path) -> None:
    Image.fromarray(GREY).save(here / "picture.png")
    trace = trace_move(GREY, spec_of(f"{link}&mode={mode}"))
    names, printed = run_and_listen(torch_move(trace))
    np.testing.assert_allclose(names["A"].numpy(), trace.moved_after, atol=2e-3)
    np.testing.assert_allclose(names["B"].numpy(), trace.moved_before, atol=2e-3)
    assert float(printed[0]) == pytest.approx(trace.numbers["all"].largest, abs=4e-3)


@pytest.mark.parametrize("link", STRIDES)
def test_the_code_makes_the_small_pictures(link: str, here: Path) -> None:
    Image.fromarray(GREY).save(here / "picture.png")
    trace = trace_stride(GREY, spec_of(f"{link}&view=stride"))
    names, printed = run_and_listen(torch_stride(trace))
    np.testing.assert_allclose(names["A"].numpy(), trace.moved_after, atol=2e-3)
    np.testing.assert_allclose(names["B"].numpy(), trace.moved_before, atol=2e-3)
    assert float(printed[0]) == pytest.approx(trace.numbers[trace.spec.blur].mean, abs=1e-3)
    assert [float(text) for text in printed[1].split()] == pytest.approx(trace.strongest, abs=1e-2)


@pytest.mark.parametrize("link", ["", "dx=4", "digit=7&dx=5&dy=-3&hand=4", "digit=0&dx=-12&dy=12"])
def test_the_code_scores_the_digit(link: str, here: Path) -> None:
    trace = trace_template(spec_of(f"{link}&view=template"))
    Image.fromarray(np.rint(trace.digit * 255).astype(np.uint8)).save(here / "digit.png")
    code = torch_template(trace)
    names, printed = run_and_listen(code)
    np.testing.assert_allclose(names["x"].numpy(), trace.moved, atol=1e-6)
    np.testing.assert_allclose(names["scores"].numpy(), trace.scores, atol=1e-5)
    promised = [line.split(": ")[-1] for line in code.splitlines() if line.startswith("print")]
    assert [float(one) for one in printed[:2]] == pytest.approx([float(one) for one in promised[:2]], abs=2e-4)
    assert printed[2] == promised[2]


def said(link: str) -> str:
    return " ".join(explain_move(trace_move(GREY[:20, :20].copy(), spec_of(link))))


def test_the_words_follow_what_was_measured() -> None:
    assert "pixel for pixel" in said("right=3")
    assert "Only the border ring differs, because zeros come in" in said("right=3&mode=zeros")
    assert "convolution too" in said("right=3&part=0.5")
    assert "not equivariant** to turning" in said("turn=90")
    assert "here both paths agree" in said("turn=90&k=laplacian&right=0")
    assert "no direction in between" in said("turn=30")
    assert "not equivariant** to scaling" in said("zoom=150")
    assert "Nothing moves yet" in said("right=0")
    assert "No pixel is far enough" in said("right=32&mode=zeros")


def test_the_move_has_a_name() -> None:
    assert name_move(spec_of("right=0")) == "leave it where it is"
    assert name_move(spec_of("right=-1&part=0.5&turn=-90&zoom=80")) == "turn by −90°, scale to 80 %, move left by 0.5"


def test_the_formula_has_the_worst_pixel() -> None:
    trace = trace_move(GREY, spec_of("right=3&mode=zeros&k=identity"))
    assert trace.numbers["all"].changed == 0
    trace = trace_move(GREY, spec_of("right=3&mode=zeros&k=box-3"))
    gap = amount(trace.numbers["all"].largest)
    assert gap.split(".")[0] in move_formula(trace)
    assert move_table(trace)[0][1] == gap
    assert gap in move_alt(trace, "difference")


def stride_words(link: str) -> str:
    return " ".join(explain_stride(trace_stride(GREY, spec_of(f"{link}&view=stride"))))


def test_the_words_on_a_stride() -> None:
    assert "nothing is dropped" in stride_words("s=1")
    assert "2 whole steps of 4" in stride_words("s=4&t=8")
    assert "other pixels are kept" in stride_words("s=4&t=1")
    assert "times smaller" in stride_words("s=2&t=1")
    assert "nearly so at best" in stride_words("s=2&t=1&layer=max")
    trace = trace_stride(GREY, spec_of("view=stride&s=1"))
    assert "invariance" in explain_global(trace)
    assert len(stride_table(trace)) == 2
    assert r"\frac{t}{s} &= \frac{1}{1} = 1" in stride_formula(trace)
    assert curve_alt(trace).startswith("Mean difference for shifts from 0 to 8. without a blur: 0, 0")


def test_the_words_on_templates() -> None:
    still = trace_template(spec_of("view=template&digit=7"))
    assert "both score 8.38" in explain_template(still)[0]
    moved = trace_template(spec_of("view=template&digit=7&dx=5"))
    assert moved_by(moved) == (0, 5)
    assert "as before" in explain_template(moved)[1]
    assert "answer **0** (wrong)" in explain_winners(moved)
    assert "answer **7** (right)" in explain_winners(moved)
    cut = trace_template(spec_of("view=template&digit=7&dx=12"))
    assert "of the ink left the picture" in explain_template(cut)[2]
    assert "(u, v) &= (0, 5)" in template_formula(moved)
    assert r"659\,344" in weights_formula(moved)
    assert scores_alt(moved).count(":") == 10
    assert "one peak" in shift_alt(moved)


def test_a_kernel_that_is_round_but_even_shifts() -> None:
    trace = trace_move(GREY[:20, :20].copy(), TranslationSpec(kernel=parse_kernel("box-4"), turn=90, right=0))
    assert "its middle lies between pixels" in explain_move(trace)[0]
