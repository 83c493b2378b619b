from __future__ import annotations

import re

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnnviz.engine.axis_layer import AxisLayer, layer_size
from cnnviz.explain.layer_size import dropped_window, size_formula, size_line
from cnnviz.lessons.solver.code import answer_code, layer_line
from cnnviz.lessons.solver.spec import PADS, Filters
from cnnviz.lessons.solver.spec_layer import KINDS, read_chain
from cnnviz.lessons.solver.spec_question import Question, parse_question
from cnnviz.lessons.solver.trace import solve, solve_axis
from cnnviz.lessons.solver.words import (
    LOOKED_AT,
    ODDITIES,
    RANKING,
    explain_count,
    explain_none,
    explain_oddities,
    lost_sentence,
    settings_of,
)
from cnnviz.lessons.solver.words_chain import chain_sentence, inputs_sentence, nearby_sizes
from tests.lessons.convolution.specs import examples


@pytest.mark.parametrize("text", ["7 -> 4", "8 -> 8", "5 -> 3", "7x5 -> 4x3", "4 -> 9", "6x9 -> 2x4", "9 -> 18"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pads", PADS)
def test_the_line_of_every_answer_gives_the_size_in_torch(text, kind, pads):
    question = parse_question(text)
    x = torch.zeros(1, 1, *question.size, device="meta")
    for answer in solve(question, kind, Filters(pads=pads, ceil=True)).answers:
        line = layer_line(answer.rows, answer.columns)
        with torch.device("meta"):
            layer = eval(line, {"nn": nn, "torch": torch})
        assert tuple(layer(x).shape[2:]) == question.wanted, line


@pytest.mark.parametrize(
    ("text", "kind", "filters"),
    [
        ("7 -> 4", "conv", Filters()),
        ("7x5 -> 4x3", "transposed", Filters()),
        ("9 -> 4", "pool", Filters(ceil=True)),
        ("8 -> 4", "conv", Filters(pads="same")),
        ("8 -> 8", "conv", Filters(pads="same")),
        ("8 -> 4", "pool", Filters(pads="same")),
    ],
)
def test_the_program_prints_what_it_says(text, kind, filters, capsys):
    question = parse_question(text)
    for answer in solve(question, kind, filters).answers[:8]:
        code = answer_code(question, answer.rows, answer.columns)
        exec(compile(code, "page", "exec"), {})
        assert f"# {capsys.readouterr().out.strip()}" in code
        assert max(map(len, code.splitlines())) <= 120


def test_keras_is_named_where_its_same_is_meant():
    question = parse_question("224 -> 112")
    seven = next(a for a in solve(question, "conv", Filters(kernel=7, dilation=1, pads="same")).answers)
    code = answer_code(question, seven.rows, seven.columns)
    assert "nn.ZeroPad2d((2, 3, 2, 3))" in code
    assert code.endswith('# In Keras: keras.layers.Conv2D(1, 7, strides=2, padding="same")')
    plain = solve(question, "conv").answers[0]
    assert "Keras" not in answer_code(question, plain.rows, plain.columns)


@st.composite
def layers(draw: st.DrawFn) -> AxisLayer:
    kind = draw(st.sampled_from(sorted(KINDS)))
    before = draw(st.integers(0, 4))
    after = before if kind != "conv" else draw(st.integers(0, 4))
    kernel, stride, dilation = draw(st.integers(1, 7)), draw(st.integers(1, 5)), draw(st.integers(1, 3))
    extra = draw(st.integers(0, max(stride, dilation) - 1)) if kind == "transposed" else 0
    return AxisLayer(kind, kernel, stride, (before, after), dilation, extra, kind == "pool" and draw(st.booleans()))


@examples(300)
@given(layers(), st.integers(8, 300))
def test_formulas_end_with_the_size_and_compute_to_it(layer, n):
    try:
        size = layer_size(layer, n)
    except ValueError:
        return
    formula = size_formula(layer, n)
    assert formula.startswith("\\begin{aligned}\nn_\\text{out} &= ")
    assert formula.endswith(f"= {size}\n\\end{{aligned}}")
    assert formula.count("{") == formula.count("}")
    assert "\\left" not in formula and "\\right" not in formula
    short = size_formula(layer, n, letters=False)
    assert short.count("&=") == formula.count("&=") - 1
    line = size_line(layer, n)
    sums, result = line.rsplit(" = ", 1)
    assert int(result) == size
    python = sums.replace("·", "*").replace("\N{MINUS SIGN}", "-")
    python = re.sub(r"⌊(.*) / (\d+)⌋", r"((\1) // \2)", python)
    python = re.sub(r"⌈(.*) / (\d+)⌉", r"(-(-(\1) // \2))", python)
    assert eval(python) == size, line


def test_a_dropped_window_is_told():
    layer = AxisLayer("pool", 2, 3, (1, 1), ceil=True)
    assert layer_size(layer, 4) == 2
    assert "dropped" in dropped_window(layer, 4)
    assert "- 1 = 2" in size_formula(layer, 4)
    assert dropped_window(AxisLayer("pool", 2, 2, ceil=True), 5) == ""


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("5 -> 100", "conv", ["stride 1", "1 to 15", "Only padding"]),
        ("5 -> 100", "transposed", ["stride 8", "more than 80", "Several layers"]),
        ("5 -> 100", "pool", ["more than 6", "half the kernel"]),
        ("9999 -> 3", "conv", ["stride 8", "fewer than 1245"]),
        ("1000 -> 3", "transposed", ["stride 1", "fewer than 990", "cutting padding off"]),
        ("1000 -> 700", "conv", ["Stride 1", "960 to 1010", "stride 2", "480 to 505", "between the two"]),
        ("7x5 -> 4x300", "conv", ["In the columns: ", "more than 15"]),
        ("7x5 -> 400x300", "conv", ["In the rows: ", "more than 17"]),
    ],
)
def test_why_there_is_no_answer(text, kind, words):
    question = parse_question(text)
    assert not solve(question, kind).total
    told = explain_none(question, kind, Filters())
    assert [word for word in words if word not in " ".join(told.sentences)] == []


