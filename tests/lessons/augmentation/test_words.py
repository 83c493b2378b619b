"""The code of the Augmentation page makes the page's variants; the recipe has its ranges; the labels are judged."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from PIL import Image

from cnnviz.lessons.augmentation.code import torch_variant
from cnnviz.lessons.augmentation.figure import change_figure
from cnnviz.lessons.augmentation.spec import BORDERS, RUNGS, TASKS, AugmentSpec
from cnnviz.lessons.augmentation.spec_ops import OPS, PLACES
from cnnviz.lessons.augmentation.trace import AugmentTrace, trace_augment
from cnnviz.lessons.augmentation.words import (
    change_rows,
    drawn_rows,
    matrix_formula,
    mix_formula,
    rung_title,
    say_box,
    say_change,
    say_ladder,
    say_weights,
)
from cnnviz.lessons.augmentation.words_labels import EVERYWHERE, RULES, VERDICTS, first_broken, judge
from cnnviz.lessons.augmentation.words_recipes import boxes_recipe, mixup_step, torchvision_recipe
from tests.explain.fake_torchvision import Kept, modules
from tests.explain.running import run
from tests.lessons.augmentation.test_spec import SPECS
from tests.lessons.convolution.specs import examples

RNG = np.random.default_rng(11)
ROWS, COLUMNS = np.mgrid[:25, :31]
PIXELS = np.stack([ROWS * 10, COLUMNS * 8, RNG.integers(0, 256, ROWS.shape)], 2).astype(np.uint8)
SECOND = RNG.integers(0, 256, (40, 60, 3), dtype=np.uint8)
ALL = tuple(OPS)
CODED = [
    *(AugmentSpec(on=(name,), seed=5, pick=1) for name in OPS),
    *(AugmentSpec(on=ALL, seed=2, border=cast(Any, border), pick=pick) for border in BORDERS for pick in (0, 1, 2)),
    *(AugmentSpec(view="ladder", one=name, rung=rung) for name in OPS for rung in (0, 2, 4)),
    *(AugmentSpec(on=(name,), strengths={name: OPS[name].high}, seed=9) for name in OPS),
    AugmentSpec(on=()),
]


def traced(spec: AugmentSpec, pixels: np.ndarray = PIXELS, *, grey: bool = False) -> AugmentTrace:
    return trace_augment(pixels, spec, second=SECOND, grey=grey)


def check_code(trace: AugmentTrace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    Image.fromarray(trace.picture).save("picture.png")
    if trace.second is not None:
        Image.fromarray(trace.second).save("second.png")
    run(torch_variant(trace))
    made = np.asarray(Image.open("variant.png")).astype(int)
    distance = np.abs(made - trace.variant)
    assert distance.max() <= 1  # a half may be rounded either way
    assert (distance > 0).mean() < (0.15 if trace.drawn.weight in {0.5, 0.75} else 0.05)


@pytest.mark.parametrize("spec", CODED, ids=lambda spec: "-".join(spec.to_query().values()) or "default")
def test_the_lines_make_the_variant(spec: AugmentSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_code(traced(spec), tmp_path, monkeypatch)


@pytest.mark.parametrize("name", ["noise", "hue", "sat", "contrast"])
def test_the_lines_make_grey_variants_too(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grey = np.repeat(PIXELS[..., :1], 3, axis=2)
    trace = traced(AugmentSpec(on=(name,)), grey, grey=True)
    assert (trace.variant[..., 0] == trace.variant[..., 1]).all()
    check_code(trace, tmp_path, monkeypatch)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 7, 3), (9, 1, 3), (2, 2, 3)])
def test_the_lines_work_on_tiny_pictures(
    shape: tuple[int, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = RNG.integers(0, 256, shape, dtype=np.uint8)
    check_code(traced(AugmentSpec(on=("hflip", "bright", "blur", "noise", "cut")), pixels), tmp_path, monkeypatch)


@pytest.mark.parametrize("spec", CODED, ids=lambda spec: "-".join(spec.to_query().values()) or "default")
def test_lines_are_short_and_say_no_more_than_is_on(spec: AugmentSpec) -> None:
    code = torch_variant(traced(spec))
    assert all(len(line) < 120 for line in code.splitlines())
    assert ("second.png" in code) == ((traced(spec).drawn.weight != 1) or traced(spec).drawn.paste is not None)
    assert ("grid_sample" in code) == (not np.array_equal(traced(spec).matrix, np.eye(3)[:2]))


# The usual way in practice


@pytest.fixture
def torchvision(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, module in modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    Kept.made.clear()


def made(kind: str) -> Kept | None:
    return next((one for one in Kept.made if type(one).__name__ == kind), None)


@examples(60)
@given(SPECS)
def test_the_recipe_has_the_pages_ranges(spec: AugmentSpec) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, module in modules().items():
            patch.setitem(sys.modules, name, module)
        Kept.made.clear()
        run(torchvision_recipe(spec, (40, 60)))
    crop, affine, jitter = made("RandomResizedCrop"), made("RandomAffine"), made("ColorJitter")
    on, strength = spec.is_on, spec.strength
    assert (crop is not None) == on("crop")
    if crop:
        assert crop.settings["scale"][0] == pytest.approx(1 - strength("crop") / 100)
        assert crop.settings["size"] == (40, 60)
    assert (affine is not None) == any(on(name) for name in ("rotate", "shift", "scale", "shear"))
    if affine:
        assert affine.settings["degrees"] == (strength("rotate") if on("rotate") else 0)
        assert affine.settings["shear"] == (strength("shear") if on("shear") else None)
    if jitter:
        assert jitter.settings["hue"] == (pytest.approx(strength("hue") / 360, abs=1e-3) if on("hue") else None)
        assert jitter.settings["brightness"] == (strength("bright") / 100 if on("bright") else None)
    for name, kind in {"mix": "MixUp", "cutmix": "CutMix", "noise": "GaussianNoise", "cut": "RandomErasing"}.items():
        assert (made(kind) is not None) == on(name)
    assert (made("RandomChoice") is not None) == (on("mix") and on("cutmix"))
    assert (made("Lambda") is not None) == on("salt")


@pytest.mark.usefixtures("torchvision")
@pytest.mark.parametrize("on", [(), ("crop", "rotate"), PLACES])
def test_the_box_recipe_takes_the_box(on: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Image.fromarray(PIXELS).save("picture.png")
    trace = traced(AugmentSpec(on=on))
    names = run(boxes_recipe(trace.spec, trace.size, trace.moved.before))
    row, column, height, width = trace.moved.before
    boxes = names["boxes"]
    assert (boxes.top, boxes.left, boxes.bottom, boxes.right) == (row, column, row + height, column + width)
    assert int(names["mask"].sum()) == height * width


def test_salt_and_pepper_in_practice_keeps_the_share() -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, module in modules().items():
            patch.setitem(sys.modules, name, module)
        names = run(torchvision_recipe(AugmentSpec(on=("salt",), strengths={"salt": 20}), (8, 8)))
    import torch

    torch.manual_seed(0)
    salted = names["salt_and_pepper"](torch.full((3, 300, 300), 0.5))
    assert (salted == 0).float().mean().item() == pytest.approx(0.1, abs=0.01)
    assert (salted == 1).float().mean().item() == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("alpha", [0.1, 0.4, 2])
def test_mixed_labels_still_sum_to_one(alpha: float) -> None:
    names = run(mixup_step(alpha))
    assert names["y"].shape == (4, 3)
    assert names["y"].sum(dim=1).tolist() == pytest.approx([1] * 4)
    assert names["x"].shape == (4, 3, 8, 8)


# Labels


def test_every_rule_is_a_sentence_about_an_augmentation() -> None:
    assert set(RULES) == set(TASKS)
    for rules in (*RULES.values(), EVERYWHERE):
        for name, lines in rules.items():
            assert name in OPS
            limits = [limit for limit, _, _ in lines]
            assert limits == sorted(limits, reverse=True), name
            for limit, verdict, text in lines:
                assert 0 <= limit <= OPS[name].high
                assert verdict in VERDICTS
                assert text.endswith((".", "?"))


@examples(100)
@given(SPECS)
def test_a_verdict_is_the_worst_of_its_reasons(spec: AugmentSpec) -> None:
    order = list(VERDICTS)
    for one in judge(spec).values():
        worst = max((order.index(reason.verdict) for reason in one.reasons), default=0)
        assert one.verdict == order[worst]
        assert all(reason.op in spec.active for reason in one.reasons)
    assert first_broken(judge(spec)) in TASKS


@pytest.mark.parametrize(
    ("on", "task", "verdict"),
    [
        ({"rotate": 180}, "digit", "breaks"),
        ({"rotate": 15}, "digit", "keeps"),
        ({"hflip": 50}, "digit", "breaks"),
        ({"hflip": 50}, "animal", "keeps"),
        ({"hflip": 50}, "side", "breaks"),
        ({"hflip": 50}, "medical", "breaks"),
        ({"hflip": 50}, "text", "breaks"),
        ({"hflip": 50}, "box", "moves"),
        ({"hflip": 50}, "ripe", "keeps"),
        ({"hue": 90}, "ripe", "breaks"),
        ({"hue": 90}, "digit", "keeps"),
        ({"hue": 90}, "medical", "careful"),
        ({"bright": 30}, "box", "keeps"),
        ({"mix": 0.4}, "animal", "mixes"),
        ({"mix": 0.4}, "box", "breaks"),
        ({"noise": 10}, "text", "keeps"),
    ],
)
def test_what_breaks_which_label(on: dict[str, float], task: str, verdict: str) -> None:
    assert judge(AugmentSpec(on=tuple(on), strengths=on))[task].verdict == verdict


def test_nothing_on_breaks_nothing() -> None:
    assert {one.verdict for one in judge(AugmentSpec(on=())).values()} == {"keeps"}


# Words


@examples(120)
@given(SPECS)
def test_words_are_sentences_with_numbers_that_fit(spec: AugmentSpec) -> None:
    trace = traced(spec)
    for label, limits, drawn in drawn_rows(trace):
        assert label and limits and drawn
        assert "|" not in label + limits + drawn
        assert not re.search(r"nan|inf|None|-0\b", drawn)
    assert len(drawn_rows(trace)) == len(spec.active)
    assert say_box(trace).endswith(".")
    assert not spec.mixes or say_weights(trace).endswith(".")
    assert not say_change(trace.change).endswith(".")
    assert all("|" not in name + value for name, value in change_rows(trace.change))
    assert r"\left" not in matrix_formula(trace)
    assert say_ladder(spec).endswith(".")
    titles = [rung_title(spec, drawn, index, trace.size) for index, drawn in enumerate(trace.steps)]
    assert len(titles) in {0, RUNGS}
    assert all(len(title) < 45 for title in titles)


def test_the_formula_sends_the_pixel_where_the_matrix_does() -> None:
    trace = traced(AugmentSpec(on=("rotate", "shift"), box=(3, 4, 5, 6)))
    row, column = np.asarray(trace.matrix) @ [3, 4, 1]
    assert rf"(3,\ 4) &\to ({row:.1f},\ {column:.1f})".replace(".0", "") in matrix_formula(trace).replace(".0", "")


def test_mixed_labels_are_shown_with_their_numbers() -> None:
    assert r"0.25 \cdot \text{Cat} + 0.75 \cdot \text{Coffee}" in mix_formula(0.25, "Cat", "Coffee")


def test_a_box_that_left_is_dropped() -> None:
    spec = AugmentSpec(on=("shift",), strengths={"shift": 50}, box=(0, 0, 2, 2))
    trace = next(trace for seed in range(20) if (trace := traced(replace(spec, seed=seed))).moved.box is None)
    assert "must be dropped" in say_box(trace)


def test_the_histogram_counts_all_pixels_twice() -> None:
    figure = change_figure(traced(AugmentSpec()).change)
    assert [sum(curve["y"]) for curve in figure["data"]] == [PIXELS.shape[0] * PIXELS.shape[1]] * 2
    assert figure != change_figure(traced(AugmentSpec()).change, dark=True)
