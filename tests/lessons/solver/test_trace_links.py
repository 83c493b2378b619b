from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.axis_layer import layer_loss
from cnnviz.lessons.convolution.spec import ConvolutionSpec
from cnnviz.lessons.convolution.trace import trace_convolution
from cnnviz.lessons.pooling.spec import PoolingSpec
from cnnviz.lessons.pooling.trace import trace_pooling
from cnnviz.lessons.solver.spec import PADS, Filters
from cnnviz.lessons.solver.spec_layer import KINDS
from cnnviz.lessons.solver.spec_question import Question, parse_question
from cnnviz.lessons.solver.trace import solve
from cnnviz.lessons.solver.trace_links import stage_link
from cnnviz.lessons.transposed.spec import TransposedSpec
from cnnviz.lessons.transposed.trace import trace_transposed
from tests.lessons.convolution.specs import examples

LESSONS: dict[str, Any] = {
    "convolution": (ConvolutionSpec, trace_convolution),
    "transposed": (TransposedSpec, trace_transposed),
    "pooling": (PoolingSpec, trace_pooling),
}
QUESTIONS = (
    "7 -> 4",
    "5 -> 3",
    "7x5 -> 4x3",
    "224 -> 112",
    "56 -> 112",
    "224 -> 56",
    "56 -> 56",
    "2 -> 1",
    "100x3 -> 50x6",
)


def check(question: Question, kind: str, filters: Filters) -> int:
    """Every link opens on its page without a complaint, and the page gives the size that the link promises."""
    opened = 0
    for answer in solve(question, kind, filters).answers[:60]:
        link = stage_link(question, answer.rows, answer.columns)
        if link is None:
            continue
        opened += 1
        spec_type, trace = LESSONS[link.page]
        spec, notes = spec_type.from_query(link.query)
        assert notes == [], link
        assert link.query, "an empty link would bring back the last state"
        assert spec.size == link.size
        assert trace(spec).output.shape == link.output
        assert link.exact == (link.size == question.size)
        if link.exact:
            assert link.output == question.wanted
        for layer, n, small in zip((answer.rows, answer.columns), question.size, link.size, strict=True):
            assert layer_loss(layer, small) == layer_loss(layer, n)
    return opened


@pytest.mark.parametrize("text", QUESTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_links_open_what_they_promise(text, kind):
    question = parse_question(text)
    opened = check(question, kind, Filters(ceil=True))
    if solve(question, kind).total:
        assert opened


@examples(40)
@given(
    st.sampled_from(sorted(KINDS)),
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.tuples(st.integers(1, 12), st.integers(1, 12)),
    st.sampled_from(sorted(PADS)),
)
def test_any_link_opens_what_it_promises(kind, size, wanted, pads):
    check(Question(size, wanted), kind, Filters(pads=pads, ceil=True))


def test_what_the_stage_cannot_hold_has_no_link():
    question = parse_question("224 -> 112")
    answers = solve(question, "conv").answers
    assert {a.rows.kernel for a in answers if stage_link(question, a.rows, a.columns) is None} >= {8, 9, 10, 11}
