"""The lesson "Match a template" without a browser: links, rectangles, clicks, errors, and what the viewer gets."""

from __future__ import annotations

import io
from functools import partial
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnnviz.engine.pictures.samples import sample
from cnnviz.lessons.matching.examples import MATCHING_PRESETS
from cnnviz.lessons.matching.spec import PATCHES, SCORES, MatchingSpec
from cnnviz.lessons.matching.trace import trace_matching
from cnnviz.state.preset import Preset
from tests.ui import pictures
from tests.ui.lesson import opened_in_the_app, url
from tests.ui.pictures import array, arrays, head, titles

opened = partial(opened_in_the_app, "matching")
answered = partial(pictures.answered, "matching")


def marks(page: AppTest, panel: int = 0) -> list[list[Any]]:
    return head(page)["panels"][panel]["marks"]


def test_the_page_opens_with_a_template_that_is_found() -> None:
    page = opened()
    assert [header.value for header in page.header] == ["Match a template"]
    assert titles(page) == ["Picture", "Template", "Score map: NCC"]
    assert titles(page, 1) == ["Window − its mean", "Template − its mean", "(t − t̄) · (x − x̄)"]
    assert url(page) == {}
    (best,) = marks(page)
    assert (tuple(best[:4]), best[4]) == (PATCHES["coffee"], "template · 1 · 100 %")
    assert not page.warning and not page.error


@pytest.mark.parametrize("score", SCORES)
def test_the_viewer_gets_the_scores_of_the_engine(score: str) -> None:
    page = opened(f"img=shapes&score={score}")
    picture, template, scores = (array(page, panel) for panel in range(3))
    assert len(arrays(page)) == 3
    trace = trace_matching(sample("shapes").pixels, None, PATCHES["shapes"], MatchingSpec(score=score))
    assert np.array_equal(picture, trace.picture[..., 0])
    assert np.array_equal(template, trace.template[..., 0])
    panel = head(page)["panels"][2]
    np.testing.assert_allclose(scores, trace.scores, rtol=1e-6, atol=0.51 * 10.0 ** -panel["decimals"])
    tall, wide = trace.template.shape[:2]
    assert panel["offset"] == [(tall - 1) / 2, (wide - 1) / 2]
    window, product = array(page, 0, 1), array(page, -1, 1)
    assert window.shape == product.shape == (tall, wide)


@pytest.mark.parametrize("preset", MATCHING_PRESETS, ids=lambda preset: preset.name)
def test_an_example_opens_as_its_link_says(preset: Preset) -> None:
    page = opened("&".join(f"{name}={text}" for name, text in preset.state.items()))
    assert not page.exception and not page.warning and not page.error
    assert url(page) == dict(preset.state)
    assert any(preset.note in text.value for text in page.markdown)


@pytest.mark.parametrize(
    "link", ["score=best", "ch=red", "box=1.2.3", "box=0.0.500.4", "turn=181", "size=10", "n=0", "th=101", "from=dog"]
)
def test_a_bad_value_is_named_and_the_rest_stays(link: str) -> None:
    page = opened(f"{link}&ov=50&img=cat")
    (warning,) = page.warning
    assert warning.value.endswith("now.")
    assert url(page) == {"img": "cat", "ov": "50"}


def test_the_viewers_controls_become_the_state() -> None:
    page = answered(opened("img=cat"), 1, set={"score": "ssd", "turn": "15", "th": "40"})
    assert url(page) == {"img": "cat", "score": "ssd", "turn": "15", "th": "40"}
    assert titles(page)[2] == "Score map: squared differences"
    page = answered(page, 2, set={"ch": "colour"})
    assert head(page)["panels"][0]["kind"] == "rgb"


def test_a_drawn_rectangle_is_the_template() -> None:
    page = answered(opened("img=cat&at=3.4"), 1, box=[0, 100, 120, 30, 40])
    assert url(page) == {"img": "cat", "box": "100.120.30.40"}
    assert head(page)["panels"][1]["size"] == [30, 40]


def test_a_rectangle_that_is_too_large_keeps_its_middle_and_says_so() -> None:
    page = answered(opened("img=cat"), 1, box=[0, 0, 0, 300, 451])
    assert url(page) == {"img": "cat", "box": "86.161.128.128"}
    assert any("at most 128×128" in info.value for info in page.info)


