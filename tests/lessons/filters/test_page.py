"""The Filters lesson without a browser: links, controls, clicks, the kernel's editor and the stage in it."""

from __future__ import annotations

import io
import json
import zlib
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnnviz.engine.pictures.samples import sample
from cnnviz.lessons.filters.examples import FILTERS_PRESETS
from cnnviz.lessons.filters.spec import FiltersSpec
from cnnviz.lessons.filters.trace import picture_planes, trace_filter
from cnnviz.state.preset import Preset
from tests.ui import pictures
from tests.ui.lesson import opened_in_the_app, url
from tests.ui.pictures import array, controls, head, titles

opened = partial(opened_in_the_app, "filters")
answered = partial(pictures.answered, "filters")


def stage_pack(page: AppTest) -> dict[str, Any]:
    """What the stage below gets."""
    found = next(part for part in page.get("bidi_component") if part.proto.component_name == "cnnviz_stage")
    return dict(json.loads(zlib.decompress(found.proto.bytes)))


def result(name: str, link: dict[str, str]) -> np.ndarray:
    spec, _ = FiltersSpec.from_query(link)
    return trace_filter(picture_planes(sample(name).pixels, colour=spec.is_colour), spec).result


def test_the_page_opens_with_a_filtered_picture() -> None:
    page = opened()
    assert [header.value for header in page.header] == ["Filters"]
    assert titles(page) == ["Astronaut, grey", "Sobel, columns", "Kernel"]
    assert np.array_equal(array(page, 1), result("astronaut", {})[0])
    assert array(page, 2).tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert url(page) == {}


@pytest.mark.parametrize("preset", FILTERS_PRESETS, ids=lambda preset: preset.name)
def test_an_example_opens_as_its_link_says(preset: Preset) -> None:
    page = opened("&".join(f"{name}={text}" for name, text in preset.state.items()))
    assert url(page) == dict(preset.state)
    assert not page.warning and not page.error
    assert any(preset.note in text.value for text in page.markdown)


@pytest.mark.parametrize(
    "link",
    ["k=sobel", "k=box-99", "k=1+x", "ke=9", "s=0", "d=99", "p=some", "pn=99", "mode=mirror", "c=red", "b=999", "b=x",
     "kind=x", "con=0", "view=x", "at=x", "ch=3", "z=1", "n=1", "sigma=99"],
)  # fmt: skip
def test_a_bad_value_is_named_and_the_rest_stays(link: str) -> None:
    page = opened(f"{link}&relu=1&img=cat")
    (warning,) = page.warning
    assert warning.value.endswith("now.")
    assert url(page) == {"img": "cat", "relu": "1"}


def test_the_viewers_controls_become_the_state() -> None:
    page = opened("img=cat&k=gaussian")
    assert {"n", "sigma", "s", "d", "b", "relu", "flip", "p", "c", "kind"} <= set(controls(page))
    page = answered(page, 1, set={"n": "9", "sigma": "2.5", "s": "2", "p": "same"})
    link = {"k": "gaussian-9-2.5", "s": "2", "p": "same"}
    assert url(page) == {"img": "cat", **link}
    assert titles(page)[1] == "Gaussian 9×9, σ = 2.5"
    assert np.allclose(array(page, 1), result("cat", link)[0], atol=0.006)
    assert "mode" in controls(page) and "con" not in controls(page)
    page = answered(page, 2, set={"p": "hand"})
    assert "pn" in controls(page)


def test_the_result_lies_over_the_picture() -> None:
    told = head(opened("k=box-5&s=2&p=full"))["panels"][1]
    assert told["step"] == [2, 2]
    assert told["offset"] == [-2.5, -2.5]


def test_the_scale_of_a_signed_map_is_fixed_at_zero_and_keeps_still_under_a_bias() -> None:
    plain, moved = (head(opened(link))["panels"][1] for link in ("", "b=-40"))
    assert plain["low"] == -plain["high"]
    assert moved["high"] == pytest.approx(plain["high"], rel=0.1)
    assert head(opened("con=4"))["panels"][1]["high"] == pytest.approx(plain["high"] / 4)


def test_colour_is_filtered_channel_by_channel() -> None:
    page = opened("img=shapes&c=colour&k=box-5")
    assert (titles(page)[0], len(titles(page))) == ("Coloured shapes", 3)
    wanted = np.moveaxis(result("shapes", {"c": "colour", "k": "box-5"}), 0, 2)
    assert np.allclose(array(page, 1), wanted, atol=0.006)
    signed = opened("img=shapes&c=colour&k=laplacian")
    assert [title.split(":")[0] for title in titles(signed)] == ["Coloured shapes", "Red", "Green", "Blue", "Kernel"]


