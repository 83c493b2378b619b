"""The Translation lesson without a browser: its three views, links, the viewer's answers, clicks."""

from __future__ import annotations

import json
from functools import partial

import numpy as np
import pytest

from cnnviz.engine.pictures.grey import luma
from cnnviz.engine.pictures.samples import sample
from cnnviz.lessons.translation.examples import TRANSLATION_PRESETS
from cnnviz.lessons.translation.spec import TranslationSpec
from cnnviz.lessons.translation.trace import trace_move
from cnnviz.lessons.translation.trace_stride import trace_stride
from cnnviz.state.preset import Preset
from tests.ui import pictures
from tests.ui.lesson import opened_in_the_app, url
from tests.ui.pictures import array, controls, head, titles

opened = partial(opened_in_the_app, "translation")
answered = partial(pictures.answered, "translation")


def test_the_page_opens_with_both_paths() -> None:
    page = opened()
    assert [header.value for header in page.header] == ["Translation"]
    assert titles(page) == ["Picture", "A: filter, move", "B: move, filter", "B − A"]
    assert "no difference in any of" in head(page)["note"]
    assert url(page) == {}


@pytest.mark.parametrize("preset", TRANSLATION_PRESETS, ids=lambda preset: preset.name)
def test_an_example_opens_as_its_link_says(preset: Preset) -> None:
    page = opened("&".join(f"{name}={text}" for name, text in preset.state.items()))
    assert url(page) == dict(preset.state)
    assert not page.warning
    assert not page.error
    assert any(preset.note in text.value for text in page.markdown)


def test_an_example_of_the_digits_whatever_picture_was_chosen() -> None:
    page = opened("img=cat&right=3")
    (example,) = [box for box in page.selectbox if box.label == "Example"]
    example.set_value("template-moved").run()
    assert {name: text for name, text in url(page).items() if name != "img"} == {
        "view": "template", "hand": "1", "dx": "4",
    }  # fmt: skip
    assert any("the dense score collapses" in text.value for text in page.markdown)


@pytest.mark.parametrize(
    "link", ["view=mlp", "right=99", "part=0.3", "turn=7", "zoom=10", "mode=wrap", "s=9", "blur=2", "at=x", "digit=a"]
)
def test_a_bad_value_is_named_and_the_rest_stays(link: str) -> None:
    page = opened(f"{link}&down=2&img=cat")
    (warning,) = page.warning
    assert warning.value.endswith("now.")
    assert url(page) == {"img": "cat", "down": "2"}


def test_the_panels_hold_the_engines_numbers() -> None:
    page = opened("img=cat&mode=zeros&right=20&k=laplacian")
    grey = luma(sample("cat").pixels)
    spec, _ = TranslationSpec.from_query({"mode": "zeros", "right": "20", "k": "laplacian"})
    trace = trace_move(grey, spec)
    wanted = (grey, trace.moved_after, trace.moved_before, trace.difference)
    for index, numbers in enumerate(wanted):
        np.testing.assert_array_equal(array(page, index), numbers)


def test_the_viewers_controls_become_the_state() -> None:
    page = answered(opened("img=cat"), 1, set={"right": "-5", "turn": "90", "mode": "reflect"})
    assert url(page) == {"img": "cat", "right": "-5", "turn": "90", "mode": "reflect"}
    page = answered(page, 2, set={"view": "stride"})
    assert list(controls(page)) == ["view", "layer", "s", "t", "way", "blur"]
    page = answered(page, 3, set={"layer": "max", "w": "3", "s": "4"})
    assert list(controls(page)) == ["view", "layer", "w", "s", "t", "way", "blur"]
    assert titles(page)[1] == "A: shrink, move"
    assert head(page)["panels"][1]["step"] == [4, 4]
    page = answered(page, 4, set={"view": "template", "dx": "4"})
    assert titles(page) == ["Digit", "Moved", "Still: w · x", "Sliding"]
    assert list(controls(page)) == ["view", "dx", "dy", "digit", "hand"]


def test_a_stride_shows_the_engines_numbers() -> None:
    page = opened("img=stripes&view=stride&k=identity&s=4")
    spec, _ = TranslationSpec.from_query({"view": "stride", "k": "identity", "s": "4"})
    trace = trace_stride(luma(sample("stripes").pixels), spec)
    np.testing.assert_allclose(array(page, 3), trace.difference, atol=0.006)
    (chart,) = page.get("plotly_chart")
    assert [line["name"] for line in json.loads(chart.proto.spec)["data"]] == ["no blur", "blur 5×5"]
    assert any("other pixels are kept" in text.value for text in page.markdown)


def test_a_kernel_is_chosen_and_resized() -> None:
    page = opened("img=cat")
    page.selectbox(key="translation_kernel").set_value("box").run()
    assert url(page) == {"img": "cat", "k": "box"}
    page = answered(page, 1, set={"n": "9"})
    assert url(page) == {"img": "cat", "k": "box-9"}
    page = opened("k=1 -2_3 4")
    assert page.selectbox(key="translation_kernel").value == "custom"


def test_a_click_writes_a_pixel_out() -> None:
    page = answered(opened("img=cat&mode=zeros"), 1, click=[3, 12, 40])
    assert url(page) == {"img": "cat", "mode": "zeros", "at": "12.40"}
    assert "B_{12,40} - A_{12,40}" in page.latex[0].value
    assert head(page)["panels"][2]["marks"][0][:2] == [12, 40]
    page = answered(page, 2, click=[3, 19_999, 19_999])
    assert "B_{299,450}" in page.latex[0].value


def test_the_sliding_template_finds_the_digit_again() -> None:
    page = opened("view=template&digit=7&dx=5")
    texts = [text.value for text in page.markdown]
    assert any(
        "answer **0** (wrong); ten sliding templates, each with its maximum, answer **7**" in one for one in texts
    )
    assert len(page.get("plotly_chart")) == 2
    assert [mark[:2] for mark in head(page)["panels"][3]["marks"]] == [[14, 14], [14, 19]]


def test_what_cannot_be_computed_is_said() -> None:
    page = opened("img=cat&view=stride")
    assert not page.error
    code = page.code[0].value
    assert 'Image.open("picture.png")' in code