@examples(150)
@given(
    st.sampled_from(sorted(KINDS)),
    st.tuples(st.integers(1, 300), st.integers(1, 300)),
    st.tuples(st.integers(1, 300), st.integers(1, 300)),
    st.booleans(),
    st.sampled_from(
        [Filters(), Filters(odd=True, exact=True), Filters(kernel=2, odd=True), Filters(pads="same"), Filters(stride=3)]
    ),
)
def test_what_is_offered_instead_has_an_answer(kind, size, wanted, alike, filters):
    question = Question((size[0], size[0]), (wanted[0], wanted[0])) if alike else Question(size, wanted)
    if solve(question, kind, filters).total:
        return
    told = explain_none(question, kind, filters)
    assert told.sentences
    assert all(sentence.endswith(".") for sentence in told.sentences)
    for text in told.questions:
        assert solve(parse_question(text), kind, filters).total, text
    if alike and filters == Filters():
        assert told.questions


def test_filters_that_hide_all_answers_are_named():
    told = explain_none(parse_question("224 -> 112"), "conv", Filters(odd=True, exact=True))
    assert told.sentences[0] == (
        "The filters hide all 21 answers. There are 10 without “hiding what loses cells”, 7 without “odd kernels only”."
    )
    told = explain_none(parse_question("224 -> 112"), "conv", Filters(kernel=3, stride=3))
    assert "“stride 3”" in told.sentences[0]


def test_counts():
    def count(text: str, kind: str) -> str:
        return explain_count(solve(parse_question(text), kind))

    assert count("224 -> 112", "conv") == "21 convolutions turn 224 into 112."
    assert count("7x5 -> 4x3", "conv").endswith(
        "46 of them with the same numbers for rows and columns: they come first."
    )
    assert count("7x5 -> 4x3", "transposed").endswith("None of them has the same numbers for rows and columns.")


def test_every_oddity_has_words():
    question = parse_question("8 -> 4")
    told = explain_oddities(AxisLayer("conv", 3, 2, (1, 1)), AxisLayer("conv", 3, 2, (1, 1)), question, tuple(ODDITIES))
    assert len(told) == len(ODDITIES)
    assert all(sentence.endswith(".") for sentence in told)
    seen = {
        name
        for kind in KINDS
        for n in (1, 5, 8)
        for w in range(1, 12)
        for _, odd in solve_axis(kind, n, w, Filters(pads="uneven", ceil=True))
        for name in odd
    }
    seen |= {name for _, odd in solve_axis("pool", 7, 4, Filters(ceil=True)) for name in odd}
    assert seen == set(ODDITIES)
    assert RANKING.endswith(".") and LOOKED_AT.endswith(".")


def test_lost_cells_are_told_with_numbers():
    layer = AxisLayer("conv", 3, 3, (1, 1))
    assert lost_sentence((layer, layer), (8, 9)).startswith(
        "No window reads the last row and the last 2 columns of the padded"
    )


def test_settings_of_a_rectangle():
    told = settings_of(AxisLayer("conv", 3, 2, (1, 1)), AxisLayer("conv", 5, 2, (2, 2)))
    assert (told["Kernel"], told["Padding"]) == ("3×5", "1×2")


def test_words_of_chains():
    axes = tuple(layer.axis(0) for layer in read_chain("transposed 2 s2"))
    assert inputs_sentence(axes, 7) == "No input gives 7. The nearest outputs that exist are 6 and 8."
    assert inputs_sentence(axes, 8) == "Only an input of 4 cells gives 8."
    assert nearby_sizes(axes, 7) == [(1, 2), (2, 4), (3, 6), (4, 8), (5, 10), (6, 12)]
    conv = tuple(layer.axis(0) for layer in read_chain("conv 5 s3"))
    assert nearby_sizes(conv, 1) == [(3, None), (4, None), (5, 1), (6, 1), (7, 1), (8, 2), (9, 2)]
    assert "5 to 7" in inputs_sentence(conv, 1)


def test_a_chain_that_keeps_its_size():
    from cnnviz.lessons.solver.trace_chain import trace_chain

    assert chain_sentence(trace_chain(read_chain("conv 3 p1"), (7, 5))).startswith("7×5 stays in 1 layer.")
    assert chain_sentence(trace_chain(read_chain("conv 9"), (7, 5))) == "No layer has worked yet."
