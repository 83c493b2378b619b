"""What the Learned kernels page says, links to, and gives as code: the code is run, and compared with the page."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnnviz.engine.networks.seeing.maps import FOLDER, own_eyes, random_eyes
from cnnviz.lessons.convolution.spec import ConvolutionSpec
from cnnviz.lessons.filters.spec import FiltersSpec
from cnnviz.lessons.learned_kernels.code import climb_codes, kernel_codes
from cnnviz.lessons.learned_kernels.spec import KernelsSpec
from cnnviz.lessons.learned_kernels.trace import chosen, count_kernels, weights_of
from cnnviz.lessons.learned_kernels.trace_excite import Ascent
from cnnviz.lessons.learned_kernels.trace_match import nearest
from cnnviz.lessons.learned_kernels.trace_patches import Album, Best
from cnnviz.lessons.learned_kernels.words import best_words, climb_words, count_words, match_formula, match_words
from cnnviz.lessons.learned_kernels.words_links import filters_link, stage_link
from cnnviz.state.kernels import kernel_rows
from tests.explain.running import run_and_listen


def ran(code: str, network: str, folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Run code in a folder that holds nothing but the network's file."""
    shutil.copy(FOLDER / f"{network}.safetensors", folder)
    return run_and_listen(code, folder)


@pytest.mark.parametrize(
    "link", [{"layer": "conv1", "o": "4", "i": "0"}, {"layer": "conv2", "o": "5", "i": "2", "by": "free"}]
)
def test_the_code_shows_the_kernel_and_its_match(link, tmp_path) -> None:
    eyes, (spec, _) = own_eyes("digits_lenet"), KernelsSpec.from_query(link)
    one = chosen(weights_of(eyes, spec.layer), spec.kernel, spec.channel)
    match = nearest(one, spec.free)
    assert match is not None
    found, printed = ran(kernel_codes(eyes, spec, match)["PyTorch"], "digits_lenet", tmp_path)
    np.testing.assert_allclose(found["kernel"].numpy(), one, rtol=1e-6)
    assert float(printed[-1].removeprefix("cosine ")) == pytest.approx(match.cosine, abs=1e-4)
    assert Image.open(tmp_path / "kernels.png").size[0] == 12 * found["tiles"].shape[1]


@pytest.mark.parametrize(
    ("network", "link"),
    [
        ("digits_lenet", {"layer": "fc2", "o": "3", "n": "16"}),
        ("digits_lenet", {"layer": "conv2", "o": "9", "n": "16", "jit": "0", "blur": "0", "fade": "0"}),
        ("shapes_vgg", {"layer": "conv2_1", "o": "1", "n": "8", "goal": "map", "seed": "4"}),
    ],
)
def test_the_code_climbs_to_the_same_picture(network, link, tmp_path) -> None:
    eyes, (spec, _) = own_eyes(network), KernelsSpec.from_query(link | {"view": "excite"})
    found, _ = ran(climb_codes(eyes, spec)["PyTorch"], network, tmp_path)
    ascent = Ascent(eyes, spec.layer, spec.kernel, spec.climb)
    while not ascent.done:
        ascent.advance(eyes, 60)
    difference = np.abs(found["picture"].astype(int) - ascent.pixels)
    assert np.quantile(difference, 0.99) <= 2  # sums in another order may tip a ReLU
    assert Image.open(tmp_path / "excites.png").size == (448, 448)


def test_code_for_published_networks_can_be_compiled_and_names_the_layer() -> None:
    eyes, (spec, _) = random_eyes("squeezenet1_1"), KernelsSpec.from_query({"layer": "features.0", "o": "3"})
    for codes in (kernel_codes(eyes, spec, None), climb_codes(eyes, spec)):
        compile(codes["PyTorch"], "code", "exec")
        assert 'squeezenet1_1(weights="DEFAULT")' in codes["PyTorch"]
        assert 'get_submodule("features.0")' in codes["PyTorch"]


@pytest.mark.parametrize("layer", ["conv1", "conv2"])
def test_links_carry_the_kernel(layer) -> None:
    kernel = weights_of(own_eyes("digits_lenet"), layer)[3, 0]
    filters, notes = FiltersSpec.from_query(filters_link(kernel))
    assert not notes
    np.testing.assert_allclose(kernel_rows(filters.kernel), kernel, atol=6e-5)
    picture = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
    stage, notes = ConvolutionSpec.from_query(stage_link(kernel, picture))
    assert not notes
    np.testing.assert_allclose(stage.weights.rows, kernel, atol=6e-4)
    np.testing.assert_allclose(stage.values.rows, picture[8:20, 8:20] / 255, atol=6e-3)


def test_what_is_too_large_has_no_link() -> None:
    assert filters_link(np.ones((16, 16))) == {}
    assert stage_link(np.ones((11, 11)), np.zeros((28, 28), np.uint8)) == {}
    assert filters_link(np.ones((11, 11)))["p"] == "same"


def test_a_match_is_told_with_its_number_its_sign_and_what_chance_does() -> None:
    sobel = -2.0 * np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    match = nearest(sobel, False)
    said = match_words(match, False, False)
    assert "**Sobel, columns**" in said and "turned over" in said and "−1.00 (as they are)" in said
    assert match is not None and f"{match.chance:.2f} or more" in said
    assert "-2.000\\,h" in match_formula(match, False)
    noise = nearest(np.random.default_rng(3).normal(size=(3, 3)), True)
    assert match_words(noise, True, False).startswith("**Nothing alike.**")
    assert "nothing to compare" in match_words(None, False, False)
    assert match_words(match, False, True).startswith("The sum of its three slices")
    diagonal = nearest(np.array([[0.0, 1, 1], [-1, 0, 1], [-1, -1, 0]]), False)
    assert "Diagonal edges \\\\**" in match_words(diagonal, False, False)  # the backslash must not eat a star


def test_counts_name_dead_kernels() -> None:
    weights = np.ones((5, 1, 3, 3), np.float32)
    weights[[1, 3]] = 0
    said = count_words(count_kernels(weights, False), 2, 5, None, 0)
    assert "2 of them are dead" in said and "(1, 3)" in said and "2 of 5." in said
    assert "before training 1 of 5" in count_words(
        count_kernels(weights[:1], False), 2, 5, count_kernels(weights, False), 1
    )


def test_units_that_never_fire_are_called_dead() -> None:
    def best(value: float, fires: float) -> Best:
        values = np.full((1, 9), value, np.float32)
        return Best(
            Album("digits", 1000, "the digits"), "conv1", values, np.zeros((1, 9, 3), np.int32), np.array([fires])
        )

    assert "never answers above zero" in best_words(best(-0.2, 0.0), 0, "channel 0")
    assert "in 25 %" in best_words(best(2.0, 0.25), 0, "channel 0")
    assert "2.0 times" in climb_words("it", 4.0, 2.0, 0.1)
    assert "which is more" in climb_words("it", 1.0, 2.0, 0.1)
    assert "no sample" in climb_words("it", 1.0, -2.0, 0.1)
