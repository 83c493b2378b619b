import re
from itertools import product

import pytest
from hypothesis import given, settings

from cnnviz.errors import SpecError
from cnnviz.lessons.convolution.trace import ConvolutionTrace
from cnnviz.lessons.convolution.words import explain_border, explain_cost, explain_kernel, explain_size
from cnnviz.lessons.convolution.words_sums import explain_sum
from tests.lessons.convolution.traced import traced, traces


def is_balanced(latex: str) -> bool:
    depth = 0
    for sign in latex:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0:
            return False
    return (
        depth == 0
        and latex.count(r"\left") == latex.count(r"\right")
        and latex.count(r"\begin") == latex.count(r"\end")
    )


def last_number(latex: str) -> int:
    return int(re.findall(r"= (\d+)\n\\end\{aligned\}$", latex)[0])


@settings(deadline=None, max_examples=60)
@given(traces())
def test_size_formula_ends_with_the_size(trace):
    formulas = explain_size(trace)
    assert [last_number(formula) for formula in formulas] == list(trace.output.shape[: len(formulas)])
    assert len(formulas) == 2 or trace.output.shape[0] == trace.output.shape[1]
    assert all(map(is_balanced, formulas))


def formula_value(latex: str) -> float:
    """Compute the line with the numbers."""
    line = latex.splitlines()[-3].removeprefix("&= ").removesuffix(r" \\")
    text = re.sub(r"\\(begin|end)\{gathered\}|\\[bB]igg[lr]|\\lfloor|\\rfloor|\\\\|\{\}", " ", line)
    text = text.replace(r"\cdot", "*").replace("{", "(").replace("}", ")").replace(r"\dfrac", "")
    parts = re.fullmatch(r"\s*\((.*)\)\((\d+)\)\s*\+ 1", text)
    assert parts is not None
    above, below = parts.groups()
    return eval(above) // int(below) + 1


@settings(deadline=None, max_examples=60)
@given(traces())
def test_numbers_in_the_size_formula_compute_to_the_size(trace):
    formulas = explain_size(trace)
    assert [formula_value(formula) for formula in formulas] == list(trace.output.shape[: len(formulas)])


def test_size_formula_is_one_for_two_axes_alike():
    assert len(explain_size(traced())) == 1
    assert len(explain_size(traced(n="5x6"))) == 2
    assert len(explain_size(traced(p="0.1.1.0"))) == 2


def test_size_formula_names_uneven_sides_and_shows_what_is_rounded():
    rows, columns = explain_size(traced(n="6x8", k="4", p="1.2.0.1", s="3"))
    assert r"p_\text{top} + p_\text{bottom}" in rows
    assert r"p_\text{left} + p_\text{right}" in columns
    assert r"\lfloor 1.67\ldots \rfloor + 1 = 1 + 1 = 2" in rows
    assert r"\lfloor 1.5 \rfloor + 1 = 1 + 1 = 2" in explain_size(traced(n="6", s="2"))[0]


@settings(deadline=None, max_examples=60)
@given(traces())
def test_cost_by_counting(trace: ConvolutionTrace):
    products = padding = 0
    (top, _), (left, _) = trace.padding
    height, width = trace.values.shape
    for rows, columns in product(trace.rows.reads.tolist(), trace.columns.reads.tolist()):
        for row, column in product(rows, columns):
            products += 1
            padding += not (top <= row < top + height and left <= column < left + width)
    cost = explain_cost(trace)
    assert (cost.multiplications, cost.padding_multiplications) == (products, padding)
    assert (cost.weights, cost.input_cells, cost.output_cells) == (
        trace.weight.size,
        trace.values.size,
        trace.output.size,
    )
    assert cost.dense_weights == trace.values.size * trace.output.size


def test_cost_in_words():
    assert explain_cost(traced(n="1", k="1")).sentence == (
        "1 weight and 1 multiplication turn 1 cell into 1. A dense layer would need 1 weight for that."
    )
    assert "72 of them meet padding." not in explain_cost(traced()).sentence
    assert "2,304 multiplications" in explain_cost(traced(n="16", p="same")).sentence


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "a corner cell is read only once, but other cells up to 9 times"),
        ({"k": "1"}, "every cell is read exactly once"),
        ({"n": "9", "s": "3"}, "every cell is read exactly once"),
        ({"d": "2"}, "some are not read at all"),
        ({"p": "1"}, "up to 5 of 9 cells are zeros"),
        ({"p": "3"}, "all 9 cells are zeros"),
        ({"k": "1", "p": "1"}, "the output shows them"),
        ({"n": "5", "k": "1", "s": "4", "p": "0.1.0.1"}, "no window reads them"),
        ({"p": "0x1"}, "Zeros are added on the left and the right."),
        ({"p": "1.0.0.0"}, "one more row at the top than at the bottom"),
        ({"p": "0.0.0.2"}, "2 more columns on the right than on the left"),
        ({"p": "same"}, "“Same” pads just enough to keep the size, 5×5."),
        ({"p": "same", "k": "4"}, "one more row at the bottom than at the top and one more column on the right"),
        ({"p": "full"}, "“Full” keeps every window that touches the input"),
        ({"p": "1", "mode": "reflect"}, "mirrors the input"),
        ({"p": "1", "mode": "replicate"}, "repeats the nearest border cell"),
        ({"p": "1", "mode": "circular"}, "from its opposite side"),
    ],
)
def test_border_in_words(query, words):
    assert words in explain_border(traced(**query))


