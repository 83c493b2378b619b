"""Receptive fields in words; and the code, which is run and must find what the page shows."""

from __future__ import annotations

import re
import shutil
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from cnnviz.engine.networks.code.sized import read_code
from cnnviz.engine.networks.graph import Draft
from cnnviz.engine.networks.layers.kinds import Add, Conv, Norm, Pool
from cnnviz.engine.networks.seeing.maps import FOLDER
from cnnviz.engine.networks.trace import trace_network
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.engine.networks.zoo.trained import TRAINED
from cnnviz.lessons.receptive_field.code import effective_code, exact_code
from cnnviz.lessons.receptive_field.figure import growth_figure
from cnnviz.lessons.receptive_field.trace import exact_field, listed_rows, middle_unit
from cnnviz.lessons.receptive_field.trace_effective import effective_field, field_on_picture
from cnnviz.lessons.receptive_field.words import (
    dips,
    effective_words,
    formula,
    note,
    number,
    sentences,
    table,
    warnings,
    why,
)
from tests.explain.running import run_and_listen

CASES = [
    ("lenet5", "s4", (2, 3), None),
    ("lenet_modern", "fc1", (5,), None),
    ("lenet_modern", "relu1", (0, 27), None),
    ("vgg16", "features.9", (4, 7), (3, 40, 36)),
    ("resnet18", "layer2.0.add", (3, 1), (3, 64, 48)),
    ("googlenet", "inception3a.cat", (2, 2), (3, 40, 40)),
    ("unet_padded", "up3.cat", (3, 5), (1, 32, 32)),
    ("mobilenet_v2", "features.3.add", (3, 1), (3, 40, 32)),
]


def run(code: str) -> tuple[dict[str, Any], str]:
    names, printed = run_and_listen(code)
    return names, "\n".join(printed)


@pytest.mark.parametrize(("name", "layer", "unit", "size"), CASES)
def test_the_code_finds_the_exact_field(name, layer, unit, size) -> None:
    trace = trace_network(ARCHITECTURES[name], size)
    names, said = run(exact_code(trace, layer, unit))
    field = exact_field(trace.network, layer, unit, size)
    assert np.array_equal(names["field"].numpy(), field.mask)
    assert f"{field.count} pixels" in said
    assert f"rows {field.box[0]} to {field.box[0] + field.box[2] - 1}" in said


@pytest.mark.parametrize(("name", "layer", "unit", "size"), CASES[:5])
def test_the_code_measures_the_effective_field(name, layer, unit, size) -> None:
    trace = trace_network(ARCHITECTURES[name], size)
    torch.manual_seed(0)
    names, said = run(effective_code(trace, layer, unit, 2))
    weight = names["weight"].numpy()
    assert weight.max() == 1
    assert not weight[~exact_field(trace.network, layer, unit, size).mask].any()
    assert re.search(r"^\d+ pixels", said)


@pytest.mark.parametrize(
    ("name", "layer", "on"),
    [("digits_lenet", "conv1", "picture"), ("digits_lenet", "conv2", "trained"), ("shapes_vgg", "conv2_1", "trained")],
)
def test_the_code_measures_on_a_saved_picture(name, layer, on, tmp_path, monkeypatch) -> None:
    trace, unit = trace_network(ARCHITECTURES[name]), (5, 4)
    pixels = np.random.default_rng(0).integers(0, 256, (*trace.input[1:], 3)).astype(np.uint8)
    if trace.input[0] == 1:
        pixels[...] = pixels[..., :1]
    Image.fromarray(pixels).save(tmp_path / "picture.png")
    if on == "trained":
        shutil.copy(FOLDER / TRAINED[name].file, tmp_path)
    monkeypatch.chdir(tmp_path)
    names, said = run(effective_code(trace, layer, unit, 2, on))
    weight = names["weight"].numpy()
    assert re.search(r"^\d+ pixels", said)
    assert not weight[~exact_field(trace.network, layer, unit).mask].any()
    if on == "trained":  # only the mixes of channels are drawn otherwise
        found = field_on_picture(trace.network, layer, unit, pixels, trained=True, seeds=32).weight
        names, _ = run(effective_code(trace, layer, unit, 32, on))
        assert np.abs(names["weight"].numpy() - found).max() < 0.5
        assert np.corrcoef(names["weight"].numpy().ravel(), found.ravel())[0, 1] > 0.9


