"""A map of the Feature maps page from close, without a browser: its words, its stage, its clicks."""

from __future__ import annotations

import json
import zlib
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from cnnviz.engine.networks.seeing.maps import own_eyes
from cnnviz.engine.networks.seeing.unit import plane_of, read_maps, trace_unit
from cnnviz.engine.pictures.digits import digit
from cnnviz.explain.notation import minus, number
from cnnviz.explain.unit import unit_formula
from cnnviz.figures.panels import unwrap
from cnnviz.state.strokes import pack_strokes
from cnnviz.ui import one_map
from tests.ui.lesson import opened_in_the_app, url, words

STROKE = ((200, 200), (800, 200), (400, 900))
RELU2 = "net=digits_lenet&see=digit.7.3&layer=relu2&c=3"


def part(page: AppTest, name: str) -> Any:
    assert not page.exception, page.exception
    return next((one for one in page.get("bidi_component") if one.proto.component_name == name), None)


def viewer(page: AppTest) -> dict[str, Any]:
    return unwrap(part(page, "cnnviz_viewer").proto.bytes)[0]


def stage(page: AppTest) -> dict[str, Any]:
    return json.loads(zlib.decompress(part(page, "cnnviz_stage").proto.bytes))


def clicked(page: AppTest, seq: int, *click: int) -> AppTest:
    page.session_state["one_map_viewer"] = {"answer": {"seq": seq, "set": {}, "have": [], "click": list(click)}}
    return page.run()


def grids(page: AppTest) -> list[str]:
    return [grid["title"] for grid in stage(page)["scenes"][0]["grids"]]


def test_a_map_opens_on_its_strongest_cell_and_a_click_chooses_another() -> None:
    eyes = own_eyes("digits_lenet")
    maps = read_maps(eyes, eyes.prepare(digit(7, 3)), "relu2")
    page = opened_in_the_app("feature_maps", RELU2)
    plane = plane_of(maps, "relu2", 3)
    row, column = np.unravel_index(int(plane.argmax()), plane.shape)
    assert f"Row {row}, column {column} of map 3 of relu2 is **{number(float(plane.max()))}**." in words(page)
    assert [one["title"] for one in viewer(page)["panels"]] == ["What the network sees", "Map 3", "The field alone"]
    assert viewer(page)["panels"][0]["marks"] == [[2 * row - 2, 2 * column - 2, 14, 12, "field", "window"]]
    page = clicked(page, 1, 1, 4, 5)
    assert url(page)["at"] == "4.5"
    unit = trace_unit(eyes, maps, "relu2", 3, (4, 5))
    assert f"Row 4, column 5 of map 3 of relu2 is **{minus(number(unit.chosen.given))}**." in words(page)
    assert unit_formula(unit) in [one.value.strip("$\n") for one in page.latex]
    assert stage(page)["scenes"][0]["shape"] == "pool1 → conv2 → relu2"
    assert stage(page)["state"]["at"] == "s0.1.1"
    first = grids(page)
    page = clicked(page, 1, 1, 0, 0)
    assert url(page)["at"] == "4.5"  # the same answer is heard once
    page = clicked(page, 2, 0, 9, 9)
    assert url(page)["at"] == "4.5"  # the picture is no map
    page.number_input(key="one_map_page").set_value(2).run()
    assert {one for one in grids(page) if one.startswith("x")}.isdisjoint(first)
    assert url(page)["inputs"] == "2"
    linked = opened_in_the_app("feature_maps", "&".join(f"{name}={text}" for name, text in url(page).items()))
    assert grids(linked) == grids(page)
    linked.session_state["_one_map_opened"] = ("relu2", 4)
    assert "inputs" not in url(linked.run())  # another map begins with its first page


def test_the_cursor_of_the_stage_stays_until_another_cell_is_chosen() -> None:
    page = opened_in_the_app("feature_maps", f"{RELU2}&at=4.5")
    name = stage(page)["state"]["unit"]
    page.session_state["one_map_stage"] = {
        "commit": {"seq": 1, "state": {"unit": name, "at": "y.0.2"}, "edits": [["in0", 0, 0, "9"]]}
    }
    page.run()
    assert (stage(page)["seq"], stage(page)["state"]) == (1, {"unit": name, "at": "y.0.2"})
    page = clicked(page, 1, 1, 6, 6)
    assert stage(page)["state"]["unit"] != name
    assert stage(page)["state"]["at"] == "s0.1.1"


def test_one_of_the_maps_that_feed_it_is_opened() -> None:
    page = opened_in_the_app("feature_maps", f"{RELU2}&at=4.5")
    cards = next(one.proto.body for one in page.get("html") if "input-maps" in one.proto.body)
    assert cards.count("<figure>") == 4
    offered = page.button_group[-1]
    page.session_state["_one_map_opened"] = ("pool1", 6)
    page.run()
    assert (url(page)["layer"], url(page)["c"]) == ("pool1", "6")
    assert "at" not in url(page)
    assert "Map 6 of pool1" in [one.value for one in page.subheader]
    assert offered.label == "Open one of them"


def test_units_and_what_is_off() -> None:
    page = opened_in_the_app("feature_maps", "net=digits_lenet&see=digit.7.3&layer=fc2&c=7")
    assert "fc2 reads 64 units of relu3" in words(page)
    assert part(page, "cnnviz_viewer") is None or "Map" not in str(viewer(page)["panels"])
    assert stage(page)["scenes"][0]["shape"] == "relu3 → fc2"
    page = opened_in_the_app("feature_maps", f"{RELU2}&at=4.5&off=pool1.2-pool1.5")
    assert "Switched off, so zero: maps 2, 5 of pool1." in words(page)


def test_what_a_client_sends_is_not_believed() -> None:
    page = opened_in_the_app("feature_maps", f"{RELU2}&at=4.5")
    for answer in ("x", {"seq": 1, "click": [1, -1, 0]}, {"seq": "2"}, {"seq": 3, "click": [1, 400, 400]}):
        page.session_state["one_map_viewer"] = {"answer": answer}
        page.session_state["one_map_stage"] = {"commit": answer}
        page.run()
        assert not page.exception
        assert stage(page)["scenes"]


def test_what_came_of_a_drawing_is_shared_with_nobody() -> None:
    """The shelf of maps is one for all sessions: only pictures that come with the app may stand on it."""
    one_map._shelf.clear()
    page = opened_in_the_app("feature_maps", "net=digits_lenet&see=digit.7.3&layer=relu2&c=3")
    assert not page.exception
    kept = one_map._shelf().bytes
    assert kept
    ink = pack_strokes((STROKE,))
    drawn = opened_in_the_app("feature_maps", f"net=digits_lenet&see=drawing&ink={ink}&layer=relu2&c=3")
    assert not drawn.exception
    assert one_map._shelf().bytes == kept
    assert one_map.HELD in drawn.session_state
