"""The Learned kernels page without a browser: links, clicks, comparisons, patches and the climb."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.engine.networks.seeing.maps import own_eyes, see
from cnnviz.engine.networks.zoo.trained import TRAINED
from cnnviz.lessons.learned_kernels.examples import LEARNED_KERNELS_PRESETS
from cnnviz.lessons.learned_kernels.trace import sheet, weights_before, weights_of
from cnnviz.lessons.learned_kernels.trace_excite import SLICES
from cnnviz.lessons.learned_kernels.trace_match import nearest
from cnnviz.lessons.learned_kernels.trace_patches import best_patches, cut_patch
from cnnviz.lessons.learned_kernels.view_climb import HELD
from tests.ui import pictures
from tests.ui.lesson import box, opened_in_the_app, url, words
from tests.ui.pictures import array, arrays, head, titles

opened = partial(opened_in_the_app, "learned_kernels")
answered = partial(pictures.answered, "learned_kernels")
DIGITS = own_eyes("digits_lenet")


@pytest.fixture(autouse=True)
def no_rest(monkeypatch) -> None:
    """Let every run have its slice, and make that slice long enough for a whole climb."""
    monkeypatch.setattr(SLICES, "share", 1.0)
    monkeypatch.setattr("cnnviz.lessons.learned_kernels.view_climb.SLICE", 30.0)
    monkeypatch.setattr("cnnviz.lessons.learned_kernels.view_climb._finished", OrderedDict())


def marks(page: AppTest, panel: int = 0) -> list[Any]:
    return head(page)["panels"][panel]["marks"]


def controls(page: AppTest) -> set[str]:
    return {one["name"] for one in head(page)["controls"]}


def test_it_opens_on_the_first_kernels_beside_a_hand_made_one() -> None:
    page = opened("o=4")
    assert not page.exception and not page.warning
    assert titles(page) == ["conv1", "Kernel 4", "Diagonal edges \\", "Kernel − match"]
    kernel = weights_of(DIGITS, "conv1")[4, 0]
    match = nearest(kernel, False)
    large, fitted, left = (array(page, panel) for panel in (1, 2, 3))
    assert len(arrays(page)) == 4
    np.testing.assert_allclose(large, kernel, atol=1e-4)
    assert match is not None
    np.testing.assert_allclose(fitted, match.fitted, atol=1e-4)
    np.testing.assert_allclose(left, kernel - match.fitted, atol=1e-4)
    assert f"cosine +{match.cosine:.2f}" in words(page)
    assert url(page) == {"net": "digits_lenet", "o": "4"}
    assert len(page.get("plotly_chart")) == 1


@pytest.mark.parametrize("preset", LEARNED_KERNELS_PRESETS, ids=lambda preset: preset.name)
def test_every_example_opens_and_stands_as_written(preset) -> None:
    page = opened("&".join(f"{name}={value}" for name, value in preset.state.items()))
    assert not page.exception and not page.warning
    assert url(page) == dict(preset.state)
    assert preset.title in words(page)


def test_a_click_on_the_sheet_takes_that_slice() -> None:
    page = opened("layer=conv2")
    assert titles(page)[:2] == ["conv2", "Kernel 0, input 0"]
    page_sheet = sheet(weights_of(DIGITS, "conv2"), 0, 0)
    row, column = page_sheet.place(9, 3)
    page = answered(page, 1, click=[0, row + 1, column + 1])
    assert url(page)["o"] == "9" and url(page)["i"] == "3"
    assert marks(page)[0][:2] == [row, column]
    np.testing.assert_allclose(array(page, 1), weights_of(DIGITS, "conv2")[9, 3], atol=1e-4)
    page = answered(page, 2, set={"i": "7", "o": "2"})
    assert titles(page)[1] == "Kernel 2, input 7"
    gap = page_sheet.place(0, 1)[1] - 1
    page = answered(page, 3, click=[0, 0, gap])  # between two tiles: nothing changes
    assert url(page)["o"] == "2"


def test_before_training_and_on_the_picture() -> None:
    page = opened("beside=before&o=3")
    before = weights_before("digits_lenet", "conv1")
    assert before is not None
    assert titles(page) == ["conv1", "Before training", "Kernel 3", "Kernel 3, before"]
    np.testing.assert_allclose(array(page, 3), before[3, 0], atol=1e-4)
    page = answered(page, 1, click=[1, 0, 0])
    assert "o" not in url(page)
    page = answered(page, 2, set={"beside": "picture", "o": "5"})
    digit = titles(page)[2]
    assert digit == "A 7" and titles(page)[3] == "Map 5 of conv1"
    pixels = array(page, 2)
    expected = see(DIGITS, DIGITS.prepare(pixels.astype(np.uint8)), keep=("conv1",)).maps["conv1"][5]
    np.testing.assert_allclose(array(page, 3), expected, atol=1e-3)
    assert "by" not in controls(page)


def test_colour_kernels_are_colours_until_a_slice_is_asked_for() -> None:
    page = opened("net=shapes_vgg&o=3")
    assert [panel["kind"] for panel in head(page)["panels"]][:2] == ["rgb", "rgb"]
    weights = weights_of(own_eyes("shapes_vgg"), "conv1_1")
    np.testing.assert_allclose(array(page, 1), np.moveaxis(weights[3], 0, -1), atol=1e-3)
    assert "The sum of its three slices" in words(page) or "Nothing alike" in words(page)
    assert "the same in red, green and blue" in words(page)
    page = answered(page, 1, set={"i": "2"})
    assert titles(page)[1] == "Kernel 3, blue" and url(page)["i"] == "2"
    assert head(page)["panels"][0]["kind"] == "signed"
    page = answered(page, 2, set={"i": "-1", "scale": "kernel"})
    assert np.nanmax(np.abs(array(page, 0))) == 1


def test_the_view_and_the_layer_are_chosen_and_follow_each_other() -> None:
    page = opened("layer=conv2&o=5&i=2")
    view = next(one for one in page.button_group if one.label == "View")
    view.set_value("excite").run()
    assert url(page) == {"net": "digits_lenet", "view": "excite", "layer": "conv2", "o": "5"}
    box(page, "Layer").set_value("fc1").run()
    assert url(page) == {"net": "digits_lenet", "view": "excite", "layer": "fc1"}
    view = next(one for one in page.button_group if one.label == "View")
    view.set_value("kernels").run()
    assert url(page) == {"net": "digits_lenet"} and not page.warning
    box(page, "Layer").set_value("conv2").run()
    box(page, "Network").set_value("shapes_vgg").run()
    assert not page.exception and not page.warning
    assert url(page) == {"net": "shapes_vgg"}


def test_the_nine_best_patches_are_the_engines_and_can_be_clicked() -> None:
    page = opened("view=excite&layer=conv2&o=5")
    best = best_patches(DIGITS, "conv2")
    tile = cut_patch(DIGITS, best, 5, 4).pixels
    shown = array(page, 0)
    assert shown.shape == (44, 44)
    np.testing.assert_array_equal(np.nan_to_num(shown[15:29, 15:29], nan=-1), np.nan_to_num(tile, nan=-1))
    page = answered(page, 1, click=[0, 20, 20])
    assert url(page)["best"] == "4"
    patch = cut_patch(DIGITS, best, 5, 4)
    assert titles(page)[1] == f"Number 5: {patch.title}"
    top, left, bottom, right = patch.box
    assert marks(page, 1)[0][:4] == [top, left, bottom - top, right - left]
    assert "Among the 1,000 digits that it never saw" in words(page)


def test_it_climbs_to_the_end_and_begins_again() -> None:
    page = opened("view=excite&o=3&n=16")
    held = page.session_state[HELD]
    assert held.ascent.done and not held.running
    assert titles(page, 1) == ["The picture made for it"]
    assert head(page, 1)["note"].startswith("Step 16 of 16 · done · ")
    assert "times what the best sample gives" in words(page) or "which is more" in words(page)
    first = array(page, 0, viewer=1).copy()
    next(one for one in page.button if one.label == "Again").click().run()
    assert not page.exception
    np.testing.assert_array_equal(array(page, 0, viewer=1), first)
    page = answered(page, 1, set={"o": "4"})
    assert page.session_state[HELD].about[2] == 4


def test_it_can_be_stopped_and_goes_on(monkeypatch) -> None:
    monkeypatch.setattr("cnnviz.lessons.learned_kernels.view_climb.SLICE", 0.0)
    page = opened("view=excite&o=3&n=64&seed=9")
    assert page.session_state[HELD].running
    next(one for one in page.button if one.label == "Stop").click().run()
    steps = len(page.session_state[HELD].ascent.curve)
    page.run()
    assert len(page.session_state[HELD].ascent.curve) == steps
    assert "stopped" in head(page, 1)["note"]
    next(one for one in page.button if one.label == "Go on").click().run()
    assert len(page.session_state[HELD].ascent.curve) > steps


def test_settings_of_the_climb_stand_in_the_link() -> None:
    page = opened("view=excite&layer=conv1&n=8")
    sliders = {one.label: one for one in page.slider}
    sliders["Blur"].set_value(0.0).run()
    assert url(page)["blur"] == "0"
    next(one for one in page.radio if one.label == "What to excite").set_value("map").run()
    assert url(page)["goal"] == "map"
    next(one for one in page.button if one.label == "As it was").click().run()
    assert url(page) == {"net": "digits_lenet", "view": "excite", "layer": "conv1"}
    box(page, "Layer").set_value("fc2").run()
    assert all(one.label != "What to excite" for one in page.radio)  # a dense unit has no map


def test_who_waits_is_told(monkeypatch) -> None:
    with SLICES.one("somebody else") as asked:
        assert asked.mine
        page = opened("view=excite&o=3&n=8&seed=31")
    assert "waiting: one learner is before you" in head(page, 1)["note"]
    assert not page.session_state[HELD].ascent.curve


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("layer=conv9", "no kernels in a layer “conv9”"),
        ("layer=fc1", "no kernels in a layer “fc1”"),
        ("view=excite&layer=relu1", "no units in a layer"),
        ("o=8", "has 8 kernels, from 0"),
        ("layer=conv2&i=99", "have 8, from 0"),
        ("view=excite&o=10", "has 10 channels, from 0"),
        ("view=all", "the choices are"),
        ("view=excite&rate=9&n=8", "it goes from 0.01 to 0.5"),
        ("view=excite&seed=x&n=8", "whole number"),
        ("by=hand", "the choices are"),
    ],
)
def test_bad_links_get_a_sentence(link, says) -> None:
    page = opened(link)
    assert not page.exception
    assert any(says in one.value for one in page.warning), [one.value for one in page.warning]


def test_a_network_without_weights_says_that_they_are_random() -> None:
    page = opened("net=squeezenet1_1&layer=features.3.expand3x3&o=2")
    assert not page.exception
    assert any("random weights" in one.value for one in page.info)
    assert "before" not in dict(next(one["options"] for one in head(page)["controls"] if one["name"] == "beside"))
    assert "kernels 0 to 15 are shown, inputs 0 to 15" in head(page)["note"]


def test_the_weights_are_offered_as_a_file() -> None:
    page = opened()
    assert TRAINED["digits_lenet"].file in " ".join(one.label for one in page.download_button)
