"""The Augmentation lesson without a browser: links, controls, clicks on the sheet, rectangles, own pictures."""

from __future__ import annotations

import io
from functools import partial

import numpy as np
import pytest
from PIL import Image

from cnnviz.engine.pictures.samples import sample
from cnnviz.lessons.augmentation.examples import AUGMENT_PRESETS
from cnnviz.lessons.augmentation.spec import TASKS, AugmentSpec
from cnnviz.lessons.augmentation.spec_ops import OPS
from cnnviz.lessons.augmentation.trace import trace_augment
from cnnviz.lessons.augmentation.trace_cases import digit_pixels
from cnnviz.state.preset import Preset
from tests.ui import pictures
from tests.ui.lesson import opened_in_the_app, url
from tests.ui.pictures import by_title, controls, head, titles

opened = partial(opened_in_the_app, "augmentation")
answered = partial(pictures.answered, "augmentation")


def test_the_page_opens_with_a_sheet() -> None:
    page = opened()
    assert [header.value for header in page.header] == ["Augmentation"]
    assert titles(page) == ["Picture", "Variant 1", "16 variants, seed 0"]
    assert url(page) == {}
    shown, trace = by_title(page), trace_augment(sample("astronaut").pixels, AugmentSpec())
    assert trace.sheet
    assert np.array_equal(shown["Picture"], sample("astronaut").pixels)
    assert np.array_equal(shown["Variant 1"], trace.variant)
    assert np.array_equal(shown["16 variants, seed 0"], trace.sheet.array)


@pytest.mark.parametrize("preset", AUGMENT_PRESETS, ids=lambda preset: preset.name)
def test_an_example_opens_as_its_link_says(preset: Preset) -> None:
    page = opened("&".join(f"{name}={text}" for name, text in preset.state.items()))
    assert url(page) == dict(preset.state)
    assert not page.warning
    assert any(preset.note in text.value for text in page.markdown)


@pytest.mark.parametrize(
    "link",
    [
        *("view=wall", "rotate=200", "rotate=7", "noise=x", "one=spin", "seed=100", "n=12", "pick=25", "border=none"),
        *("with=dog", "digit=10", "box=1.2.3", "also=yes", "task=horse", "z=1", "rung=5"),
    ],
)
def test_a_bad_value_is_named_and_the_rest_stays(link: str) -> None:
    page = opened(f"{link}&on=rotate.blur&img=cat")
    (warning,) = page.warning
    assert warning.value.endswith("now.")
    assert url(page) == {"img": "cat", "on": "rotate.blur"}


def test_an_unknown_augmentation_is_named() -> None:
    page = opened("on=rotate.spin&img=cat")
    (warning,) = page.warning
    assert "there is no “spin”" in warning.value
    assert url(page) == {"img": "cat"}


@pytest.mark.parametrize("name", OPS)
def test_each_augmentation_is_switched_and_set(name: str) -> None:
    page = answered(opened("img=cat&on=none"), 1, set={f"on-{name}": "1"})
    assert url(page) == {"img": "cat", "on": name}
    assert name in controls(page)
    value = f"{OPS[name].high:g}"
    page = answered(page, 2, set={name: value})
    assert url(page) == {"img": "cat", "on": name, name: value}
    page = answered(page, 3, set={f"on-{name}": "0"})
    assert url(page) == {"img": "cat", "on": "none", name: value}
    assert name not in controls(page)


def test_a_click_on_the_sheet_chooses_a_variant() -> None:
    page = opened("img=cat")
    trace = trace_augment(sample("cat").pixels, AugmentSpec())
    assert trace.sheet
    row, column, *_ = trace.sheet.layout.place(6)
    page = answered(page, 1, click=[2, row + 3, column + 3])
    assert url(page) == {"img": "cat", "pick": "6"}
    assert titles(page)[1] == "Variant 7"
    assert head(page)["panels"][2]["marks"][0][:2] == [row, column]
    again = trace_augment(sample("cat").pixels, AugmentSpec(pick=6))
    assert np.array_equal(by_title(page)["Variant 7"], again.variant)


def test_a_click_far_outside_does_no_harm() -> None:
    page = answered(opened("img=cat"), 1, click=[2, 19_999, 19_999])
    assert url(page) == {"img": "cat", "pick": "15"}


