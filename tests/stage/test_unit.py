"""The stage of one cell: what its links say is what its grids hold, down to the last cell."""

from __future__ import annotations

import json
import zlib

import numpy as np
import pytest

from cnnviz.engine.networks.layers.kinds import Activation, Conv
from cnnviz.engine.networks.seeing.unit import read_maps, trace_unit
from cnnviz.engine.networks.seeing.unit_windows import neighbourhood
from cnnviz.stage.scene import Scene
from cnnviz.stage.unit import pin_of, title_of, unit_pack, unit_scene
from cnnviz.state.view import View
from tests.engine.networks.seeing.units import Looked, look, made

CASES = [
    ("digits_lenet", "conv1", 0),
    ("digits_lenet", "pool1", 3),
    ("digits_lenet", "relu2", 5),
    ("digits_lenet", "pool2", 2),
    ("digits_lenet", "flatten", 60),
    ("digits_lenet", "fc1", 7),
    ("digits_lenet", "relu3", 7),
    ("digits_lenet", "fc2", 3),
    ("shapes_vgg", "gap", 4),
    ("large", "1", 4),
    ("resnet18", "maxpool", 9),
    ("resnet18", "layer1.0.bn2", 2),
    ("resnet18", "layer2.0.relu_out", 2),
    ("resnet18", "avgpool", 8),
    ("mobilenet_v2", "features.2.conv.1.2", 5),
    ("squeezenet1_1", "features.12.cat", 300),
]


def looking(name: str) -> Looked:
    """A network of the zoo, or one that begins as AlexNet does."""
    first = Conv(8, 11, stride=4, padding=2)
    return made(first, Activation("relu"), size=(3, 40, 40)) if name == "large" else look(name)


def read(scene: Scene, name: str, row: int, column: int) -> float:
    """Work a target cell out from the cells that it is linked with, as the stage writes it."""
    grid = scene.grid(name)
    terms = []
    for link in scene.links:
        if link.target == name:
            for source, weight in scene.terms(link, row, column):
                value = float(scene.grid(link.source).values[source])
                terms.append(value * (float(scene.grid(link.weight).values[weight]) if weight else 1.0))  # type: ignore[arg-type]
    assert terms, f"{name} is made of nothing"
    if grid.rule == "max":
        return max(terms)
    if grid.rule == "mean":
        assert grid.divisors is not None
        return sum(terms) / float(grid.divisors[row, column])
    return sum(terms)


@pytest.mark.parametrize(("name", "layer", "channel"), CASES)
@pytest.mark.parametrize("corner", [False, True])
def test_every_linked_cell_is_what_its_links_say(name: str, layer: str, channel: int, corner: bool) -> None:
    looked = looking(name)
    near = neighbourhood(looked.eyes, looked.maps, looked.unit(layer, channel, (0, 0) if corner else None))
    assert near is not None
    scene = unit_scene(near)
    targets = {link.target for link in scene.links}
    assert "y" in targets
    for target in targets:
        values = scene.grid(target).values
        for row, column in np.ndindex(values.shape):
            assert read(scene, target, row, column) == pytest.approx(float(values[row, column]), rel=1e-6, abs=1e-6)
    grid, row, column = pin_of(near)
    if not near.cut:
        given = near.unit.chosen.given
        assert float(scene.grid(grid).values[row, column]) == pytest.approx(given, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize(("name", "layer", "channel"), CASES)
def test_a_scene_is_whole(name: str, layer: str, channel: int) -> None:
    looked = looking(name)
    near = neighbourhood(looked.eyes, looked.maps, looked.unit(layer, channel))
    assert near is not None
    scene = unit_scene(near)
    names = [grid.name for grid in scene.grids]
    assert len(set(names)) == len(names)
    assert len(scene.signs) == len(names) - 1
    for arrangement in scene.arrangements:
        assert sorted(one for row in arrangement for column in row for one in column) == sorted(names)
    for link in scene.links:
        assert {link.source, link.target} | ({link.weight} if link.weight else set()) <= set(names)
    assert scene.alt.endswith(".")
    assert layer.rsplit(".", maxsplit=1)[-1] in scene.shape
    assert View.from_query({"at": View(pin=pin_of(near)).to_query()["at"]})[1] == []


def test_the_ring_says_what_is_padding() -> None:
    looked = look("digits_lenet")
    near = neighbourhood(looked.eyes, looked.maps, looked.unit("conv1", 2, (0, 27)))
    assert near is not None
    window = unit_scene(near).grid("in0")
    assert window.ring == (2, 0, 0, 2)
    assert window.origins == ((-1, -1, 0, 1, 2, 3), (0, 1, 2, 3, -1, -1))
    assert not window.values[:2].any()


def test_all_other_maps_are_one_number() -> None:
    looked = look("resnet18")
    near = neighbourhood(looked.eyes, looked.maps, looked.unit("layer1.0.conv1", 3, (20, 20)))
    assert near is not None
    scene = unit_scene(near)
    assert scene.grid("rest").title == "60 others"
    assert any(note.startswith("The other 60 maps add") for note in scene.notes)


def test_what_is_off_is_said_on_the_stage() -> None:
    looked = look("digits_lenet")
    off = frozenset({("pool1", channel) for channel in range(8)} - {("pool1", 1)} | {("conv2", 4)})
    maps = read_maps(looked.eyes, looked.x, "relu2", off)
    near = neighbourhood(looked.eyes, maps, trace_unit(looked.eyes, maps, "relu2", 4, (3, 3), off))
    assert near is not None
    scene = unit_scene(near)
    titles = [grid.title for grid in scene.grids]
    assert titles[0] == "x[1]"
    assert sum(title.endswith("(off)") for title in titles) == 3
    assert near.cut
    assert "s0" not in [grid.name for grid in scene.grids]  # the network goes on with zero, not with the sum


def test_the_steps_have_names() -> None:
    looked = look("resnet18")
    assert [title_of(step) for step in looked.unit("maxpool", 0).steps[:3]] == ["Max", "ReLU", "Batch norm"]


def test_the_pack_is_one_scene_without_controls() -> None:
    looked = look("digits_lenet")
    near = neighbourhood(looked.eyes, looked.maps, looked.unit("relu2", 3))
    assert near is not None
    body = unit_pack(near, {"seq": 4, "state": {"unit": "ab"}})
    pack = json.loads(zlib.decompress(body))
    assert (pack["seq"], pack["controls"], pack["errors"], pack["here"]) == (4, [], [], {"scene": 0})
    assert len(pack["scenes"]) == 1
    assert len(body) < 20_000
