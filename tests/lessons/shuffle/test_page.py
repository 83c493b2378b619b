"""The Pixel shuffle lesson as Streamlit runs it."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.ui.lesson import opened_alone, pack


def shape(page: AppTest) -> str:
    body = pack(page)
    return body["scenes"][body["here"]["scene"]]["shape"]


def test_both_ways_of_a_shuffle() -> None:
    assert shape(opened_alone("shuffle")) == "1×6×6 → 4×3×3"
    page = opened_alone("shuffle", "way=shuffle&r=3&n=2")
    assert shape(page) == "9×2×2 → 1×6×6"
    assert "F.pixel_shuffle(x, 3)" in page.code[0].value
    assert "transpose(0, 3, 1, 4, 2)" in page.code[1].value
