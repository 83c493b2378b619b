"""The Receptive field page without a browser: links, what is chosen, clicks, and the network of another page."""

from __future__ import annotations

import json
import random
import string
from functools import partial
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.figures.codes import Codes, decode
from cnnviz.figures.panels import unwrap
from cnnviz.lessons.receptive_field.examples import RECEPTIVE_FIELD_PRESETS
from cnnviz.lessons.receptive_field.trace import exact_field
from cnnviz.state.network_choice import pack_code
from tests.serving import ROOT
from tests.ui.lesson import box, opened_alone, url, words

VIEWER = "receptive_field_viewer"

page = partial(opened_alone, "receptive_field")


def head(app: AppTest) -> dict[str, Any]:
    assert not app.exception, app.exception
    (viewer,) = app.get("bidi_component")
    return unwrap(viewer.proto.bytes)[0]


def panel(app: AppTest, index: int) -> np.ndarray:
    (viewer,) = app.get("bidi_component")
    told, bodies = unwrap(viewer.proto.bytes)
    one = told["panels"][index]
    return decode(Codes(bodies[index], one["bytes"], one["decimals"], one["channels"]), tuple(one["size"]))


def answered(app: AppTest, seq: int, **answer: Any) -> AppTest:
    app.session_state[VIEWER] = {"answer": {"seq": seq, "set": {}, "have": [], **answer}}
    app.run()
    assert not app.exception, app.exception
    return app


def test_it_opens_on_a_small_network_with_three_pictures() -> None:
    app = page()
    assert [one["title"] for one in head(app)["panels"]][:2] == ["The network’s input", "What the unit sees"]
    assert len(head(app)["panels"]) == 3
    assert url(app) == {"net": "resnet18", "layer": "layer2.1.conv2"}
    assert not app.warning


@pytest.mark.parametrize("preset", RECEPTIVE_FIELD_PRESETS, ids=lambda preset: preset.name)
def test_every_example_opens_and_stands_as_written(preset) -> None:
    app = page(urlencode(dict(preset.state)))
    assert url(app) == dict(preset.state)
    assert not app.warning
    assert preset.title in words(app)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_network_is_drawn_or_says_why_not(name) -> None:
    app = page(f"net={name}&more=none")
    if name == "dcgan_generator":
        assert "no picture" in app.warning[0].value
        assert not app.get("bidi_component")
    else:
        assert len(head(app)["panels"]) == 2
        assert not app.warning


def test_the_second_picture_is_clear_where_the_field_is() -> None:
    app = page("net=vgg16&in=3.32.32&layer=features.2&at=3.20")
    seen, field = panel(app, 1), exact_field(ARCHITECTURES["vgg16"], "features.2", (3, 20), (3, 32, 32))
    assert np.array_equal(seen[field.mask], panel(app, 0)[field.mask])
    ways = panel(app, 2)
    assert np.array_equal(np.nan_to_num(ways), field.ways)
    assert field.box == (1, 18, 5, 5)


def test_the_unit_stays_over_its_place_while_the_layer_changes() -> None:
    app = page("net=vgg16&layer=features.2&at=30.200")
    box(app, "Layer").set_value("features.30").run()
    assert url(app) == {"net": "vgg16", "layer": "features.30", "at": "0.6"}
    box(app, "Layer").set_value("features.2").run()
    assert url(app)["at"] == "30.200"
    box(app, "Row of the unit").set_value(31).run()
    assert url(app)["at"] == "31.200"
    box(app, "Column of the unit").set_value(4).run()
    assert url(app)["at"] == "31.4"


def test_the_depth_slider_and_a_click_move_the_unit() -> None:
    app = answered(page("net=vgg16"), 1, set={"l": "1"})
    assert url(app) == {"net": "vgg16", "layer": "features.0"}
    app = answered(app, 2, click=[0, 10, 223])
    assert url(app)["at"] == "10.223"
    app = answered(app, 3, set={"l": "18"})
    assert url(app)["at"] == "0.6"
    app = answered(app, 4, set={"more": "effective"})
    assert head(app)["panels"][2]["title"] == "Effective field: gradient"
    assert "of the gradient" in words(app)