def test_a_rectangle_is_marked_and_moves_along() -> None:
    page = answered(opened("img=cat&on=hflip&hflip=100"), 1, box=[0, 10, 20, 30, 40])
    assert url(page)["box"] == "10.20.30.40"
    first, second, _ = head(page)["panels"]
    assert first["marks"][0][:4] == [10, 20, 30, 40]
    assert second["marks"][0][:4] == [10, 451 - 20 - 40, 30, 40]


def test_the_fourth_picture() -> None:
    assert titles(opened("also=diff"))[2] == "Difference"
    page = opened("also=mask&on=hflip&hflip=100&box=0.0.10.10&img=cat")
    mask = by_title(page)["Mask, moved along"]
    assert mask.sum() == 100
    assert mask[:10, 441:].all()


def test_the_ladder_has_five_steps_and_a_click_chooses_one() -> None:
    page = opened("view=ladder&one=hue&hue=180&img=cat")
    assert titles(page) == ["Picture", "Hue +45°", "Hue +90°", "Hue +135°", "Hue +180°"]
    assert set(controls(page)) == {"view", "one", "hue"}
    page = answered(page, 1, click=[2, 5, 5])
    assert url(page)["rung"] == "2"
    assert head(page)["panels"][2]["marks"]


def test_a_second_picture_is_mixed_in() -> None:
    page = opened("img=cat&on=mix")
    assert titles(page)[2] == "Second"
    assert by_title(page)["Second"].shape == (300, 451, 3)
    (second,) = [box for box in page.selectbox if box.label == "Second picture"]
    page = second.set_value("rocket").run()
    assert url(page) == {"img": "cat", "on": "mix", "with": "rocket"}
    assert any("Rocket" in formula.value for formula in page.latex)
    assert not [box for box in opened("img=cat").selectbox if box.label == "Second picture"]


def test_of_the_digits_one_is_shown() -> None:
    page = opened("img=digits&on=rotate&digit=2")
    assert np.array_equal(by_title(page)["Picture"], digit_pixels(2))
    page = answered(page, 1, set={"digit": "7"})
    assert np.array_equal(by_title(page)["Picture"], digit_pixels(7))
    assert "digit" not in controls(opened("img=cat"))


@pytest.mark.parametrize("task", TASKS)
def test_each_task_is_shown_on_a_sample(task: str) -> None:
    page = opened("on=rotate.hflip.hue&rotate=180&hue=120")
    (choice,) = [box for box in page.selectbox if box.label == "See it on a sample"]
    page = choice.set_value(task).run()
    assert url(page).get("task", "digit") == task  # the digits are shown first
    (case,) = [element.proto.body for element in page.get("html") if 'class="cna"' in element.proto.body]
    assert case.count("<img") == case.count('alt="') >= 2


def test_nothing_on_is_said() -> None:
    page = opened("on=none")
    assert any("Nothing is on" in text.value for text in page.markdown)
    assert any("nothing can break" in text.value for text in page.markdown)


def test_a_grey_picture_gets_grey_noise() -> None:
    noisy = by_title(opened("img=camera&on=noise"))["Variant 1"]
    assert np.array_equal(noisy[..., 0], noisy[..., 2])


def test_an_own_picture_is_augmented() -> None:
    mine = np.random.default_rng(1).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(mine).save(file, "PNG")
    page = opened("on=vflip&vflip=100")
    page.file_uploader[0].set_value(("x.png", file.getvalue(), "image/png"))
    page = page.run()
    shown = by_title(page)
    assert np.array_equal(shown["Picture"], mine)
    assert np.array_equal(shown["Variant 1"], mine[::-1])
    assert url(page) == {"on": "vflip", "vflip": "100"}


def test_the_code_stands_below_and_can_be_saved() -> None:
    page = opened("on=rotate.mix")
    codes = [code.value for code in page.code]
    assert "picture.png" in codes[0] and "second.png" in codes[0]
    assert "v2.RandomAffine" in codes[1]
    assert "BoundingBoxes" in codes[2]
    assert "Beta" in codes[3]
    assert [button.proto.label for button in page.get("download_button")] == ["Save this code"]
