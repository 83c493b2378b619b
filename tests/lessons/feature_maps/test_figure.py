"""What travels to the wall: every number, the colours' ends, what is off, and what is left out."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.engine.networks.seeing.maps import Seen, own_eyes, random_eyes, see
from cnnviz.engine.networks.trace import trace_network
from cnnviz.engine.pictures.digits import digit
from cnnviz.figures.codes import Codes, decode
from cnnviz.lessons.feature_maps.figure import Tiles, unwrap, wall_message
from cnnviz.lessons.feature_maps.figure_chart import MOST_BARS, shares_figure
from cnnviz.lessons.feature_maps.figure_wall import picture_row, score_bars, wall_rows
from cnnviz.lessons.feature_maps.spec import FeatureMapsSpec
from cnnviz.lessons.feature_maps.trace import PAGE, THIN, wall_layers

EYES = own_eyes("digits_lenet")
TRACE = trace_network(EYES.network)
NAMES = wall_layers(TRACE)


def look(number: int = 7, hand: int = 3, off=()) -> Seen:
    return see(EYES, EYES.prepare(digit(number, hand)), NAMES, off)


def rows(other: Seen | None = None, **settings) -> dict[str, Tiles]:
    spec = FeatureMapsSpec(**{"layer": "relu1", **settings})
    return {row.title: row for row in wall_rows(TRACE, NAMES, look(off=spec.off), spec, other)}


def test_the_browser_gets_every_number() -> None:
    seen = look()
    head, bodies = unwrap(wall_message(list(rows().values()), {}))
    for told, body in zip(head["panels"], bodies, strict=True):
        codes = Codes(body, told["bytes"], told["decimals"], told["channels"])
        got, wanted = decode(codes, tuple(told["size"])), seen.maps[told["layer"]]
        if told["form"] == "maps":
            wanted = np.moveaxis(wanted, 0, -1)
        assert np.allclose(got, wanted.reshape(got.shape), atol=0.5 * 10 ** -told["decimals"])
        assert told["decimals"] >= 3
    assert len(wall_message(list(rows().values()), {})) < 60_000


def test_what_the_browser_has_stays_here() -> None:
    wall = [*rows().values(), picture_row("A 7", digit(7, 3), "A seven")]
    first, _ = unwrap(wall_message(wall, {"label": "Maps"}))
    again, bodies = unwrap(wall_message(wall, {"label": "Maps"}, have=[row["digest"] for row in first["panels"]]))
    assert not bodies
    assert again["label"] == "Maps"
    assert again["panels"][-1]["form"] == "picture"


@pytest.mark.parametrize("scale", ["map", "layer", "net"])
def test_the_ends_of_the_colours(scale: str) -> None:
    wall, maps = rows(scale=scale), look().maps
    most = max(np.abs(maps[name]).max() for name in ("conv1", "conv2", "fc1", "fc2"))
    wanted = {"map": np.abs(maps["conv1"]).max((1, 2)), "layer": [np.abs(maps["conv1"]).max()], "net": [most]}[scale]
    assert np.allclose(wall["conv1"].high, wanted)
    assert np.allclose(wall["conv1"].low, -np.asarray(wanted)), "zero is in the middle"
    assert wall["conv1"].kind == "signed"
    assert wall["relu1"].kind == "score"
    assert set(wall["relu1"].low) == {0}
    assert np.allclose(wall["fc1"].high, most if scale == "net" else np.abs(maps["fc1"]).max())


def test_what_is_off_is_named_and_zero_and_felt_below() -> None:
    wall, before = rows(off=frozenset({("relu1", 3)})), rows()
    assert wall["relu1"].off == {3}
    assert not wall["relu1"].array[3].any()
    assert "switched off" in wall["relu1"].names[3]
    assert not np.array_equal(wall["conv2"].array, before["conv2"].array)
    assert np.array_equal(wall["conv1"].array, before["conv1"].array)


def test_two_pictures_and_their_difference() -> None:
    other = look(1, 5)
    wall = rows(other)
    titles = list(wall)
    assert titles[titles.index("relu1") :][:3] == ["relu1", "second picture", "difference"]
    assert np.array_equal(wall["difference"].array, look().maps["relu1"] - other.maps["relu1"])
    assert wall["relu1"].high == wall["second picture"].high
    assert wall["difference"].kind == "signed"
    assert wall["second picture"].alike is None
    scores, early = wall["fc2"].alike, wall["pool1"].alike
    assert scores is not None and early is not None
    assert -1 <= scores < early <= 1
    flat = rows(other, layer="fc1")
    assert flat["difference"].array.shape == (64,)


def test_tiles_follow_the_order() -> None:
    wall, maps = rows(order="act"), look().maps
    numbers = list(wall["conv2"].numbers)
    assert sorted(numbers) == list(range(16))
    assert np.array_equal(wall["conv2"].array, maps["conv2"][numbers])
    assert f"map {numbers[0]}," in wall["conv2"].names[0]


def test_a_large_layer_is_paged_and_the_others_are_thin() -> None:
    eyes = random_eyes("resnet18")
    trace = trace_network(eyes.network)
    names = wall_layers(trace, "layer2.1.relu_out")
    seen = see(eyes, eyes.prepare(np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)), names)
    spec = FeatureMapsSpec(layer="layer2.1.relu_out", page=2)
    wall = {row.title: row for row in wall_rows(trace, names, seen, spec)}
    chosen, thin = wall["layer2.1.relu_out"], wall["relu"]
    assert list(chosen.numbers) == list(range(PAGE, 2 * PAGE))
    assert chosen.open
    assert np.array_equal(chosen.array, seen.maps["layer2.1.relu_out"][PAGE : 2 * PAGE])
    assert thin.array.shape == (THIN, 28, 28)
    assert thin.block == 4
    assert thin.about == f"{THIN} of 64×112×112"


def test_the_bars_of_the_classes() -> None:
    now, before = look(off=(("relu1", 3),)), look()
    scores = score_bars(EYES, now, before, label="7", now="now", then="all maps on")
    assert [bar.name for bar in scores.bars] == list("0123456789")
    assert scores.bars[7].right
    assert scores.bars[7].before == (float(before.chances[7]), float(before.scores[7]))
    assert sum(bar.chance for bar in scores.bars) == pytest.approx(1)
    many = random_eyes("resnet18")
    seen = see(many, np.zeros((3, 64, 64), np.float32))
    best = score_bars(many, seen, None, label="")
    assert [bar.number for bar in best.bars] == seen.best(8)
    assert "1,000" in best.title


def test_the_shares_of_many_maps_are_cut_and_still_add_up() -> None:
    from cnnviz.engine.pictures.drawn import draw
    from cnnviz.lessons.feature_maps.trace_end import watch

    eyes = own_eyes("shapes_vgg")
    end = watch(eyes, eyes.prepare(draw("ring", 2))).end(1)
    assert end is not None
    (bars,) = shares_figure(end, "ring", dark=True)["data"]
    assert len(bars["x"]) == MOST_BARS + 2
    assert sum(bars["y"]) == pytest.approx(end.score, abs=1e-4)
