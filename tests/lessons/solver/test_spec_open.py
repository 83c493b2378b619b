from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.errors import SpecError
from cnnviz.lessons.solver.spec_open import leave_open, parse_open_text, read_open, show_open_text, write_open
from tests.lessons.convolution.specs import examples

CHAIN = "256: conv 3 s2 p?; pool 4 s1 -> 125"


@pytest.mark.parametrize(
    "text",
    [
        "256 -> conv 3 s2 p? -> pool 4 s1 -> 125",
        "256: Conv2d(kernel_size=3, stride=2, padding=?); MaxPool2d(4, stride=1) → 125",
        "256\nconv3 s 2 p ?\npool 4 s1\n125",
        "256_conv.3.s2.p~_pool.4.s1_125",
    ],
)
def test_ways_to_write_one_chain(text):
    assert parse_open_text(text) == CHAIN


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "begins with the input size"),
        ("conv 3 -> 5", "begins with the input size"),
        ("256: conv 3", "ends with an arrow"),
        ("256 -> 125", "no layer"),
        ("?: conv 3 -> ?", "Both sizes are open"),
        ("256: conv ? s? p? -> 1", "3 numbers are open"),
        ("5000: conv 3 -> 1", "the largest is 4096"),
        ("256: relu -> 1", "begins with conv"),
        ("256: conv -> 1", "no kernel"),
        ("256: conv 3x5 -> 1", "both axes"),
        ("256: conv 3 p1 p? -> 1", "twice"),
        ("256: conv 3 c? -> 1", "channels"),
        ("256: conv ? q2 -> 1", "not a setting"),
        ("256: conv 3 p same s2 -> 1", "works only with stride 1"),
        ("256: pool ? op? -> 1", "output padding"),
        ("256: " + "; ".join(["conv 3"] * 17) + " -> 1", "at most 16"),
        ("256: conv 99999999999999999999 -> 1", "kernel"),
    ],
)
def test_what_cannot_be_read_is_named(text, words):
    with pytest.raises(SpecError, match=words.replace("?", "[?]")):
        read_open(text)


@examples(150)
@given(st.text(alphabet="0123456789?~:;->→._ convpoltransedivgkx()=,\n", max_size=60))
def test_any_text_is_read_or_named(text):
    try:
        chain = read_open(text)
    except SpecError as error:
        assert error.message.endswith(".")
    else:
        assert read_open(write_open(chain)) == chain
        assert parse_open_text(show_open_text(write_open(chain))) == write_open(chain)


def test_every_number_opens_and_closes():
    chain = read_open("256: conv 3 s2 p1 d1 c8; pool 4 s1 ceil; transposed 3 s2 op1 -> 125")
    assert len(chain.spots) == 2 + 4 + 2 + 3
    for spot in chain.spots:
        opened = leave_open(chain, (spot,), {})
        assert opened.open == (spot,)
        value = chain.value(spot)
        assert value is not None
        assert leave_open(opened, (), {spot: value}) == chain
