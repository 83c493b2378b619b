from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.errors import SpecError
from cnnviz.lessons.solver.examples import CHAIN_PRESETS, QUESTIONS, find_chain_preset
from cnnviz.lessons.solver.spec import BOUNDS, LEVELS, PADS, TOOLS, Filters, SolverSpec
from cnnviz.lessons.solver.spec_layer import (
    KINDS,
    MOST_LAYERS,
    ChainLayer,
    parse_chain_text,
    read_chain,
    read_layer,
    show_chain_text,
    write_chain,
    write_layer,
)
from cnnviz.lessons.solver.spec_question import Question, parse_question, parse_question_text, show_question_text
from tests.lessons.convolution.specs import examples

WRITINGS = {
    "56 -> 112": ((56, 56), (112, 112)),
    "224→56": ((224, 224), (56, 56)),
    "56 to 112": ((56, 56), (112, 112)),
    "56 INTO 112": ((56, 56), (112, 112)),
    "56=>112": ((56, 56), (112, 112)),
    "56-->112": ((56, 56), (112, 112)),
    "56 – 112": ((56, 56), (112, 112)),
    "56-112": ((56, 56), (112, 112)),
    "56 112": ((56, 56), (112, 112)),
    "  7x5 ->  4x3 ": ((7, 5), (4, 3)),
    "7 × 5 → 4 × 3": ((7, 5), (4, 3)),
    "7*5 > 4*3": ((7, 5), (4, 3)),
    "7 by 5 to 4 by 3": ((7, 5), (4, 3)),
    "7 -> 4x3": ((7, 7), (4, 3)),
}


@pytest.mark.parametrize(("text", "sizes"), WRITINGS.items())
def test_a_question_is_understood_in_many_writings(text, sizes):
    assert parse_question(text) == Question(*sizes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["two sizes", "56 -> 112"]),
        ("56", ["“56” is one size", "arrow"]),
        ("hello", ["“hello” has no arrow"]),
        ("-> 56", ["before the arrow is missing"]),
        ("56 ->", ["after the arrow is missing"]),
        ("56 -> ?", ["“?” after the arrow is not a size"]),
        ("a -> 3", ["“a” before the arrow is not a size"]),
        ("5 -> -3", ["“-3” after the arrow is not a size"]),
        ("2.5 -> 3", ["“2.5” before the arrow is not a size"]),
        ("0 -> 3", ["0 before the arrow", "1 is the smallest"]),
        ("3 -> 99999", ["99999 after the arrow", "9999 is the limit"]),
        ("3 -> 9999999999999999", ["is the limit"]),
        ("3x56x56 -> 16x28x28", ["3 numbers", "leave channels out"]),
        ("56 -> 28 -> 14", ["2 arrows", "chain"]),
        ("٣ -> 3", ["not a size"]),
        ("1 -> 2" * 30, ["too long"]),
    ],
)
def test_what_is_no_question_gets_a_plain_sentence(text, words):
    with pytest.raises(SpecError) as caught:
        parse_question(text)
    message = caught.value.message
    assert [word for word in words if word not in message] == []
    assert message.endswith(".")
    assert "\n" not in message


@examples(200)
@given(st.text(max_size=80))
def test_any_text_gives_a_question_or_a_sentence(text):
    try:
        question = parse_question(text)
    except SpecError as error:
        assert error.message.endswith(".")
    else:
        assert parse_question(str(question)) == question
        assert parse_question(show_question_text(text)) == question


LAYERS = {
    "conv 3 s2 p1": ChainLayer("conv", (3, 3), (2, 2), (1, 1)),
    "conv(3, s2, p1)": ChainLayer("conv", (3, 3), (2, 2), (1, 1)),
    "nn.Conv2d kernel_size=3 stride=2 padding=1": ChainLayer("conv", (3, 3), (2, 2), (1, 1)),
    "conv k3 s 2 p 1": ChainLayer("conv", (3, 3), (2, 2), (1, 1)),
    "Conv3": ChainLayer("conv", (3, 3)),
    "pool 4 s1": ChainLayer("pool", (4, 4), (1, 1)),
    "maxpool 2": ChainLayer("pool", (2, 2), (2, 2)),
    "pool 3 s2 p1 ceil": ChainLayer("pool", (3, 3), (2, 2), (1, 1), ceil=True),
    "pool 3 ceil_mode=True": ChainLayer("pool", (3, 3), (3, 3), ceil=True),
    "pool 3 ceil_mode=False": ChainLayer("pool", (3, 3), (3, 3)),
    "avgpool 2x3": ChainLayer("avg", (2, 3), (2, 3)),
    "transposed 3 s2 p1 op1 c16": ChainLayer("transposed", (3, 3), (2, 2), (1, 1), (1, 1), (1, 1), 16),
    "ConvTranspose2d 2 stride=2": ChainLayer("transposed", (2, 2), (2, 2)),
    "conv 3x5 s2x1 p1x2 d1x2": ChainLayer("conv", (3, 5), (2, 1), (1, 2), (1, 2)),
    "conv 5 p same d2": ChainLayer("conv", (5, 5), (1, 1), "same", (2, 2)),
    "conv 5 padding=valid out_channels=8": ChainLayer("conv", (5, 5), channels=8),
}


