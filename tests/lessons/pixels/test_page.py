"""The Pixels lesson without a browser: links, the viewer's answers, and the picture that stays chosen."""

from __future__ import annotations

import io
from functools import partial

import numpy as np
import pytest
from PIL import Image

from cnnviz.engine.pictures.gallery import DEFAULT_SAMPLE, SAMPLES
from cnnviz.engine.pictures.samples import sample
from cnnviz.lessons.pixels.examples import PIXELS_PRESETS
from cnnviz.state.preset import Preset
from tests.ui import pictures
from tests.ui.lesson import opened_in_the_app, url
from tests.ui.pictures import array, head, titles

opened = partial(opened_in_the_app, "pixels")
answered = partial(pictures.answered, "pixels")


def test_the_page_opens_with_a_picture() -> None:
    page = opened()
    assert [header.value for header in page.header] == ["Pixels"]
    assert titles(page) == ["Astronaut"]
    assert np.array_equal(array(page), sample(DEFAULT_SAMPLE).pixels)
    assert url(page) == {}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_link_names_its_picture(name: str) -> None:
    page = opened(f"img={name}")
    assert titles(page) == [SAMPLES[name].title]
    assert SAMPLES[name].alt in head(page)["panels"][0]["alt"]
    assert url(page) == ({} if name == DEFAULT_SAMPLE else {"img": name})


@pytest.mark.parametrize("name", ["", "dog", "../../etc/passwd", "<script>", "own", "a" * 500, "\x00"])
def test_a_link_with_no_such_picture_says_so(name: str) -> None:
    page = opened(f"img={name}")
    assert titles(page) == ["Astronaut"]
    (warning,) = page.warning
    assert "there is no sample picture of that name" in warning.value
    assert url(page) == {}
    assert not page.run().warning


@pytest.mark.parametrize("preset", PIXELS_PRESETS, ids=lambda preset: preset.name)
def test_an_example_opens_as_its_link_says(preset: Preset) -> None:
    page = opened("&".join(f"{name}={text}" for name, text in preset.state.items()))
    assert url(page) == dict(preset.state)
    assert not page.warning
    assert any(preset.note in text.value for text in page.markdown)


def test_an_example_is_chosen_on_the_page() -> None:
    page = opened("scale=sign")
    (example,) = [box for box in page.selectbox if box.label == "Example"]
    assert example.value is None
    example.set_value("channels").run()
    assert url(page) == {"img": "shapes", "ch": "both"}
    assert titles(page) == ["Coloured shapes", "Red channel", "Green channel", "Blue channel"]


@pytest.mark.parametrize("link", ["scale=percent", "n=0", "n=9999", "at=x", "z=1", "order=whc", "ch=2", "tint=maybe"])
def test_a_bad_value_is_named_and_the_rest_stays(link: str) -> None:
    page = opened(f"{link}&over=all&img=cat")
    (warning,) = page.warning
    assert warning.value.endswith("now.")
    assert url(page) == {"img": "cat", "over": "all"}


def test_the_viewers_controls_become_the_state() -> None:
    page = answered(opened("img=cat"), 1, set={"scale": "sign", "ch": "apart"})
    assert url(page) == {"img": "cat", "scale": "sign", "ch": "apart"}
    assert head(page)["seq"] == 1
    assert titles(page) == ["Red channel", "Green channel", "Blue channel"]
    page = answered(page, 2, set={"scale": "byte"})
    assert url(page) == {"img": "cat", "ch": "apart"}


def test_an_answer_counts_once() -> None:
    page = answered(opened(), 1, set={"scale": "sign"})
    page.query_params["scale"] = "unit"
    page = page.run()
    assert url(page) == {"scale": "unit"}


def test_a_click_marks_a_pixel() -> None:
    page = answered(opened("img=cat"), 1, click=[0, 12, 40])
    assert url(page) == {"img": "cat", "at": "12.40"}
    assert head(page)["panels"][0]["marks"][0][:4] == [12, 40, 2, 3]
    page = answered(page, 2, click=[0, 19_999, 19_999])
    assert head(page)["panels"][0]["marks"][0][:2] == [298, 448]


def test_the_numbers_follow_the_scale() -> None:
    page = opened("scale=unit")
    words = head(page)["panels"][0]["words"]
    assert (words[0][0], words[0][255], words[2][51]) == ("0", "1", "0.2")


def test_what_the_browser_has_is_not_sent_again() -> None:
    page = opened()
    panel = head(page)["panels"][0]
    page = answered(page, 1, have=[panel["digest"]], set={"scale": "sign"})
    assert head(page)["panels"][0]["length"] == 0


def test_an_own_picture_is_chosen_and_stays_on_other_pages() -> None:
    mine = np.random.default_rng(1).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(mine).save(file, "PNG")
    page = opened("img=cat")
    page.file_uploader[0].set_value(("x.png", file.getvalue(), "image/png"))
    page = page.run()
    assert titles(page) == ["Your picture"]
    assert url(page) == {}
    assert np.array_equal(array(page), mine)
    page = page.switch_page("../../pages/lectures.py").run()
    page = page.switch_page("../../pages/pixels.py").run()
    assert titles(page) == ["Your picture"]
    page.selectbox(key="pixels_picture").set_value("coffee").run()
    assert (titles(page), url(page)) == (["Coffee"], {"img": "coffee"})
    page.selectbox(key="pixels_picture").set_value("own").run()
    assert (titles(page), url(page)) == (["Your picture"], {})
    page.query_params["img"] = "brick"
    page = page.run()
    assert titles(page) == ["Brick wall"]


def test_the_sample_follows_to_other_pages_and_back() -> None:
    page = opened("img=cat")
    page = page.switch_page("../../pages/lectures.py").run()
    page.query_params.clear()
    page = page.switch_page("../../pages/pixels.py").run()
    assert (titles(page), url(page)) == (["Cat"], {"img": "cat"})


def test_the_order_changes_the_shape_and_the_strip() -> None:
    page = opened("img=cat&order=nchw&n=4")
    assert any("4 × 3 × 300 × 451" in text.value for text in page.markdown)
    strips = [element.proto.body for element in page.get("html")]
    assert any('class="cnp"' in strip and strip.count("<b>R</b>") == 6 for strip in strips)
