"""Pasted code that would make Python work for minutes: each text is answered by a sentence, and nothing freezes."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.networks.code.budget import MOST_WORK, Budget
from cnnviz.engine.networks.code.operations import OPERATIONS
from cnnviz.engine.networks.code.sized import read_code, write_code
from cnnviz.engine.networks.code.values import TooMuchError
from cnnviz.engine.networks.fields import AxisField, layer_fields
from cnnviz.engine.networks.layers.base import nearest_divisor
from cnnviz.engine.networks.layers.kinds import AdaptivePool
from cnnviz.engine.networks.trace import trace_network
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from tests.engine.networks.code.pasted import SNIPPETS
from tests.hostile.code import FROZEN, READ, SIZES
from tests.hostile.code_child import Child
from tests.hostile.code_fuzz import texts

MOST_MEGABYTES = 256
TEXTS = int(os.environ.get("CODE_TEXTS", "500"))
"""How many texts made at random are tried."""


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child() as process:
        yield process


@pytest.mark.parametrize("name", FROZEN)
def test_what_would_freeze_gets_a_sentence(child: Child, name: str) -> None:
    answer = child.read(FROZEN[name], (3, 32, 32))
    assert answer.error == ""
    assert answer.sentences and all(one.endswith(".") and len(one) < 400 for one in answer.sentences)
    assert answer.megabytes < MOST_MEGABYTES


@pytest.mark.parametrize("name", READ)
def test_a_network_that_costs_much_is_worked_with_all_the_same(child: Child, name: str) -> None:
    answer = child.read(READ[name], SIZES.get(name, (3, 32, 32)))
    assert answer.error == ""
    assert answer.layers >= 100, answer.sentences
    assert answer.megabytes < MOST_MEGABYTES


@pytest.mark.parametrize("part", range(10))
def test_texts_made_from_the_tables_of_the_reader_are_answered(child: Child, part: int) -> None:
    each = TEXTS // 10
    for seed, text in texts(each, part * each):
        answer = child.read(text, (3, 16, 16))
        assert answer.error == "", f"seed {seed}:\n{text}"
        assert answer.megabytes < MOST_MEGABYTES, f"seed {seed}:\n{text}"


def test_the_same_seed_makes_the_same_text() -> None:
    assert list(texts(20)) == list(texts(20))


def test_texts_name_every_operation_of_the_reader() -> None:
    words = " ".join(text for _, text in texts(300))
    for name in OPERATIONS.keys() - {"[]", "[]=", "**{}", "an f-string"}:
        assert name.rpartition(".")[2] in words


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_operation_is_done_before_it_is_paid_for(name: str) -> None:
    budget = Budget(work=MOST_WORK)
    with pytest.raises(TooMuchError, match="more values than are followed"):
        budget.perform(None, name, [1, 2], [0])


@pytest.mark.parametrize("text", [text for _, text in SNIPPETS.values()])
def test_a_usual_text_needs_a_small_part_of_what_it_may(text: str) -> None:
    assert read_code(text).work < MOST_WORK / 10


def test_every_known_network_needs_less_than_half_of_what_it_may() -> None:
    most = max(read_code(write_code(trace_network(network))).work for network in ARCHITECTURES.values())
    assert most < MOST_WORK / 2


@given(st.integers(1, 400), st.integers(1, 400))
def test_the_widest_window_of_an_adaptive_pooling(n: int, m: int) -> None:
    after = layer_fields(AdaptivePool(m, rank=1), [(AxisField(),)], [(1, n)], (1, m))[0]
    widths = [math.ceil(Fraction((o + 1) * n, m)) - (o * n) // m for o in range(m)]
    assert after.size == (1 if m == n else max(widths))


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_the_nearest_divisor_is_one_and_none_is_nearer(number: int, wanted: int) -> None:
    divisors = [one for one in range(1, number + 1) if number % one == 0]
    assert nearest_divisor(number, wanted) == min(divisors, key=lambda one: (abs(one - wanted), one))