def test_a_rectangle_outside_is_moved_inside() -> None:
    page = opened("img=cat&box=290.440.30.30")
    assert any("moved inside" in info.value for info in page.info)
    assert head(page)["panels"][1]["size"] == [30, 30]


def test_a_click_looks_at_a_window() -> None:
    page = answered(opened("img=cat"), 1, click=[2, 12, 40])
    assert url(page) == {"img": "cat", "at": "12.40"}
    assert marks(page)[-1][:4] == [12, 40, 64, 64]
    window = array(page, 0, 1)
    grey = np.asarray(Image.fromarray(sample("cat").pixels).convert("L"))[12:76, 40:104] / 255
    np.testing.assert_allclose(window, grey - grey.mean(), atol=1e-4)
    page = answered(page, 2, click=[0, 43, 71])  # the window whose middle was clicked
    assert url(page) == {"img": "cat", "at": "12.40"}
    page = answered(page, 3, click=[0, 299, 450])
    assert marks(page)[-1][:2] == [300 - 64, 451 - 64]


def test_the_template_comes_from_another_picture() -> None:
    page = opened("img=camera&from=digits&box=0.84.28.28")
    assert titles(page) == ["Picture", "Template’s picture", "Template", "Score map: NCC"]
    panels = head(page)["panels"]
    assert [panel["drag"] for panel in panels] == [False, True, False, False]
    assert panels[2]["size"] == [28, 28]
    page = answered(page, 1, box=[1, 28, 56, 28, 28])
    assert url(page) == {"img": "camera", "from": "digits", "box": "28.56.28.28"}
    page.selectbox(key="matching_source").set_value("").run()
    assert url(page) == {"img": "camera"}  # the rectangle belonged to the other picture


def test_another_picture_starts_with_its_own_patch() -> None:
    page = opened("img=cat&box=10.10.20.20&at=5.5")
    page.selectbox(key="matching_picture").set_value("rocket").run()
    assert url(page) == {"img": "rocket"}
    assert head(page)["panels"][1]["size"] == list(PATCHES["rocket"][2:])


def test_numbers_make_the_rectangle_too() -> None:
    page = opened("img=cat")
    assert [page.number_input(key=f"matching_box_{side}").value for side in range(4)] == list(PATCHES["cat"])
    page.number_input(key="matching_box_2").set_value(20).run()
    assert url(page) == {"img": "cat", "box": "80.138.20.64"}


def test_what_cannot_be_computed_is_explained_and_can_be_mended() -> None:
    page = opened("img=shapes&box=90.0.8.8")
    (error,) = page.error
    assert "one single colour" in error.value
    assert titles(page) == ["Picture", "Template"]
    page = answered(page, 1, set={"score": "ssd"})
    assert not page.error and len(titles(page)) == 3


def test_an_own_picture_is_searched() -> None:
    mine = np.random.default_rng(1).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(mine).save(file, "PNG")
    page = opened()
    page.file_uploader[0].set_value(("x.png", file.getvalue(), "image/png"))
    page = page.run()
    assert not page.error
    assert [panel["size"] for panel in head(page)["panels"]] == [[20, 30], [5, 5], [16, 26]]
    page = answered(page, 1, set={"from": "", "size": "200"})
    assert head(page)["panels"][1]["size"] == [10, 10]
    page.selectbox(key="matching_source").set_value("cat").run()
    (error,) = page.error
    assert "no window fits" in error.value


def test_the_curve_follows_its_choice() -> None:
    page = opened("img=cat")
    page.segmented_control(key="matching_against").set_value("size").run()
    assert url(page) == {"img": "cat", "vs": "size"}
    assert any("scale-invariant" in text.value for text in page.markdown)


def test_the_lecture_is_one_link_away() -> None:
    page = opened()
    assert len(page.get("page_link")) == 3


def test_found_digits_are_named() -> None:
    page = opened("img=digits&box=0.196.28.28&n=20&th=61")
    assert any("7, 7, 7, 7, 7, 7, 7, 7." in text.value for text in page.markdown)
