"""The Down-sampling lesson as Streamlit runs it."""

from __future__ import annotations

import pytest

from tests.ui.lesson import opened_alone, pack


@pytest.mark.parametrize("look", ["stride", "pool", "shuffle"])
def test_every_comparison_has_its_words(look: str) -> None:
    page = opened_alone("downsampling", f"look={look}")
    headings = [heading.value for heading in page.subheader]
    assert ("Stride equals no stride, then dropping" in headings) == (look == "stride")
    assert ("Why not always keep everything?" in headings) == (look == "shuffle")


def test_an_unshuffle_that_does_not_divide_can_be_mended() -> None:
    page = opened_alone("downsampling", "look=shuffle&n=7")
    error = pack(page)["errors"][pack(page)["here"]["error"]]
    assert "7 cells cannot be cut into blocks of 2" in error["text"]
    assert error["mends"]
