"""A learner's own picture: it comes in, it stays with its session, and nothing of the file stays."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from cnnviz.engine.pictures.gallery import DEFAULT_SAMPLE, SAMPLES
from cnnviz.engine.pictures.samples import sample
from tests.serving import Server, running_app
from tests.ui.picture_visitor import Visitor

PAGE = "pixels"
EVIL = "<img src=x onerror=alert(1)>[a](javascript:alert(2)).png"


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server that nobody else uploads to: what it says about its memory is about these tests."""
    with running_app(env={"CNNVIZ_METRICS": "1"}) as server:
        yield server


def noise(seed: int, shape: tuple[int, int] = (40, 60)) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (*shape, 3), dtype=np.uint8)


def png(pixels: NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def uploads_in_memory(visitor: Visitor) -> bool:
    """Whether Streamlit's upload store holds anything, by its own account."""
    status, metrics = visitor.fetch("GET", "/_stcore/metrics")
    assert status == 200
    return b"UploadedFileManager" in metrics


def test_an_upload_is_shown_pixel_by_pixel(own_server: Server) -> None:
    mine = noise(1)
    with Visitor(own_server, PAGE) as visitor:
        assert visitor.title() == SAMPLES[DEFAULT_SAMPLE].title
        visitor.upload("photo.png", png(mine))
        assert visitor.title() == "Your picture"
        assert np.array_equal(visitor.picture(), mine)
        visitor.move(scale="unit")
        assert visitor.title() == "Your picture"
        assert np.array_equal(visitor.picture(), mine)


def test_two_sessions_never_see_each_others_pictures(own_server: Server) -> None:
    mine, theirs = noise(2), noise(3)
    with Visitor(own_server, PAGE) as one, Visitor(own_server, PAGE) as two, Visitor(own_server, PAGE) as looker:
        one.upload("same-name.png", png(mine))
        two.upload("same-name.png", png(theirs))
        for scale in ("unit", "sign", "standard"):
            for visitor in (one, two, looker):
                visitor.move(scale=scale, ch="both")
        assert np.array_equal(one.picture(), mine)
        assert np.array_equal(two.picture(), theirs)
        assert np.array_equal(looker.picture(), sample(DEFAULT_SAMPLE).pixels)
        seen = {digest for digest in looker.arrays if np.shape(looker.arrays[digest])[:2] == mine.shape[:2]}
        assert not seen
        assert not set(one.arrays) & set(two.arrays) - set(looker.arrays)
    with Visitor(own_server, PAGE) as later:
        assert np.array_equal(later.picture(), sample(DEFAULT_SAMPLE).pixels)


def test_a_digest_that_was_overheard_brings_no_picture(own_server: Server) -> None:
    """Who claims to have another's picture gets less, never more."""
    with Visitor(own_server, PAGE) as one, Visitor(own_server, PAGE) as two:
        one.upload("a.png", png(noise(4)))
        digest = one.head["panels"][0]["digest"]
        two.answers(have=[digest])
        assert digest not in two.arrays
        assert two.title() == SAMPLES[DEFAULT_SAMPLE].title


def test_the_file_is_gone_once_it_is_read(own_server: Server) -> None:
    data = png(noise(5))
    with Visitor(own_server, PAGE) as visitor:
        assert not uploads_in_memory(visitor)
        visitor.upload("photo.png", data)
        assert not uploads_in_memory(visitor)
        for path in (visitor.upload_path, f"/media/{visitor.upload_path.rpartition('/')[2]}"):
            status, body = visitor.fetch("GET", path)
            assert status >= 400 or data[:64] not in body
            assert data not in body


@pytest.mark.parametrize("name", ["run.exe", "photo", EVIL, "a" * 300 + ".png", ".hidden-7.png", "photo.PNG.html"])
def test_a_name_says_nothing(own_server: Server, name: str) -> None:
    """What a file is, its content says; its name is neither believed nor shown."""
    mine = noise(6)
    with Visitor(own_server, PAGE) as visitor:
        visitor.upload(name, png(mine))
        assert np.array_equal(visitor.picture(), mine)
        assert not [text for text in visitor.texts if name in text]
        assert not uploads_in_memory(visitor)


BAD = {
    "empty": b"",
    "text": b"This is no picture at all, but a text that somebody renamed.",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "truncated": png(noise(7))[:200],
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64,
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_picture_gets_a_sentence_and_the_session_goes_on(own_server: Server, kind: str) -> None:
    mine = noise(8)
    with Visitor(own_server, PAGE) as visitor:
        visitor.upload("photo.png", png(mine))
        if BAD[kind]:
            visitor.upload(f"{kind}.png", BAD[kind])
            (alert,) = [text for text in visitor.texts if text.startswith("alert")]
            assert "Traceback" not in alert and "Error" not in alert
            assert not uploads_in_memory(visitor)
        assert np.array_equal(visitor.picture(), mine), "the picture before stays"
        visitor.move(scale="sign")
        assert not [text for text in visitor.texts if text.startswith("alert")], "a complaint is said once"
        other = noise(9)
        visitor.upload("again.png", png(other))
        assert np.array_equal(visitor.picture(), other)


def test_a_large_picture_is_reduced_with_a_notice(own_server: Server) -> None:
    with Visitor(own_server, PAGE) as visitor:
        visitor.upload("large.png", png(noise(10, (1500, 2000))))
        height, width = visitor.picture().shape[:2]
        assert height * width <= 2**20
        assert [text for text in visitor.texts if "1500" in text or "1,500" in text or "2000" in text]


def test_the_pictures_of_all_sessions_have_so_much_room() -> None:
    with running_app(env={"CNNVIZ_PICTURES_MB": "1"}) as server:
        with Visitor(server, PAGE) as one, Visitor(server, PAGE) as two:
            one.upload("large.png", png(noise(8, (500, 600))))
            assert one.title() == "Your picture"
            two.upload("large.png", png(noise(9, (500, 600))))
            assert two.title() == SAMPLES[DEFAULT_SAMPLE].title
            one.upload("another.png", png(noise(10, (550, 600))))
            assert one.title() == "Your picture", "the picture before makes room for the next"
