"""The page that builds a network, without a browser."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.lessons.build.spec_examples import BUILD_PRESETS
from cnnviz.lessons.build.view_state import MOST_STEPS_BACK, newest
from cnnviz.state.network_choice import pack_code, unpack_code
from tests.ui.lesson import box, opened_alone, opened_in_the_app, press, url


def layers(app: AppTest) -> list[str]:
    """Name the layers in the list, the input left out."""
    return [one.split(" · ", maxsplit=1)[1] for one in box(app, "Layer").options[1:]]


def added(app: AppTest, *kinds: str) -> AppTest:
    for kind in kinds:
        box(app, "New layer").set_value(kind).run()
        press(app, "Add")
    return app


def text(app: AppTest) -> str:
    return unpack_code(url(app)["c"])


@pytest.mark.parametrize("preset", BUILD_PRESETS, ids=lambda preset: preset.name)
def test_every_example_opens_and_stands_as_written(preset):
    app = opened_in_the_app("build", f"ex={preset.name}")
    assert url(app) == {"ex": preset.name} | ({"at": "0"} if preset.name == "empty" else {})
    assert bool(app.error) == (preset.name == "broken")
    assert not app.warning


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_known_network_can_be_built_on(name):
    app = opened_in_the_app("build", f"net={name}&view=3d")
    assert not app.warning
    before = len(box(app, "Layer").options)
    box(app, "Layer").set_value(1).run()
    added(app, "bn")
    assert not app.error
    assert len(box(app, "Layer").options) == before + 1
    assert box(app, "Layer").value == 2
    press(app, "Undo")
    assert url(app) == {"net": name, "view": "3d"}


def test_a_network_is_built_from_nothing():
    app = opened_in_the_app("build", "ex=empty")
    assert box(app, "Layer").options == ["Input 3×32×32"]
    added(app, "conv", "bn", "relu", "max", "flatten", "linear")
    assert [one.split(" · ")[1] for one in layers(app)] == [
        "Convolution 16, 3×3, padding 1", "Batch norm", "ReLU", "Max pooling, 2×2", "Flatten", "Dense 10",
    ]  # fmt: skip
    assert "nn.Linear(4096, 10)" in text(app)
    assert not app.error


def test_a_setting_changes_everything_behind_it_and_undo_brings_it_back():
    app = opened_in_the_app("build", "ex=lenet")
    box(app, "Channels out").set_value(12).run()
    assert "nn.Conv2d(12, 16, 5)" in text(app)
    box(app, "Stride").set_value(4).run()
    assert app.error
    press(app, "Undo")
    assert not app.error
    assert box(app, "Stride").value == 1
    press(app, "Undo")
    assert url(app) == {"ex": "lenet"}
    press(app, "Redo")
    press(app, "Redo")
    assert box(app, "Stride").value == 4


def test_without_following_an_edit_breaks_the_next_layer_and_one_click_mends_it():
    app = opened_in_the_app("build", "ex=lenet&follow=0")
    box(app, "Channels out").set_value(12).run()
    assert "6 channels, but 12 arrive" in app.error[0].value
    assert app.button(key="build_mend_0").label == "Let every layer take as many channels as arrive."
    app.button(key="build_mend_0").click().run()
    assert not app.error
    assert "nn.Conv2d(12, 16, 5)" in text(app)


def test_moving_and_removing():
    app = opened_in_the_app("build", "ex=lenet&at=2")
    press(app, "Later")
    assert [one.split(" · ")[1] for one in layers(app)][:3] == [
        "Convolution 6, 5×5, padding 2", "Max pooling, 2×2", "ReLU",
    ]  # fmt: skip
    assert box(app, "Layer").value == 3
    press(app, "Remove")
    assert len(layers(app)) == 11
    assert box(app, "Layer").value == 2
    box(app, "Layer").set_value(1).run()
    press(app, "Earlier")
    assert "nothing comes before it" in app.warning[0].value
    assert len(layers(app)) == 11


def test_a_shortcut_is_added_and_made_to_fit():
    app = opened_in_the_app("build", "ex=empty")
    added(app, "conv", "relu", "max", "conv")
    app.selectbox(key="build_start").set_value(2).run()
    press(app, "Add the shortcut")
    assert "different size" in app.error[0].value
    app.button(key="build_mend_0").click().run()
    assert not app.error
    assert "1×1" in "".join(layers(app))
    assert "torch" in text(app)


def test_axes_apart_and_settings_that_cannot_be():
    app = opened_in_the_app("build", "ex=lenet&at=4")
    app.checkbox(key="build_apart").set_value(True).run()
    box(app, "Kernel").set_value("3x1").run()
    assert "nn.Conv2d(6, 16, (3, 1))" in text(app)
    box(app, "Padding").set_value("same").run()
    assert "padding='same'" in text(app)
    box(app, "Stride").set_value("2").run()
    assert "only with stride 1" in app.warning[0].value
    box(app, "Kernel").set_value("900").run()
    assert "too large" in app.warning[0].value
    box(app, "Groups").set_value(5).run()
    assert "cannot be parted" in app.warning[0].value
    assert "padding='same'" in text(app)


def test_a_stage_is_opened_and_closed():
    app = opened_in_the_app("build", "net=resnet18")
    app.multiselect(key="build_opened").set_value(["layer2"]).run()
    assert url(app)["open"] == "layer2"
    assert "layer2.0" in app.multiselect(key="build_opened").options
    app.multiselect(key="build_opened").set_value(["layer2", "layer2.0"]).run()
    assert url(app)["open"] == "layer2_layer2.0"
    app.multiselect(key="build_opened").set_value(["layer2.0"]).run()
    assert "open" not in url(app)


def test_the_stage_of_a_layer_is_one_click_away():
    app = opened_in_the_app("build", "net=resnet18")
    (link,) = app.get("page_link")
    assert link.proto.query_string == "n=16&k=7&s=2&p=3"
    assert any("224×224 becomes 16×16" in one.value for one in app.markdown)


def asked(app: AppTest, number: int, *words: str) -> AppTest:
    """Ask for something as the table does."""
    app.session_state["build_sheet"] = {"commit": {"seq": number, "asked": [[number, *words]]}}
    app.run()
    assert not app.exception, app.exception
    return app


def component(app: AppTest, key: str) -> dict[str, Any]:
    (found,) = (one.proto for one in app.get("bidi_component") if f"-{key}" in one.proto.id)
    return json.loads(json.loads(found.json))


def sheet(app: AppTest) -> dict[str, Any]:
    return component(app, "build_sheet")


def test_what_a_session_keeps_to_undo_is_bounded():
    nothing: dict[str, str] = {}
    short, long = (nothing, "x"), (nothing, "x" * 100_000)
    assert newest([short] * 80) == [short] * MOST_STEPS_BACK
    assert newest([long] * 80) == [long] * 5
    assert newest([({}, "x" * 10**6)]) == [({}, "x" * 10**6)]


def test_layers_are_edited_in_the_table_and_undone():
    app = opened_in_the_app("build", "ex=lenet")
    asked(app, 1, "set", "0", "out", "12")
    assert "nn.Conv2d(12, 16, 5)" in text(app)
    asked(app, 2, "set", "0", "stride", "many")
    first = sheet(app)["rows"][1]
    assert first["cells"]["stride"] == {"text": "many", "form": "axes", "wrong": True}
    (sentence,) = sheet(app)["wrong"]
    assert sentence == "0, stride: “many” was not understood: write one number, or one an axis like 3×3."
    assert first["cells"]["out"]["text"] == "12", "nothing is lost"
    asked(app, 3, "set", "0", "groups", "5")
    assert len(sheet(app)["wrong"]) == 2
    asked(app, 4, "set", "0", "stride", "2")
    assert len(sheet(app)["wrong"]) == 1
    press(app, "Undo")
    assert sheet(app)["rows"][1]["cells"]["stride"]["text"] == "1"
    asked(app, 5, "add", "1", "bn")
    assert layers(app)[2].endswith("Batch norm")
    asked(app, 6, "up", "2")
    asked(app, 7, "remove", "0")
    asked(app, 7, "remove", "1")
    assert len(layers(app)) == 12, "what was answered once is not done again"
    for number, words in enumerate([("remove", "input"), ("set", "no", "out", "1"), ("fly", "1")], 8):
        before = url(app)
        asked(app, number, *words)
        assert url(app) == before


def test_the_picture_is_turned_and_clicked():
    app = opened_in_the_app("build", "net=resnet18&view=3d")
    app.session_state["build_solid"] = {"commit": {"seq": 1, "turn": [20, 45, 2], "picks": [[1, "layer2"]]}}
    app.run()
    assert url(app)["turn"] == "20.45.2"
    assert url(app)["open"] == "layer2"
    app.session_state["build_solid"] = {"commit": {"seq": 2, "turn": [20, 451, 2], "picks": [[2, "conv1"]]}}
    app.run()
    assert url(app)["turn"] == "20.45.2"


def test_every_click_on_the_flat_picture_counts_once():
    app = opened_in_the_app("build", "net=resnet18")
    app.session_state["build_flat"] = {"commit": {"seq": 2, "picks": [[1, "layer2"], [2, "bn1"]]}}
    app.run()
    assert url(app) == {"net": "resnet18", "open": "layer2", "at": "2"}
    picks = [[1, "layer3"], [3, "conv1"], [4, "fc"], "fc", []]
    app.session_state["build_flat"] = {"commit": {"seq": 3, "picks": picks}}
    app.run()
    assert url(app) == {"net": "resnet18", "open": "layer2"}
    for nothing in ({}, {"commit": {"seq": 4, "picks": "fc"}}, {"commit": {"seq": 5, "picks": [[5, "no such block"]]}}):
        app.session_state["build_flat"] = nothing
        app.run()
        assert not app.exception
        assert url(app) == {"net": "resnet18", "open": "layer2"}


def test_the_network_follows_to_the_other_pages():
    app = opened_in_the_app("build", "ex=empty")
    added(app, "conv")
    other = opened_alone("networks", f"c={url(app)['c']}")
    assert {one.label: one.value for one in other.metric}["Output"] == "16×32×32"
    code = opened_alone("your_code", f"c={url(app)['c']}")
    assert code.success


@pytest.mark.parametrize(
    "link", ["at=-1", "at=x", "view=4d", "turn=900.1", "ex=none", "follow=maybe", "c=AAAA", "net=x"]
)
def test_a_bad_value_is_named(link):
    app = opened_in_the_app("build", link)
    assert len(app.warning) == 1


def test_code_that_is_no_network_is_said():
    app = opened_in_the_app("build", "c=" + "eNoDAAAAAAE")
    assert not app.exception


def test_hostile_names_are_text():
    name = "<a href=//x>[y](//z)"
    app = opened_in_the_app(
        "build", f"c={pack_code(f'm = nn.Sequential(OrderedDict([({name!r}, nn.Conv2d(3, 4, 999))]))')}"
    )
    assert app.error
    assert "[y](" not in app.error[0].value
    drawn = component(app, "build_flat")["figure"]
    shown = [one["text"] for one in drawn["layout"]["annotations"]]
    assert not any("<a" in one for one in [*shown, *drawn["data"][-1]["hovertext"]])


def test_an_edit_from_a_table_that_had_not_seen_the_last_answer_loses_nothing() -> None:
    app = opened_in_the_app("build", "ex=lenet")
    before = dict(app.query_params)
    app.session_state["build_sheet"] = {"commit": {"seq": 1, "asked": [[1, "set", "0", "kernel", "7"]]}}
    app.run()
    app.query_params.clear()  # the browser's address is still the old one
    for name, text in before.items():
        app.query_params[name] = text
    asked = [[1, "set", "0", "kernel", "7"], [2, "set", "0", "stride", "2"]]
    app.session_state["build_sheet"] = {"commit": {"seq": 2, "asked": asked}}
    app.run()
    assert not app.exception
    cells = sheet(app)["rows"][1]["cells"]
    assert (cells["kernel"]["text"], cells["stride"]["text"]) == ("7", "2")