@pytest.mark.parametrize("name", [name for name in ARCHITECTURES if name != "dcgan_generator"])
def test_every_layer_has_words_a_formula_and_code(name) -> None:
    trace = trace_network(ARCHITECTURES[name])
    rows = listed_rows(trace)
    for row in rows[:: max(len(rows) // 12, 1)]:
        assert formula(trace, row.name).count("{") == formula(trace, row.name).count("}")
        assert why(row).endswith(".")
    growth_figure(trace, rows, rows[-1].name)
    assert len(table(trace, trace.rows, rows[0].name)) == len(rows)


def test_the_formula_has_the_chosen_layer_s_numbers() -> None:
    vgg = trace_network(ARCHITECTURES["vgg16"])
    assert r"196 + 1 \cdot (2 - 1) \cdot 16 = 212" in formula(vgg, "features.30")
    assert r"2 \cdot 16 = 32" in formula(vgg, "features.30")
    unet = trace_network(ARCHITECTURES["unet_paper"])
    assert r"= 16 / 2 = 8" in formula(unet, "up4.upconv")
    assert r"\text{union of }" in formula(trace_network(ARCHITECTURES["resnet18"]), "layer1.0.add")


def said_of(name: str, layer: str, unit=None, size=None) -> str:
    trace = trace_network(ARCHITECTURES[name], size)
    row = trace.row(layer)
    return " ".join(sentences(trace, row, exact_field(trace.network, layer, unit or middle_unit(row), size)))


def test_sentences_say_what_is_cut_off() -> None:
    assert "larger than the picture of $224 \\times 224$" in said_of("resnet18", "layer4.1.add")
    assert "border cuts it off" in said_of("vgg16", "features.16", (0, 0))
    assert "fields differ from unit to unit" in said_of("unet_paper", "head")
    plain = said_of("vgg16", "features.16")
    assert "would be" not in plain and "formula" not in plain
    assert "sees the whole picture" in said_of("vgg16", "classifier.0", (7,))


def test_sentences_name_holes_and_padding() -> None:
    draft = Draft("holes", "Holes", (1, 24, 24))
    draft.chain([Conv(1, 3, padding=2, dilation=2), Conv(1, 3, padding=2, dilation=2), Conv(1, 1, padding=4)])
    trace = trace_network(draft.done())
    holes = " ".join(sentences(trace, trace.row("1"), exact_field(trace.network, "1", (12, 12))))
    assert "$56$ of $81$ pixels are never read" in holes
    nothing = exact_field(trace.network, "2", (0, 0))
    assert "only padding" in sentences(trace, trace.row("2"), nothing)[0]
    assert "0×0" in note(trace, trace.row("2"), nothing)


def test_shifted_branches_and_norms_are_named() -> None:
    draft = Draft("shifted", "Shifted", (1, 16, 16))
    left = draft.add("left", Conv(1, 2, padding=((0, 1), (0, 1))))
    right = draft.add("right", Conv(1, 2, padding=((1, 0), (1, 0))), "input")
    draft.add("sum_1", Add(), left, right)
    draft.add("norm", Norm("instance"))
    trace = trace_network(draft.done())
    assert warnings(trace, "left") == []
    (shifted,) = warnings(trace, "sum_1")
    assert "sum_1" in shifted
    assert len(warnings(trace, "norm")) == 2


def test_effective_words_are_honest_about_what_was_measured() -> None:
    network = ARCHITECTURES["vgg16"]
    found = effective_field(network, "features.16", (5, 5), (3, 64, 64), seeds=2)
    said = " ".join(effective_words(found, exact_field(network, "features.16", (5, 5), (3, 64, 64))))
    assert "2 draws" in said
    assert r"$95\,\%$ of the gradient" in said
    assert "unit, $" in said


def test_numbers_and_dips() -> None:
    assert [number(one) for one in (3, Fraction(7, 2), Fraction(1, 3))] == ["3", "3.5", "1/3"]
    assert dips(trace_network(ARCHITECTURES["vgg16"]).rows) == ""
    assert "dips" in dips(listed_rows(trace_network(ARCHITECTURES["resnet18"])))


def test_own_code_with_a_dilated_maximum() -> None:
    parsed = read_code("nn.Sequential(nn.MaxPool2d(2, stride=1, dilation=3), nn.Conv2d(3, 4, 3))", (3, 16, 16))
    assert parsed.network is not None
    trace = trace_network(parsed.network)
    assert isinstance(trace.rows[0].node.layer, Pool)
    names, _ = run(exact_code(trace, trace.rows[1].name, (2, 3)))
    assert np.array_equal(names["field"].numpy(), exact_field(trace.network, trace.rows[1].name, (2, 3)).mask)