def test_border_is_read_as_the_words_say():
    trace = traced()
    counts = trace.rows.coverage[:, None] * trace.columns.coverage
    assert (counts[0, 0], counts.max()) == (1, 9)


@settings(deadline=None, max_examples=60)
@given(traces())
def test_sentences_are_sentences(trace):
    for sentence in (explain_border(trace), explain_kernel(trace), explain_cost(trace).sentence):
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")
        assert "  " not in sentence
        assert ".." not in sentence


def test_flip_in_words():
    assert "same after half a turn" in explain_kernel(traced(w="box"))
    assert "same after half a turn" in explain_kernel(traced(w="box", flip="1"))
    assert "cross-correlation, which PyTorch calls convolution" in explain_kernel(traced(w="counting"))
    assert "true convolution" in explain_kernel(traced(w="counting", flip="1"))


@settings(deadline=None, max_examples=60)
@given(traces())
def test_same_numbers_are_claimed_only_when_they_are(trace):
    flipped = trace.weight[::-1, ::-1].tolist() == trace.weight.tolist()
    assert ("same numbers" in explain_kernel(trace)) == flipped


def compute(latex: str) -> float:
    body = latex.removeprefix("\\begin{aligned}\n").split(" \\\\\n&= ")[0].split(" \\\\\n&\\approx ")[0]
    text = body.split("&=", 1)[1]
    text = re.sub(r"\\tfrac\{(\d+)\}\{(\d+)\}", r"(\1/\2)", text).replace(r"\cdot", "*")
    return eval(re.sub(r"\\\\|\n|&\\quad", " ", text).replace("[", "(").replace("]", ")"))


@settings(deadline=None, max_examples=60)
@given(traces())
def test_sum_computes_to_the_output(trace):
    for row, column in ((0, 0), (trace.output.shape[0] - 1, trace.output.shape[1] - 1)):
        latex = explain_sum(trace, row, column)
        assert is_balanced(latex)
        assert compute(latex) == pytest.approx(trace.output[row, column], rel=1e-2, abs=1e-2)
        inside = trace.weight.size - latex.count("[")
        rows, columns = trace.rows.origin, trace.columns.origin
        assert latex.count(r"\cdot") == trace.weight.size
        assert 0 <= inside <= trace.weight.size
        assert len(rows) * len(columns) == trace.padded.size


def test_sum_of_the_slide():
    latex = explain_sum(traced(n="7", x="lecture", w="sobel"), 1, 3)
    assert latex.splitlines()[1:] == [
        r"y_{1,3} &= 1\cdot (-1) + 1\cdot (-2) + 7\cdot (-1) \\",
        r"&\quad + 2\cdot 0 + 1\cdot 0 + (-2)\cdot 0 \\",
        r"&\quad + 5\cdot 1 + 4\cdot 2 + (-2)\cdot 1 \\",
        "&= 1",
        r"\end{aligned}",
    ]


def test_sum_marks_padding_and_turns_the_kernel():
    latex = explain_sum(traced(p="1", x="ones", w="counting", flip="1"), 0, 0)
    assert r"[0\cdot 8] + [0\cdot 7] + [0\cdot 6]" in latex
    assert r"[0\cdot 5] + 1\cdot 4 + 1\cdot 3" in latex


def test_sum_marks_copies_too():
    assert explain_sum(traced(p="1", mode="replicate"), 0, 0).count("[") == 5


def test_sum_says_when_it_is_rounded():
    assert r"&\approx 0.3333" in explain_sum(traced(x="ones", w="1/3", k="1"), 0, 0)
    assert "&= 1\n" in explain_sum(traced(x="ones", w="box"), 0, 0)


@pytest.mark.parametrize("cell", [(3, 0), (0, -1)])
def test_sum_of_no_cell(cell):
    with pytest.raises(SpecError, match="its rows go from 0 to 2"):
        explain_sum(traced(), *cell)