@pytest.mark.parametrize(("text", "layer"), LAYERS.items())
def test_a_layer_is_understood_in_many_writings(text, layer):
    assert read_chain(text) == (layer,)
    assert read_layer(write_layer(layer)) == layer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["no layer yet"]),
        ("relu", ["Layer 1, “relu”", "begins with conv"]),
        ("conv 3\npool", ["Layer 2, “pool”", "no kernel"]),
        ("conv 3 5", ["“5” has no name"]),
        ("conv 3 z2", ["“z2” is not a setting"]),
        ("conv 3 s2 s3", ["stride stands there twice"]),
        ("conv 3 p-1", ["padding is “-1”", "the smallest is 0"]),
        ("conv 0", ["kernel is “0”", "the smallest is 1"]),
        ("conv 99", ["the largest is 64"]),
        ("conv 3 s", ["stride is “”"]),
        ("conv 3 op1", ["only a transposed convolution"]),
        ("conv 3 ceil", ["only pooling has a ceil mode"]),
        ("pool 2 c3", ["keeps its channels"]),
        ("pool 2 p2", ["at most half its kernel", "1 for 2"]),
        ("pool 2 p same", ["only a convolution knows"]),
        ("conv 3 s2 p same", ["only with stride 1"]),
        ("avgpool 2 d2", ["no dilation"]),
        ("\n".join(["conv 1"] * (MOST_LAYERS + 1)), [f"{MOST_LAYERS + 1} layers", f"at most {MOST_LAYERS}"]),
    ],
)
def test_what_is_no_layer_gets_a_plain_sentence(text, words):
    with pytest.raises(SpecError) as caught:
        read_chain(text)
    assert [word for word in words if word not in caught.value.message] == []
    assert parse_chain_text(text) == text, "a text that cannot be read stays as it was typed"


@examples(200)
@given(st.text(alphabet="conv pool transposed 0123456789 kspdxc=,;_.\n", max_size=60))
def test_any_text_gives_layers_or_a_sentence(text):
    try:
        layers = read_chain(text)
    except SpecError as error:
        assert error.message.endswith(".")
    else:
        assert read_chain(write_chain(layers)) == layers
        assert read_chain(show_chain_text(text)) == layers


def or_any(name: str) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(*BOUNDS[name])


SPECS = st.builds(
    SolverSpec,
    tool=st.sampled_from(sorted(TOOLS)),
    question=st.sampled_from([*WRITINGS, "what?", ""]).map(parse_question_text),
    kind=st.sampled_from(["auto", *KINDS]),
    kernel=or_any("kernel"),
    stride=or_any("stride"),
    padding=or_any("padding"),
    dilation=or_any("dilation"),
    output_padding=or_any("output_padding"),
    pads=st.sampled_from(sorted(PADS)),
    exact=st.booleans(),
    odd=st.booleans(),
    ceil=st.booleans(),
    pick=st.integers(1, 300),
    everything=st.booleans(),
    layers=st.sampled_from([*LAYERS, "conv 3; pool", "relu"]).map(parse_chain_text),
    size=st.tuples(st.integers(1, 4096), st.integers(1, 4096)),
    channels=st.integers(1, 4096),
    output=st.integers(1, 4096),
    level=st.sampled_from(sorted(LEVELS)),
    seed=st.integers(0, 9999),
)


@examples(200)
@given(SPECS)
def test_a_state_comes_back_from_its_url(spec):
    assert SolverSpec.from_query(spec.to_query()) == (spec, [])
    assert all(value.isprintable() for name, value in spec.to_query().items() if name != "layers")


def test_an_empty_url_is_the_default():
    assert SolverSpec.from_query({}) == (SolverSpec(), [])
    assert SolverSpec().to_query() == {}


def test_bad_values_are_named_and_the_rest_is_kept():
    spec, notes = SolverSpec.from_query({"k": "12", "level": "9", "kind": "dense", "q": "7-4", "seed": "3"})
    assert (spec.kernel, spec.level, spec.kind) == (None, 1, "auto")
    assert (spec.question, spec.seed) == ("7 -> 4", 3)
    assert len(notes) == 3
    assert notes[1] == "The link asks for a fixed kernel “12”, but the largest is 11. It is any now."


def test_filters_are_part_of_the_state():
    assert SolverSpec(kernel=3, pads="uneven", odd=True).filters == Filters(kernel=3, pads="uneven", odd=True)


@pytest.mark.parametrize("preset", CHAIN_PRESETS, ids=lambda preset: preset.name)
def test_examples_are_canonical(preset):
    spec, notes = SolverSpec.from_query(preset.state)
    assert notes == []
    assert spec.to_query() == dict(preset.state)
    assert read_chain(spec.layers)
    assert find_chain_preset(spec) is preset
    assert preset is not None
    assert preset.note.endswith(".")
    assert len(preset.note) <= 180


def test_examples_of_questions_can_be_read():
    assert [str(parse_question(text)) for text in QUESTIONS] == list(QUESTIONS)
