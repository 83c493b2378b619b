"""The Filter chains lesson without a browser: links, examples, controls, clicks, kernels chosen or typed."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from cnnviz.engine.pictures.samples import sample
from cnnviz.lessons.filter_chains.examples import FILTER_CHAINS_PRESETS
from cnnviz.state.preset import Preset
from tests.ui import pictures
from tests.ui.lesson import opened_in_the_app, url
from tests.ui.pictures import by_title, head, titles

opened = partial(opened_in_the_app, "filter_chains")
answered = partial(pictures.answered, "filter_chains")


def test_the_page_opens_with_two_blurs() -> None:
    page = opened("img=camera")
    assert [header.value for header in page.header] == ["Filter chains"]
    assert titles(page) == ["Picture", "After the first kernel", "After both", "Combined 5×5, over 81"]
    shown = by_title(page)
    assert np.array_equal(shown["Picture"], sample("camera").pixels[..., 0])
    assert shown["Combined 5×5, over 81"].tolist()[2] == [3, 6, 9, 6, 3]
    assert head(page)["note"].startswith("Largest difference of two steps and one: inside 0, at the border ")


@pytest.mark.parametrize("preset", FILTER_CHAINS_PRESETS, ids=lambda preset: preset.name)
def test_an_example_opens_as_its_link_says(preset: Preset) -> None:
    page = opened("&".join(f"{name}={text.replace(' ', '+')}" for name, text in preset.state.items()))
    assert url(page) == dict(preset.state)
    assert not page.warning
    assert any(preset.note in text.value for text in page.markdown)


@pytest.mark.parametrize(
    "link",
    ["view=all", "show=three", "k1=nothing", "k2=1+2_3", "mode=mirror", "relu=2", "op=roberts", "t=-1", "blur=9",
     "what=cube", "sigma=0", "n=9", "drop=-1", "ratio=3", "at=x", "z=1"],
)  # fmt: skip
def test_a_bad_value_is_named_and_the_rest_stays(link: str) -> None:
    page = opened(f"{link}&img=cat")
    (warning,) = page.warning
    assert warning.value.endswith("now.")
    assert url(page) == {"img": "cat"}


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("show=two", ["After both", "At once", "Difference", "Combined 5×5, over 81"]),
        ("view=gradient", ["Picture", "Slope to the right", "Slope downwards", "Magnitude"]),
        ("view=gradient&show=two", ["Picture", "Direction", "Angle, degrees", "Colour of each direction"]),
        ("view=scale&what=pyramid&n=3", ["Picture", "Level 1", "Level 2", "Level 3"]),
        ("view=scale&what=laplace", ["Detail 0", "Detail 1", "Rest: level 2", "Put together again"]),
        ("view=scale&what=dog", ["Picture", "Difference", "Laplacian"]),
    ],
)
def test_each_view_has_its_panels(link: str, wanted: list[str]) -> None:
    page = opened(f"{link}&img=shapes")
    assert titles(page) == wanted
    assert all(panel["alt"] for panel in head(page)["panels"])


@pytest.mark.parametrize("link", ["", "view=gradient", "view=scale&what=dog"])
def test_all_six_are_six(link: str) -> None:
    assert len(titles(opened(f"{link}&show=all&img=zone"))) == 6


@pytest.mark.parametrize("what", ["alias", "pyramid", "laplace", "dog"])
@pytest.mark.parametrize("levels", [1, 5])
def test_every_scale_has_its_controls(what: str, levels: int) -> None:
    page = opened(f"view=scale&what={what}&n={levels}&drop=4&img=digits")
    assert len(titles(page)) <= 6
    names = [control["name"] for control in head(page)["controls"]]
    assert names[:3] == ["view", "what", "sigma"]
    for control in head(page)["controls"]:
        if control["type"] == "slider":
            assert control["low"] <= control["value"] <= control["high"]


def test_the_viewers_controls_become_the_state() -> None:
    page = answered(opened("img=cat"), 1, set={"mode": "reflect", "n1": "5", "relu": "1"})
    assert url(page) == {"img": "cat", "k1": "box-5", "mode": "reflect", "relu": "1"}
    page = answered(page, 2, set={"view": "gradient", "t": "12.5"})
    assert url(page) == {"img": "cat", "view": "gradient", "k1": "box-5", "mode": "reflect", "relu": "1", "t": "12.5"}


def test_a_click_marks_the_pixel_and_says_its_numbers() -> None:
    page = answered(opened("img=cat"), 1, click=[2, 12, 40])
    assert url(page) == {"img": "cat", "at": "12.40"}
    assert head(page)["panels"][0]["marks"][0][:4] == [10, 38, 5, 5]
    assert any("Row 12, column 40:" in text.value for text in page.markdown)


def test_a_click_on_the_picture_marks_what_is_read_there() -> None:
    page = answered(opened("img=cat&mode=valid"), 1, click=[0, 12, 40])
    assert url(page)["at"] == "10.38"
    assert head(page)["panels"][0]["marks"][0][:4] == [10, 38, 5, 5]
    page = answered(page, 2, click=[2, 12, 40])
    assert url(page)["at"] == "12.40"


def test_kernels_are_chosen_swapped_and_typed() -> None:
    page = opened("img=cat")
    page.selectbox(key="filter_chains_first").set_value("sobel-x").run()
    assert url(page) == {"img": "cat", "k1": "sobel-x"}
    page.button(key="filter_chains_swap").click().run()
    assert url(page) == {"img": "cat", "k2": "sobel-x"}
    page.text_area(key="filter_chains_first_rows").set_value("1 0 -1").run()
    assert url(page) == {"img": "cat", "k1": "1 0 -1", "k2": "sobel-x"}
    assert titles(page)[3] == "Combined 3×5"
    assert by_title(page)["Combined 3×5"].tolist()[0] == [-1, 0, 2, 0, -1]
    page.selectbox(key="filter_chains_first").set_value("box").run()
    assert url(page) == {"img": "cat", "k2": "sobel-x"}


def test_rows_that_are_no_kernel_are_named_and_change_nothing() -> None:
    page = opened("img=cat")
    page.text_area(key="filter_chains_second_rows").set_value("1 2\n3").run()
    (warning,) = page.warning
    assert warning.value.startswith("Second kernel: The rows must be equally long")
    assert url(page) == {"img": "cat"}
    assert not page.run().warning


def test_kernels_that_are_too_strong_are_an_error_and_not_a_crash() -> None:
    page = opened("img=cat&k1=99999+99999&k2=99999")
    (error,) = page.error
    assert "times smaller" in error.value
    assert titles(page) == ["Picture"]


def test_a_threshold_that_nothing_passes_leaves_an_empty_map() -> None:
    page = opened("img=camera&view=gradient&show=two&t=50&blur=4")
    assert np.isnan(by_title(page)["Angle, degrees"]).mean() > 0.99
    assert head(page)["note"].endswith(".")


def test_what_the_browser_has_is_not_sent_again() -> None:
    page = opened("img=cat&view=gradient")
    digest = head(page)["panels"][0]["digest"]
    page = answered(page, 1, have=[digest], set={"t": "20"})
    assert head(page)["panels"][0]["length"] == 0
