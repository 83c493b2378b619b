"""The Blocks page's formulas, and its code, which is run on a saved picture."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnnviz.explain.notation import brief
from cnnviz.lessons.blocks.code import SIDE, blocks_code, skip_code
from cnnviz.lessons.blocks.spec import BlocksSpec
from cnnviz.lessons.blocks.trace import Stack, run_stack, u_net
from cnnviz.lessons.blocks.words import norm_formula, skip_formula
from tests.explain.running import run_and_listen

PIXELS = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)


def printed(code: str, folder: Path) -> list[str]:
    Image.fromarray(PIXELS).save(folder / "picture.png")
    return run_and_listen(code, folder)[1]


@pytest.mark.parametrize("built_in", ["norm", "shortcut", "both"])
def test_the_code_prints_the_pages_numbers(built_in: str, tmp_path: Path) -> None:
    spec = BlocksSpec(built_in=built_in, depth=6, gain=0.9, seed=4, gamma=1.5, beta=0.2)
    batch = PIXELS.transpose(2, 0, 1)[None].astype(np.float32) / np.float32(255)
    plain = run_stack(batch, Stack(6, 0.9, seed=4))
    norm = built_in != "shortcut"
    how: dict[str, Any] = {"gamma": 1.5, "beta": 0.2} if norm else {}
    built = run_stack(batch, Stack(6, 0.9, norm, built_in != "norm", seed=4, **how))
    lines = printed(blocks_code(spec), tmp_path)
    assert len(lines) == 6
    for line, *layers in zip(lines, plain.layers, built.layers, strict=True):
        numbers = [float(one) for one in re.findall(r"(?:spread|gradient) ([-\d.e]+)", line)]
        wanted = [value for layer in layers for value in (layer.std, layer.slope)]
        assert numbers == pytest.approx(wanted, rel=0.01)


def test_the_bottlenecks_code_prints_its_gradient(tmp_path: Path) -> None:
    lines = printed(skip_code(3, (5, 9)), tmp_path)
    plane = np.zeros((16, 16), np.float32)
    for line, skip in zip(lines, (False, True), strict=True):
        assert float(line.split()[-1]) == pytest.approx(float(u_net(plane, 3, skip=skip, unit=(5, 9)).slope[5, 9]))


def test_formulas_hold_their_numbers() -> None:
    inside = run_stack(np.ones((1, 3, 8, 8), np.float32), Stack(2, norm=True), at=2).inside
    text = norm_formula(BlocksSpec(gamma=2, beta=-0.5, channel=3), inside)
    assert "= 2 \\cdot" in text
    assert text.endswith(r"- 0.5\end{aligned}")
    assert f"{float(inside.variance[3]):.3g}"[:4] in text
    total = u_net(np.zeros((16, 16), np.float32), 3, skip=True, unit=(0, 0)).slope[0, 0]
    assert skip_formula(3, (0, 0)).endswith(rf"= {brief(float(total))}\end{{aligned}}")
