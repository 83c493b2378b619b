"""The code of the Pixels page runs and gives the page's numbers; its words fit a phone."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cnnviz.lessons.pixels.spec import ORDERS, OVER, SCALES, PixelsSpec
from cnnviz.lessons.pixels.trace import PixelsTrace, trace_pixels
from cnnviz.lessons.pixels.words import (
    explain_order,
    explain_scale,
    histogram_alt,
    level_words,
    scale_formula,
    statistics,
    torch_corner,
    torch_pixels,
)
from tests.explain.running import run_and_listen

PIXELS = np.random.default_rng(3).integers(0, 256, (9, 11, 3), dtype=np.uint8)
FLAT = np.full((5, 6, 3), (0, 128, 255), np.uint8)
SPECS = [
    PixelsSpec(scale=scale, over=over, order=order, batch=batch)
    for scale in SCALES
    for over in OVER
    for order in ORDERS
    for batch in (1, 4)
]


def whole(trace: PixelsTrace, pixels: np.ndarray) -> np.ndarray:
    scaled = np.stack([trace.scaled(channel)[pixels[..., channel]] for channel in range(3)], axis=-1)
    if trace.spec.order == "hwc":
        return scaled
    moved = np.moveaxis(scaled, 2, 0)
    return moved if trace.spec.order == "chw" else np.stack([moved] * trace.spec.batch)


@pytest.mark.parametrize("pixels", [PIXELS, FLAT], ids=["random", "flat"])
@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_the_lines_make_the_tensor_of_the_page(
    pixels: np.ndarray, spec: PixelsSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.fromarray(pixels).save(tmp_path / "picture.png")
    monkeypatch.chdir(tmp_path)
    trace = trace_pixels(pixels, spec)
    names, _ = run_and_listen(torch_pixels(trace))
    assert tuple(names["x"].shape) == trace.shape
    assert names["x"].stride() == trace.strides
    np.testing.assert_allclose(names["x"].double().numpy(), whole(trace, pixels), rtol=2e-6, atol=2e-5)


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_the_corner_prints_what_stands_behind_each_line(spec: PixelsSpec) -> None:
    code = torch_corner(trace_pixels(PIXELS, spec))
    _, printed = run_and_listen(code)
    promised = re.findall(r"^print\(.*\)  # (.*)$", code, flags=re.M)
    assert printed[:2] == promised[:2]
    numbers = torch.tensor([float(text) for text in promised[2].split(", ")])
    shown = torch.tensor([float(text) for text in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", printed[2].split("dtype")[0])])
    torch.testing.assert_close(shown, numbers, rtol=0, atol=2e-4)


@pytest.mark.parametrize("spec", SPECS[:20:2], ids=str)
def test_words_are_sentences(spec: PixelsSpec) -> None:
    trace = trace_pixels(PIXELS, spec)
    for text in (explain_scale(trace), explain_order(trace), histogram_alt(trace)):
        assert text.endswith(".")
    assert r"\left" not in scale_formula(trace)
    assert len(statistics(trace)) == 3
    assert all(len(words) == 256 and max(map(len, words)) <= 8 for words in level_words(trace))
    assert all(len(line) < 120 for line in (torch_pixels(trace) + torch_corner(trace)).splitlines())


def test_a_plain_channel_is_named() -> None:
    assert "red and green and blue" in explain_scale(trace_pixels(FLAT, PixelsSpec(scale="standard")))