def test_the_effective_field_on_the_picture_and_with_trained_weights() -> None:
    app = page("net=digits_lenet&layer=conv2&more=effective")
    noise = panel(app, 2)
    control = next(one for one in head(app)["controls"] if one["name"] == "on")
    assert "trained" in json.dumps(control)
    app = answered(app, 1, set={"on": "picture"})
    assert url(app)["on"] == "picture"
    assert "with this picture as input" in words(app)
    assert not np.array_equal(noise, panel(app, 2))
    assert head(app)["panels"][1]["title"] == "What counts, over the picture"
    app = answered(app, 2, set={"on": "trained"})
    assert "with the trained weights" in words(app)
    box(app, "Network").set_value("lenet5").run()
    assert url(app)["on"] == "picture"
    app = page("net=vgg16&in=3.32.32&layer=features.2&more=effective&on=trained")
    assert "no trained weights" in app.warning[0].value
    assert url(app)["on"] == "picture"


def test_a_network_and_a_size_are_chosen() -> None:
    app = page("net=vgg16&layer=features.30&at=0.0")
    box(app, "Network").set_value("lenet5").run()
    assert url(app)["net"] == "lenet5"
    assert not app.warning
    box(app, "Network").set_value("resnet18").run()
    box(app, "Input").set_value("96").run()
    assert url(app)["in"] == "3.96.96"
    assert head(app)["panels"][0]["size"] == [96, 96]
    box(app, "Input").set_value("a lot").run()
    assert "not understood" in app.warning[0].value


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("net=vgg16&layer=nope", "no layer “nope”"),
        ("net=vgg16&layer=features.30&at=7.0", "unit 7.0"),
        ("net=vgg16&layer=features.30&at=here", "row.column"),
        ("net=vgg16&layer=classifier.0&at=3.4", "unit 3.4"),
        ("net=vgg99", "known networks"),
        ("net=resnet18&in=3.2000.100", "at most 640"),
        ("net=lenet5&in=1.20.20", "stops at c5"),
        ("net=resnet18&more=less", "choices are"),
        ("net=resnet18&l=x", "whole number"),
        (f"c={pack_code('nn.Sequential(nn.Conv1d(1, 2, 3))')}&in=1.50", "no picture"),
    ],
)
def test_bad_links_get_a_sentence(link, says) -> None:
    app = page(link)
    assert any(says in one.value for one in app.warning), [one.value for one in app.warning]
    assert all(one.value.endswith((".", "now.")) for one in app.warning)


def test_a_flat_layer_has_one_number() -> None:
    app = page("net=lenet5&layer=flatten&at=17")
    assert box(app, "Number of the unit").value == 17
    assert url(app)["at"] == "17"
    box(app, "Number of the unit").set_value(119).run()
    assert url(app)["at"] == "119"


@pytest.mark.parametrize("before", ["networks", "receptive_field"])
def test_the_network_of_the_page_before_is_followed(before) -> None:
    app = page("net=vgg16&layer=features.30&in=3.64.64")
    app.query_params.clear()
    app.session_state["_network_choice"] = "lenet5"
    app.session_state["_page"] = before
    app.run()
    assert not app.exception
    assert url(app) == {"net": "lenet5", "layer": "s4"}
    assert not app.warning


def test_long_code_lives_in_the_session_and_keeps_its_layer() -> None:
    code = "nn.Sequential(" + ", ".join(f"nn.Conv2d(3, 3, {1 + n % 7}, padding={n % 3})" for n in range(60)) + ")"
    app = AppTest.from_file(str(ROOT / "pages" / "receptive_field.py"), default_timeout=30)
    noise = "".join(random.Random(0).choices(string.ascii_letters, k=20_000))
    app.session_state["_network_code"] = f"{code}\n# {noise}"
    app.session_state["_network_choice"] = "own"
    app.run()
    assert box(app, "Network").value == "own"
    box(app, "Layer").set_value("4").run()
    assert not app.exception
    assert url(app) == {"layer": "4"}
    assert box(app, "Network").value == "own"
    assert not app.warning


def test_what_is_too_much_to_measure_says_so() -> None:
    code = "nn.Sequential(" + ", ".join(["nn.Conv2d(1, 1, 99, padding=49)"] * 4) + ")"
    app = page(f"in=1.600.600&more=effective&layer=3&c={pack_code(code)}")
    assert any("too long" in one.value for one in app.warning)
    assert len(head(app)["panels"]) == 2