def test_a_click_explains_the_pixel_on_the_stage() -> None:
    page = answered(opened("img=camera"), 1, click=[1, 104, 164])
    assert url(page) == {"img": "camera", "at": "104.164"}
    assert titles(page, 1) == ["Pixels", "Weights", "Products"]
    value = int(result("camera", {})[0, 104, 164])
    assert array(page, 2, 1).sum() == value
    assert any(f"is **{value}**".replace("-", "−") in text.value for text in page.markdown)
    assert any(rf"= {value}\end" in text.value for text in page.latex)
    pack = stage_pack(page)
    assert pack["state"]["at"] == "output.1.1" and pack["home"] == "convolution"
    links = [part.proto for part in page.get("page_link")]
    assert [link.label for link in links] == ["Convolution page"]
    assert dict(parse_qsl(links[0].query_string))["at"] == "output.1.1"


def test_a_click_on_a_channels_map_chooses_the_channel() -> None:
    page = answered(opened("img=shapes&c=colour&k=laplacian"), 1, click=[2, 40, 41])
    assert url(page) == {"img": "shapes", "c": "colour", "k": "laplacian", "at": "40.41", "ch": "1"}
    assert titles(page, 1)[0] == "Pixels, green"
    assert [part.proto.label for part in page.get("page_link")] == ["Convolution page", "All three channels"]


def test_what_the_stage_cannot_hold_is_said() -> None:
    page = opened("k=box-9&at=40.40")
    assert any("The stage holds kernels up to 7×7" in text.value for text in page.caption)
    assert not page.get("page_link")


def test_the_stage_below_keeps_what_is_done_on_it_until_another_pixel_is_chosen() -> None:
    page = opened("img=camera&at=104.164")
    page.session_state["filters_stage"] = {"commit": {"seq": 1, "state": {"n": "6"}, "edits": [["input", 0, 0, "9"]]}}
    page = page.run()
    pack = stage_pack(page)
    assert pack["state"] == {"n": "6", "xe": "0.0 9"} and pack["seq"] == 1
    assert url(page) == {"img": "camera", "at": "104.164"}
    page = answered(page, 1, click=[1, 50, 50])
    pack = stage_pack(page)
    assert pack["state"]["at"] == "output.1.1" and pack["seq"] == 1


def test_the_kernel_is_chosen_typed_and_changed_cell_by_cell() -> None:
    page = opened("img=cat&s=2")
    page.selectbox(key="filters_kernel").set_value("laplacian").run()
    assert url(page) == {"img": "cat", "s": "2", "k": "laplacian"}
    page.text_area(key="filters_rows").set_value("0 1 0\n1 -5 1\n0 1 0").run()
    assert url(page) == {"img": "cat", "s": "2", "k": "laplacian", "ke": "1.1 -5"}
    assert array(page, 2)[1, 1] == -5
    page = answered(page, 1, click=[2, 0, 0])
    page.text_input(key="filters_weight").set_value("1/2").run()
    assert url(page)["ke"] == "0.0 0.5_1.1 -5"
    page.text_area(key="filters_rows").set_value("1 2 3 4").run()
    assert url(page) == {"img": "cat", "s": "2", "k": "1 2 3 4"}
    assert page.selectbox(key="filters_kernel").value == "custom"
    page.text_area(key="filters_rows").set_value("1 2\n3").run()
    assert [error.value for error in page.error] == ["The rows must be equally long: one has 1 numbers, another 2."]
    assert url(page)["k"] == "1 2 3 4"


def test_a_weight_of_a_turned_kernel_is_the_one_that_was_clicked() -> None:
    page = answered(opened("k=1+2_3+4&flip=1"), 1, click=[2, 0, 0])
    assert page.text_input(key="filters_weight").value == "4"


def test_a_kernel_that_does_not_fit_says_so_and_keeps_its_controls() -> None:
    file = io.BytesIO()
    Image.fromarray(np.zeros((6, 5, 3), np.uint8)).save(file, "PNG")
    page = opened("k=box-9")
    page.file_uploader[0].set_value(("x.png", file.getvalue(), "image/png"))
    page = page.run()
    (error,) = page.error
    assert "kernel" in error.value.lower()
    assert "n" in controls(page)
    page = answered(page, 1, set={"view": "borders"})
    assert "known pixels beyond the border" in page.error[0].value
    page = answered(page, 2, set={"view": "filter", "p": "same"})
    assert not page.error


def test_the_four_borders_are_compared() -> None:
    page = opened("img=camera&k=box-5&view=borders")
    assert titles(page) == ["The middle", "Truth", "Zeros", "Reflect", "Replicate", "Circular"]
    assert list(controls(page)) == ["view", "n", "d", "b", "relu", "err"]
    assert any("| Replicate |" in text.value for text in page.markdown)
    page = answered(page, 1, set={"err": "1"})
    assert titles(page)[2:] == ["Zeros: error", "Reflect: error", "Replicate: error", "Circular: error"]
    assert array(page, 3)[100, 100] == 0
