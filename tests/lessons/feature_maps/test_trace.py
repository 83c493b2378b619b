"""Which layers stand on the wall, how maps are ordered and shrunk, and what the end of a network adds up to."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.networks.seeing.maps import own_eyes, random_eyes, see
from cnnviz.engine.networks.trace import trace_network
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.engine.pictures.digits import digit
from cnnviz.engine.pictures.drawn import draw
from cnnviz.lessons.feature_maps.trace import (
    MOST_ROWS,
    activity,
    default_layer,
    is_flat,
    layers_with_maps,
    likeness,
    map_order,
    never_negative,
    reduced,
    stage_of,
    wall_layers,
)
from cnnviz.lessons.feature_maps.trace_end import end_layers, watch
from cnnviz.state.subject import SEEING
from tests.lessons.convolution.specs import examples

OWN = {"digits_lenet": digit(3, 8), "shapes_vgg": draw("star", 4)}


@pytest.mark.parametrize("name", SEEING)
def test_every_network_fits_on_the_wall(name: str) -> None:
    trace = trace_network(ARCHITECTURES[name])
    names = wall_layers(trace)
    assert 7 <= len(names) <= MOST_ROWS
    assert names[-1] in {trace.network.last, trace.rows[-2].name}
    order = [row.name for row in layers_with_maps(trace)]
    assert names == sorted(names, key=order.index)
    assert default_layer(trace) in names
    assert not is_flat(trace.row(default_layer(trace)))
    behind = [layer for one in names for layer in stage_of(trace, names, one)]
    assert behind == order[: order.index(names[-1]) + 1], "every layer belongs to one row"


def test_a_chosen_layer_has_its_row() -> None:
    trace = trace_network(ARCHITECTURES["resnet50"])
    names = wall_layers(trace, "layer2.1.conv2")
    assert names == [*wall_layers(trace)[:3], "layer2.1.conv2", *wall_layers(trace)[3:]]
    assert wall_layers(trace, "no such layer") == wall_layers(trace)


@pytest.mark.parametrize("name", OWN)
def test_what_is_never_negative_is_not(name: str) -> None:
    eyes = own_eyes(name)
    trace = trace_network(eyes.network)
    names = [row.name for row in layers_with_maps(trace)]
    maps = see(eyes, eyes.prepare(OWN[name]), names).maps
    for one in names:
        assert never_negative(trace, one) == (maps[one].min() >= 0), one


@examples(40)
@given(st.integers(1, 3), st.integers(1, 13), st.integers(1, 13), st.integers(1, 6))
def test_blocks_are_means(channels: int, height: int, width: int, side: int) -> None:
    maps = np.random.default_rng(7).normal(size=(channels, height, width)).astype(np.float32)
    small, block = reduced(maps, side)
    assert max(small.shape[1:]) <= side
    for row in range(small.shape[1]):
        for col in range(small.shape[2]):
            part = maps[:, row * block : (row + 1) * block, col * block : (col + 1) * block]
            assert np.allclose(small[:, row, col], part.mean((1, 2)), atol=1e-5)


def test_the_most_active_maps_come_first() -> None:
    maps = np.random.default_rng(1).normal(size=(70, 4, 5)).astype(np.float32)
    order = map_order(maps, "act")
    assert sorted(order) == map_order(maps, "net") == list(range(70))
    assert (np.diff(activity(maps)[order]) <= 0).all()


def test_likeness_is_the_cosine() -> None:
    a, b = np.random.default_rng(3).normal(size=(2, 8, 6, 6)).astype(np.float32)
    wanted = torch.nn.functional.cosine_similarity(torch.from_numpy(a).flatten(), torch.from_numpy(b).flatten(), dim=0)
    assert likeness(a, b) == pytest.approx(float(wanted), abs=1e-5)
    assert likeness(a, a) == 1
    assert likeness(a, np.zeros_like(a)) == 0


@pytest.mark.parametrize("off", [(), (("relu1", 3), ("conv2", 5))])
def test_the_shares_add_up_to_the_score(off) -> None:
    eyes = own_eyes("digits_lenet")
    x = eyes.prepare(OWN["digits_lenet"])
    watched = watch(eyes, x, ("relu3", "conv2"), off)
    seen = see(eyes, x, ("relu3", "conv2", "pool2"), off)
    assert np.array_equal(watched.seen.scores, seen.scores)
    assert np.array_equal(watched.seen.maps["conv2"], seen.maps["conv2"])
    state = eyes.module.state_dict()
    first, last = state["fc1.weight"].numpy(), state["fc2.weight"].numpy()
    for label in range(10):
        end = watched.end(label)
        assert end is not None
        wanted = (last[label] * (seen.maps["relu3"] > 0)) @ first
        assert np.allclose(end.weights, wanted, atol=1e-5)
        assert np.array_equal(end.row, seen.maps["pool2"].ravel())
        assert end.score == pytest.approx(float(seen.scores[label]), abs=1e-5)
        assert end.activation.sum() == pytest.approx(end.shares.sum(), abs=1e-4)
        assert end.row[end.index(4, 3, 2)] == end.maps[4, 3, 2]
        assert not end.straight


def test_a_class_activation_map_is_the_maps_times_their_weights() -> None:
    eyes = own_eyes("shapes_vgg")
    end = watch(eyes, eyes.prepare(OWN["shapes_vgg"])).end(4)
    assert end is not None
    weights, bias = (eyes.module.state_dict()[f"fc.{one}"].numpy() for one in ("weight", "bias"))
    assert np.allclose(end.weights, weights[4], atol=1e-6)
    assert np.allclose(end.row, end.maps.mean((1, 2)), atol=1e-5)
    assert end.rest == pytest.approx(float(bias[4]), abs=1e-4)
    wanted = sum(weight * one for weight, one in zip(weights[4], end.maps, strict=True)) / 64
    assert np.allclose(end.activation, wanted, atol=1e-4)
    assert (end.kind, end.straight) == ("pool", True)


def test_a_network_that_ends_in_maps_has_no_such_end() -> None:
    eyes = random_eyes("squeezenet1_1")
    assert end_layers(trace_network(eyes.network)) is None
    assert watch(eyes, np.zeros((3, 64, 64), np.float32)).end(0) is None
