"""Files that mean harm: one plain sentence each, never another error, never much memory."""

from __future__ import annotations

import random
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnnviz.engine.pictures.decode import decode_image
from cnnviz.engine.pictures.headers import read_header
from cnnviz.engine.pictures.kinds import kind_of
from cnnviz.engine.pictures.limits import PEAK_BYTES
from cnnviz.errors import ImageError
from tests.hostile.corpus import Hostile, corpus
from tests.hostile.heavy import HEAVY, measure
from tests.hostile.seeds import mutated, outcome, seeds

CORPUS = corpus()
ROOT = Path(__file__).resolve().parents[3]
MUTATIONS = 2000
STARTS = [
    *(b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"BM", b"RIFF\x40\x00\x00\x00WEBPVP8X"),
    *(b"II\x2a\x00\x08\x00\x00\x00", b"MM\x00\x2a\x00\x00\x00\x08"),
]


@pytest.mark.parametrize("hostile", CORPUS, ids=lambda hostile: hostile.name)
def test_each_hostile_file_has_its_sentence(hostile: Hostile) -> None:
    tracemalloc.start()
    try:
        found = outcome(hostile.data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    if hostile.sentence:
        assert hostile.sentence in found
        assert found.endswith(".") and len(found) < 260
    else:
        assert found == "picture"
    assert peak < 30e6 + 3 * len(hostile.data)


def test_the_names_are_different() -> None:
    assert len({hostile.name for hostile in CORPUS}) == len(CORPUS) > 150


@pytest.mark.parametrize("name", seeds())
def test_every_seed_is_a_picture(name: str) -> None:
    assert outcome(seeds()[name]) == "picture"


@pytest.mark.parametrize("name", seeds())
def test_a_file_cut_anywhere_is_our_own_error_or_a_picture(name: str) -> None:
    data = seeds()[name]
    for stop in range(0, len(data), max(1, len(data) // 60)):
        outcome(data[:stop])


def test_mutations() -> None:
    chance = random.Random(20_240_101)
    names = sorted(seeds())
    kinds = {outcome(mutated(seeds()[chance.choice(names)], chance))[:25] for _ in range(MUTATIONS)}
    assert len(kinds) > 5


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", *STARTS]))
@example(b"", b"")
def test_any_bytes(data: bytes, start: bytes) -> None:
    outcome(start + data)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_bytes_put_into_a_sound_file(data: st.DataObject) -> None:
    file = seeds()[data.draw(st.sampled_from(sorted(seeds())))]
    at = data.draw(st.integers(0, len(file) - 1))
    outcome(file[:at] + data.draw(st.binary(min_size=1, max_size=40)) + file[at + data.draw(st.integers(0, 40)) :])


def test_of_an_animation_bomb_only_the_first_frame_is_handed_over() -> None:
    for name in ("gif of 3000 frames", "png with text bombs", "png with a profile bomb", "jpeg of 40 exif blocks"):
        data = next(hostile.data for hostile in CORPUS if hostile.name == name)
        header = read_header(kind_of(data), data)
        assert len(header.lean) < len(data) / 10, name


def test_of_a_polyglot_and_of_metadata_nothing_reaches_the_decoder() -> None:
    for hostile in CORPUS:
        if "script" in hostile.name or "page" in hostile.name or "php" in hostile.name:
            kind = hostile.name.split()[0].upper()
            if kind in ("PNG", "GIF", "JPEG") and not hostile.sentence:
                lean = read_header(kind, hostile.data).lean
                assert b"script" not in lean and b"php" not in lean


def test_no_other_program_and_no_other_decoder_is_reached() -> None:
    code = (
        "import subprocess, os, builtins\n"
        "def never(*_, **__): raise SystemExit('another program, or a file')\n"
        "from cnnviz.engine.pictures.decode import decode_image\n"
        "from cnnviz.errors import ImageError\n"
        "from tests.hostile.corpus import corpus\n"
        "files = [hostile.data for hostile in corpus()]\n"
        "decode_image(files[[h.name for h in corpus()].index('gif and script')])\n"
        "from PIL import Image, ImageCms\n"
        "subprocess.Popen = subprocess.run = os.system = builtins.open = never\n"
        "for data in files:\n"
        "    try: decode_image(data)\n"
        "    except ImageError: pass\n"
        "print(sorted(Image.OPEN), 'EpsImagePlugin' in str(__import__('sys').modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "False" in done.stdout and "EPS" not in done.stdout


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells the worst moment")
@pytest.mark.parametrize("name", ["png_rgba_16", "webp_lossy", "tiff_one_strip"])
def test_the_largest_accepted_stay_under_200_mb(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(HEAVY[name]())
    found = measure(file)
    assert str(found["outcome"]).startswith("("), found
    assert float(found["peak"]) < 200, found


def test_what_would_take_more_is_refused_with_the_size_that_works() -> None:
    data = next(hostile.data for hostile in CORPUS if hostile.name == "progressive jpeg of 90 Mpx")
    with pytest.raises(ImageError, match=r"make it [\d,]+×[\d,]+ or smaller") as caught:
        decode_image(data)
    width, height = (
        int(side.replace(",", "")) for side in str(caught.value).split("make it ")[1].split(" ")[0].split("×")
    )
    assert 0.9 * PEAK_BYTES < 6.1 * width * height < PEAK_BYTES
    assert abs(width / height - 10 / 9) < 0.01
