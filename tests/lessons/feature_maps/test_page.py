"""The Feature maps page without a browser: links, the wall's answers, what is off, and two pictures."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.engine.networks.seeing.maps import own_eyes, see
from cnnviz.engine.pictures.digits import digit
from cnnviz.lessons.feature_maps.examples import FEATURE_MAPS_PRESETS
from cnnviz.lessons.feature_maps.figure import unwrap
from tests.ui.lesson import box, opened_alone, url

page = partial(opened_alone, "feature_maps")

WALL = "feature_maps_wall"


def head(app: AppTest, label: str = "Feature maps") -> dict[str, Any]:
    assert not app.exception, app.exception
    for component in app.get("bidi_component"):
        if component.proto.component_name.endswith("cnnviz_maps"):
            told, _ = unwrap(component.proto.bytes)
            if told["label"] == label:
                return told
    raise AssertionError(f"there is no wall {label!r}")


def rows(app: AppTest) -> list[str]:
    return [row["title"] for row in head(app)["panels"] if row["form"] != "picture"]


def answered(app: AppTest, seq: int, **moved: str) -> AppTest:
    app.session_state[WALL] = {"answer": {"seq": seq, "set": moved, "have": []}}
    app.run()
    assert not app.exception, app.exception
    return app


def test_it_opens_on_a_digit_with_every_layer_and_the_scores() -> None:
    app = page()
    assert rows(app) == ["conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "fc1", "relu3", "fc2"]
    scores = head(app)["scores"]
    seen = see(own_eyes("digits_lenet"), own_eyes("digits_lenet").prepare(digit(7, 3)))
    assert np.allclose([bar["chance"] for bar in scores["bars"]], seen.chances, atol=1e-6)
    assert scores["note"].startswith("Right: 7")
    assert url(app) == {"net": "digits_lenet", "layer": "relu1"}
    assert [row["title"] for row in head(app, "The end of the network")["panels"]][:2] == ["pool2", "flatten"]
    assert not app.warning


@pytest.mark.parametrize("preset", FEATURE_MAPS_PRESETS, ids=lambda preset: preset.name)
def test_every_example_opens_and_stands_as_written(preset) -> None:
    app = page(urlencode(dict(preset.state)))
    shown = url(app)
    assert {name: shown.get(name, text) for name, text in preset.state.items()} == dict(preset.state)
    assert box(app, "Example").value == preset.name
    assert not app.warning
    assert any(preset.note in one.value for one in app.markdown)


def test_a_tile_is_chosen_and_a_cell_of_it() -> None:
    app = answered(page(), 1, layer="conv2", c="5", at="")
    assert url(app) == {"net": "digits_lenet", "layer": "conv2", "c": "5"}
    assert head(app)["chosen"]["title"] == "conv2, map 5"
    app = answered(app, 2, layer="conv2", c="5", at="3.4")
    assert url(app)["at"] == "3.4"
    app = answered(app, 3, layer="fc1", c="63", at="")
    assert url(app) == {"net": "digits_lenet", "layer": "fc1", "c": "63"}
    assert head(app)["chosen"]["title"] == "fc1, number 63"


def test_channels_go_off_and_on_and_the_scores_move() -> None:
    app = answered(page(), 1, toggle="relu1.3")
    assert url(app)["off"] == "relu1.3"
    app = answered(app, 2, toggle="conv2.7")
    assert url(app)["off"] == "conv2.7-relu1.3"
    told = head(app)
    assert [one["title"] for one in told["off"]] == ["conv2, map 7", "relu1, map 3"]
    assert all(bar["before"] and bar["before"][1] != pytest.approx(bar["score"]) for bar in told["scores"]["bars"])
    assert "%" in told["scores"]["note"]
    app = answered(app, 3, toggle="relu1.3")
    assert url(app)["off"] == "conv2.7"
    app = answered(app, 4, off="")
    assert "off" not in url(app)
    assert head(app)["scores"]["bars"][0]["before"] is None


def test_controls_write_the_link() -> None:
    app = page("c=3")
    box(app, "Layer").set_value("pool2").run()
    assert url(app) == {"net": "digits_lenet", "layer": "pool2"}
    app.button_group(key="feature_maps_scale").set_value("net").run()
    app.button_group(key="feature_maps_order").set_value("act").run()
    assert url(app) == {"net": "digits_lenet", "layer": "pool2", "scale": "net", "order": "act"}
    assert "Most active" in head(app)["colours"]
    box(app, "Compare with").set_value("digit.1.5").run()
    assert url(app)["vs"] == "digit.1.5"
    assert "difference" in rows(app)
    assert all(row["alike"] is not None for row in head(app)["panels"] if row["layer"])
    box(app, "Score of the class").set_value(2).run()
    assert url(app)["k"] == "2"


def test_another_network_keeps_nothing_of_the_one_before() -> None:
    app = page("layer=pool2&c=3&off=pool2.3&scale=layer")
    box(app, "Network").set_value("shapes_vgg").run()
    assert not app.exception
    assert url(app)["net"] == "shapes_vgg"
    assert not app.warning
    assert rows(app)[0] == "relu1_1"
    assert len(head(app)["scores"]["bars"]) == 10


def test_a_large_network_is_folded_and_paged() -> None:
    app = page("net=resnet18&layer=layer3.0.conv1&page=3&c=130")
    assert "layer3.0.conv1" in rows(app)
    assert len(rows(app)) == 13
    (chosen,) = (row for row in head(app)["panels"] if row["chosen"])
    assert chosen["numbers"] == list(range(128, 192))
    box(app, "Page, 1 to 4").set_value(4).run()
    assert url(app)["page"] == "4"
    app = answered(app, 1, layer="maxpool", c="2", at="")
    assert "page" not in url(app)


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("layer=nope", "no layer “nope”"),
        ("layer=conv1&c=8", "no map 8"),
        ("layer=conv1&at=28.0", "no cell 28.0"),
        ("layer=fc1&at=0.0", "no cell 0.0"),
        ("off=conv1.3-conv9.1", "conv9, map 1"),
        ("layer=conv1&page=2", "1 page"),
        ("k=10", "no class 10"),
        ("scale=mine", "choices are"),
        ("vs=sample.dog", "the samples are"),
        ("off=x", "layer.number"),
    ],
)
def test_bad_links_get_a_sentence(link, says) -> None:
    app = page(link)
    assert any(says in one.value for one in app.warning), [one.value for one in app.warning]
    assert head(app)["panels"]


@pytest.mark.parametrize(
    "sent",
    [
        None,
        {"answer": "x"},
        {"answer": {"seq": 1, "set": {"layer": "<b>", "c": "99999", "at": "9.9", "toggle": "a.b", "off": "é"}}},
        {"answer": {"seq": 2, "set": {"layer": "conv1", "c": "-1"}, "have": ["<script>", 3]}},
        {"answer": {"seq": 3, "set": {"toggle": "conv1.77"}}},
    ],
)
def test_a_hostile_wall_changes_nothing_that_is_not_there(sent) -> None:
    app = page("layer=conv1")
    app.session_state[WALL] = sent
    app.run()
    assert not app.exception
    assert url(app)["net"] == "digits_lenet"
    assert head(app)["chosen"]["title"].startswith(("conv1", "relu1"))
    assert not head(app)["off"]
