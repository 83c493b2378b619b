"""The gallery: every picture is there, small, named with its source, and what our own script draws."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from cnnviz.engine.pictures.gallery import DIGIT_SIDE, SAMPLES, parse_sample
from cnnviz.engine.pictures.samples import FOLDER, sample
from cnnviz.errors import SpecError

LARGE = {"retina"}
ALL_BYTES = 2_500_000


@pytest.fixture(scope="module")
def make() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_samples", FOLDER / "make.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_opens_and_is_small(name: str) -> None:
    picture = sample(name)
    assert picture.pixels.shape[2] == 3
    assert not picture.pixels.flags.writeable
    assert picture.notices == ()
    assert max(picture.pixels.shape) <= (1024 if name in LARGE else 512)
    assert sample(name) is picture


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_described_and_its_source_is_named(name: str) -> None:
    about = SAMPLES[name]
    assert about.use.endswith((".", "?"))
    assert not about.alt.endswith(".")
    sources = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    assert about.file in sources


def test_no_picture_stands_about_and_all_are_small_together() -> None:
    files = {path.name: path.stat().st_size for path in FOLDER.iterdir() if path.suffix in {".png", ".webp"}}
    assert set(files) == {about.file for about in SAMPLES.values()}
    assert sum(files.values()) < ALL_BYTES


def test_one_is_a_megapixel() -> None:
    assert sample("retina").pixels.shape[:2] == (1024, 1024)


@pytest.mark.parametrize("name", ["zone", "stripes", "edges", "checkerboard", "shapes", "digits"])
def test_the_script_draws_what_is_there(make: ModuleType, name: str) -> None:
    drawn = np.asarray(make.DRAWN[name]().convert("RGB")).astype(int)
    kept = np.asarray(Image.open(FOLDER / SAMPLES[name].file).convert("RGB")).astype(int)
    assert np.abs(drawn - kept).max() <= 2  # another Pillow may round another way


def test_every_digit_fills_its_own_square() -> None:
    sheet = sample("digits").pixels[..., 0]
    assert sheet.shape == (8 * DIGIT_SIDE, 10 * DIGIT_SIDE)
    for top in range(0, sheet.shape[0], DIGIT_SIDE):
        for left in range(0, sheet.shape[1], DIGIT_SIDE):
            square = sheet[top : top + DIGIT_SIDE, left : left + DIGIT_SIDE]
            assert square.max() > 200
            assert not square[[0, -1]].any() and not square[:, [0, -1]].any()


@pytest.mark.parametrize("text", ["", "dog", "../astronaut", "astronaut.webp"])
def test_an_unknown_name_is_named(text: str) -> None:
    with pytest.raises(SpecError, match="no sample picture"):
        parse_sample(text)
