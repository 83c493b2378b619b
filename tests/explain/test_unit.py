"""The sum written out: its numbers add up, and what is said of it is so."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cnnviz.engine.networks.seeing.maps import own_eyes
from cnnviz.engine.networks.seeing.unit import read_maps, trace_unit
from cnnviz.explain.notation import number
from cnnviz.explain.unit import (
    agreement,
    agreement_words,
    dark_words,
    mean_words,
    off_words,
    place_words,
    sum_words,
    unit_formula,
    way_words,
)
from tests.engine.networks.seeing.units import look

NUMBER = r"\(?(-?\d+(?:\.\d+)?)\)?"


def first_sum(formula: str) -> tuple[float, float]:
    """What the terms of the first sum add up to, and what it says they do."""
    head = formula.split("&=", 2)[1].split(r"\\ &= ", maxsplit=1)[0]
    products = [float(a) * float(b) for a, b in re.findall(rf"{NUMBER} \\cdot {NUMBER}", head)]
    single = [float(one) for one in re.findall(rf"\+ {NUMBER} \\;", head)]
    total = float(re.findall(r"\\\\ &= (-?\d+(?:\.\d+)?)", formula)[0])
    return sum(products) + sum(single), total


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("digits_lenet", "conv1"), ("digits_lenet", "relu2"), ("digits_lenet", "fc1"), ("digits_lenet", "fc2"),
        ("shapes_vgg", "conv4_2"), ("resnet18", "layer3.0.conv2"), ("mobilenet_v2", "features.2.conv.1.0"),
    ],
)  # fmt: skip
def test_the_written_numbers_add_up(name: str, layer: str) -> None:
    unit = look(name).unit(layer, 3)
    added, said = first_sum(unit_formula(unit))
    assert added == pytest.approx(said, rel=5e-3, abs=5e-3)
    assert said == pytest.approx(unit.maker.given, rel=1e-3, abs=1e-3)


def test_lines_fit_a_phone() -> None:
    for layer in ("pool1", "pool2", "fc2"):
        for line in unit_formula(look("digits_lenet").unit(layer, 3)).split(r"\\"):
            seen = re.sub(r"\\text\{[^}]*\}|\\[a-z]+|[{}\\ &]", "", line)
            assert len(seen) <= 36, line


def test_batch_norm_has_its_four_numbers() -> None:
    looked = look("resnet18")
    formula = unit_formula(looked.unit("bn1", 5, (30, 30)))
    norm = looked.eyes.module.bn1
    for value in (norm.weight[5], norm.running_mean[5].abs(), norm.running_var[5], norm.bias[5].abs()):
        assert number(float(value)) in formula
    assert r"\sqrt{" in formula


def test_every_step_behind_the_sum_is_written() -> None:
    unit = look("digits_lenet").unit("pool2", 3)
    formula = unit_formula(unit)
    assert formula.startswith(r"\begin{aligned}z &= ")
    assert r"u &= \max(0,\, " in formula
    assert r"y &= \max(" in formula
    assert formula.count("&=") == 4


def test_two_terms_of_a_residual_block() -> None:
    unit = look("resnet18").unit("layer2.0.relu_out", 1, (4, 4))
    formula = unit_formula(unit)
    assert r"y &= \max(0,\, " in formula
    assert "layer2.0.bn2 and layer2.0.downsample.1" in sum_words(unit)
    assert "it has no kernels" in sum_words(unit)


def test_the_way_back_is_said() -> None:
    unit = look("digits_lenet").unit("pool2", 3, (1, 1))
    assert way_words(unit) == (
        "Each map of pool2 is made of one other map: conv2 → relu2 → pool2. Its kernels are those of map 3 of conv2."
    )
    assert place_words(unit.chosen) == "Row 1, column 1 of map 3 of pool2"
    assert sum_words(unit).startswith("conv2 reads 8 maps of pool1 through a window of 5×5: 200 products")
    assert way_words(look("digits_lenet").unit("conv2", 3)) == ""


def test_words_for_groups_padding_and_means() -> None:
    words = sum_words(look("mobilenet_v2").unit("features.2.conv.1.0", 5, (0, 0)))
    assert "through a window of 3×3: 9 products" in words
    assert "5 with padding" in words
    assert "It has 96 groups" in words
    unit = look("shapes_vgg").unit("gap", 3)
    assert mean_words(unit).startswith("Of the 64 numbers that gap averages")
    assert r"\tfrac{1}{64}" in unit_formula(unit)
    assert sum_words(look("digits_lenet").unit("conv1", 0)).startswith("conv1 reads 1 channel of the picture")
    assert "64 units of relu3" in sum_words(look("digits_lenet").unit("fc2", 0))


def test_what_is_off_is_said() -> None:
    eyes = own_eyes("digits_lenet")
    x = np.random.default_rng(0).random((1, 28, 28), dtype=np.float32)
    off = frozenset({("pool1", 2), ("pool1", 5), ("relu2", 3)})
    maps = read_maps(eyes, x, "relu2", off)
    unit = trace_unit(eyes, maps, "relu2", 3, (4, 4), off)
    assert dark_words(unit) == "Switched off, so zero: maps 2, 5 of pool1."
    assert "switched off" in off_words(unit.chosen)
    assert unit_formula(unit).endswith(r"\text{(switched off)}\end{aligned}")
    assert off_words(trace_unit(eyes, maps, "relu2", 4, (4, 4), off).chosen) == ""


def test_both_numbers_are_said() -> None:
    assert agreement(0.5, 0.5) == "The sum and the network agree to the last digit: 0.5."
    assert "−0.25 and the network has −0.2500003: a difference of 3·10⁻⁷" in agreement(-0.25, -0.2500003)
    assert "of 1·10⁻⁶" in agreement(1.0, 1.0 + 9.7e-7)
    assert agreement_words(look("digits_lenet").unit("relu2", 3)).startswith("The sum ")
