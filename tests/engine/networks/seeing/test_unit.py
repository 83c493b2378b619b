"""A cell taken apart gives the number that PyTorch gave, in every layer of many kinds of networks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.engine.networks.graph import INPUT, Draft
from cnnviz.engine.networks.layers.kinds import (
    Activation,
    AdaptivePool,
    Conv,
    Dropout,
    Flatten,
    Layer,
    Linear,
    Mean,
    Multiply,
    Pool,
)
from cnnviz.engine.networks.modules import build_module
from cnnviz.engine.networks.seeing.cache import MapShelf
from cnnviz.engine.networks.seeing.maps import Eyes, Maps, own_eyes
from cnnviz.engine.networks.seeing.unit import field_box, needed, part_maps, plane_of, read_maps, trace_unit, way_back
from cnnviz.engine.networks.seeing.unit_steps import Bent, Same, Step, Terms, WeightedSum
from cnnviz.engine.networks.seeing.unit_windows import LARGEST, MOST_MAPS, neighbourhood
from cnnviz.engine.networks.trace import trace_network
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.errors import SpecError
from cnnviz.lessons.receptive_field.trace import exact_field
from tests.engine.networks.seeing.units import Looked, look, made

EPSILON = 2e-7
"""Of all products together, taken positive: what float32 may be off."""
ZOO = ("digits_lenet", "shapes_vgg", "squeezenet1_1", "mobilenet_v2", "resnet18", "densenet121", "googlenet")


def size_of(step: Step) -> float:
    """How large the numbers are that a step added up."""
    match step.detail:
        case WeightedSum() as total:
            return float(np.abs(total.products).sum()) + abs(total.bias or 0) + 1
        case Terms(values=values):
            return float(np.abs(values).sum()) + 1
    return abs(step.given) + 1


@pytest.mark.parametrize("name", ZOO)
def test_every_step_gives_the_number_of_the_network(name: str) -> None:
    looked = look(name)
    layers = [node.name for node in looked.eyes.network]
    rng = np.random.default_rng(1)
    chosen = layers if len(layers) < 30 else [layers[0], *rng.choice(layers, 24), layers[-1]]
    for layer in chosen:
        unit = looked.unit(layer, *looked.anywhere(layer, rng))
        for step in unit.steps:
            assert step.detail is not None or step.layer is None, f"{step.name} is not taken apart"
            assert abs(step.value - step.given) <= EPSILON * size_of(step), step


@pytest.mark.parametrize("name", ZOO)
def test_the_stage_holds_the_same_numbers(name: str) -> None:
    looked = look(name)
    rng = np.random.default_rng(2)
    layers = [node.name for node in looked.eyes.network]
    for layer in rng.choice(layers, 14):
        unit = looked.unit(layer, *looked.anywhere(layer, rng))
        near = neighbourhood(looked.eyes, looked.maps, unit)
        assert near is not None
        maker = unit.maker
        plane = plane_of(looked.maps, maker.name, maker.channel)
        row, column = near.first
        height, width = near.sums.shape
        there = plane[row : row + height, column : column + width]
        np.testing.assert_allclose(near.sums, there, rtol=0, atol=EPSILON * size_of(maker) * 8)
        if near.patch is not None:
            assert max(near.patch.values.shape[1:]) <= max(LARGEST, *near.patch.weights.shape[1:])
            assert near.patch.flat or len(near.patch.channels) <= MOST_MAPS
        if not near.cut:
            values = near.later[-1].values if near.later else near.sums
            assert values[near.pin] == pytest.approx(unit.chosen.given, abs=EPSILON * size_of(maker) * 20)


pads = st.one_of(st.integers(0, 2), st.just("same"))


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 4), st.integers(1, 4), st.integers(1, 2), pads, st.integers(1, 2), st.sampled_from([1, 2, 4]),
    st.booleans(), st.integers(0, 10**6),
)  # fmt: skip
def test_any_convolution_is_taken_apart(  # noqa: PLR0917
    height: int, width: int, stride: int, padding: object, dilation: int, groups: int, bias: bool, seed: int
) -> None:
    if padding == "same":
        height, width, stride = height | 1, width | 1, 1
    layer = Conv(8, (height, width), stride, padding, dilation, groups, bias)
    looked = made(layer, Activation("silu"), seed=seed)
    rng = np.random.default_rng(seed)
    last = looked.eyes.network.last
    channel, at = looked.anywhere(last, rng)
    unit = looked.unit(last, channel, at)
    for step in unit.steps:
        assert abs(step.value - step.given) <= EPSILON * size_of(step)
    total = unit.total
    assert total is not None
    inside = 4 // groups
    first = channel // (8 // groups) * inside
    assert total.channels == tuple(range(first, first + inside))
    near = neighbourhood(looked.eyes, looked.maps, unit)
    assert near is not None
    assert near.sums[at[0] - near.first[0], at[1] - near.first[1]] == pytest.approx(total.value, abs=1e-9)
    parts = part_maps(looked.eyes, looked.maps, unit, total.channels)
    assert parts is not None
    whole = parts.sum(0) + (total.bias or 0)
    np.testing.assert_allclose(whole, plane_of(looked.maps, unit.maker.name, channel), atol=1e-5)


@pytest.mark.parametrize(
    "pool",
    [
        Pool(3, stride=2, padding=1),
        Pool(3, stride=2, ceil_mode=True),
        Pool(2, how="avg", padding=1),
        Pool(3, stride=2, how="avg", padding=1, count_include_pad=False),
        Pool(3, stride=2, how="avg", padding=1, ceil_mode=True),
        AdaptivePool((4, 3)),
        AdaptivePool(2, how="max"),
        Mean((2, 3), keep=True),
        Mean((2, 3)),
    ],
    ids=str,
)
def test_any_pooling_is_taken_apart(pool: Layer) -> None:
    looked = made(Conv(3, 3), Activation("relu"), pool)
    last = looked.eyes.network.last
    shape = looked.maps[last].shape
    cells = list(np.ndindex(*shape[1:])) if shape[1:] else [(0, 0)]
    for cell in cells:
        unit = looked.unit(last, 1, tuple(cell))
        assert unit.chosen.value == pytest.approx(unit.chosen.given, abs=1e-6), cell
        assert unit.steps[1].at == unit.chosen.before
        assert unit.total is not None


def test_a_dense_layer_reads_the_maps_that_were_flattened() -> None:
    looked = made(Conv(6, 3), Pool(2), Flatten(), Dropout(), Linear(5), Activation("relu"), Linear(3))
    first, last = (node.name for node in looked.eyes.network if isinstance(node.layer, Linear))
    unit = looked.unit(first, 4)
    assert unit.total is not None
    assert unit.total.weights.shape == (6, 3, 4)
    assert unit.source == looked.eyes.network.nodes[1].name
    assert unit.total.value == pytest.approx(unit.chosen.given, abs=1e-5)
    unit = looked.unit(last, 2)
    assert unit.total is not None
    assert unit.total.weights.shape == (5, 1, 1)
    near = neighbourhood(looked.eyes, looked.maps, unit)
    assert near is not None
    assert near.patch is not None
    assert near.patch.flat


def test_a_flattened_number_is_a_cell_of_a_map() -> None:
    looked = look("digits_lenet")
    unit = looked.unit("flatten", 60)
    assert isinstance(unit.chosen.detail, Same)
    assert unit.chosen.before == (2, 0)  # 60 = 2 · 25 + 2 · 5 + 0
    assert [(step.name, step.channel) for step in unit.steps[1:]] == [("pool2", 2), ("relu2", 2), ("conv2", 2)]


def test_maps_that_are_multiplied_are_two_factors() -> None:
    draft = Draft("gate", "A gate", (2, 5, 5))
    draft.add("a", Conv(3, 1))
    draft.add("b", Activation("sigmoid"))
    draft.add("c", Multiply(), "a", "b")
    network = draft.done()
    eyes = Eyes(network, build_module(network).eval().requires_grad_(False), (), "random", "gate")
    looked = Looked(eyes, np.random.default_rng(0).normal(size=(2, 5, 5)).astype(np.float32))
    unit = looked.unit("c", 1, (2, 3))
    assert isinstance(unit.chosen.detail, Terms)
    assert unit.chosen.value == pytest.approx(unit.chosen.given, abs=1e-6)


def test_softmax_ends_the_way() -> None:
    looked = made(Flatten(), Linear(4), Activation("softmax"))
    unit = looked.unit(looked.eyes.network.last, 1)
    assert (unit.chosen, unit.chosen.detail) == (unit.maker, None)
    assert neighbourhood(looked.eyes, looked.maps, unit) is None


def test_channels_that_are_off_count_as_zero() -> None:
    eyes = own_eyes("digits_lenet")
    x = np.random.default_rng(0).random((1, 28, 28), dtype=np.float32)
    off = frozenset({("conv1", 2), ("pool1", 5), ("relu2", 3)})
    maps = read_maps(eyes, x, "relu2", off)
    unit = trace_unit(eyes, maps, "relu2", 3, (4, 4), off)
    assert unit.dark == {5} | ({2} if not maps["pool1"][2].any() else set())
    assert 2 in unit.dark  # a map of zeros is one of zeros after ReLU and pooling
    assert unit.total is not None
    assert not unit.total.parts[[2, 5]].any()
    assert unit.chosen.off
    assert unit.chosen.given == 0
    assert unit.maker.value == pytest.approx(unit.maker.given, abs=1e-5)
    assert isinstance(unit.chosen.detail, Bent)


def test_batch_norm_moves_what_is_off() -> None:
    looked = look("resnet18")
    off = frozenset({("conv1", 3)})
    maps = read_maps(looked.eyes, looked.x, "layer1.0.conv1", off)
    unit = trace_unit(looked.eyes, maps, "layer1.0.conv1", 0, (5, 5), off)
    assert not unit.dark  # bn1 makes something else of the zeros
    maps = read_maps(looked.eyes, looked.x, "bn1", off)
    unit = trace_unit(looked.eyes, maps, "bn1", 3, (5, 5), off)
    assert unit.maker.off
    assert unit.chosen.value == pytest.approx(unit.chosen.given, abs=1e-5)


@pytest.mark.parametrize("layer", ["conv1", "pool1", "relu2", "pool2"])
def test_the_frame_is_the_receptive_field(layer: str) -> None:
    network = ARCHITECTURES["digits_lenet"]
    trace = trace_network(network)
    height, width = trace.row(layer).output_shape[1:]
    for at in ((0, 0), (height // 2, 1), (height - 1, width - 1)):
        assert field_box(trace, layer, at) == exact_field(network, layer, at).box
    assert field_box(trace, "fc1", (0, 0)) == (0, 0, 28, 28)


def test_what_is_needed_is_enough_and_no_more() -> None:
    trace = trace_network(ARCHITECTURES["digits_lenet"])
    assert needed(trace, "pool2") == ("pool1", "conv2", "relu2", "pool2")
    assert needed(trace, "conv1") == (INPUT, "conv1")
    looked = look("densenet121")
    layer = "features.denseblock1.denselayer3.conv1"
    maps = read_maps(looked.eyes, looked.x, layer)
    assert set(maps) == set(needed(trace_network(looked.eyes.network), layer))


def test_a_map_that_is_not_there_is_named() -> None:
    trace = trace_network(ARCHITECTURES["digits_lenet"])
    with pytest.raises(SpecError, match="maps 0 to 7"):
        way_back(trace, "relu1", 8)
    with pytest.raises(SpecError, match="no layer"):
        way_back(trace, "relu9", 0)


def test_a_cell_beyond_the_map_becomes_its_last() -> None:
    looked = look("digits_lenet")
    assert looked.unit("pool2", 0, (99, 2)).chosen.at == (4, 2)


def test_pages_turn_through_all_input_maps() -> None:
    looked = look("digits_lenet")
    unit = looked.unit("conv2", 5, (3, 3))
    shown: list[int] = []
    for page in range(2):
        near = neighbourhood(looked.eyes, looked.maps, unit, page)
        assert near is not None
        assert near.patch is not None
        shown += near.patch.channels
        np.testing.assert_allclose(near.patch.total, near.patch.parts.sum(0) + near.patch.rest + near.patch.bias)
    assert sorted(shown) == list(range(8))
    assert unit.total is not None
    adds = np.abs(unit.total.parts[shown])
    assert (np.diff(adds) <= 0).all()


def test_the_shelf_keeps_what_fits_and_shares_it() -> None:
    shelf, calls = MapShelf(budget=1000), []

    def make(name: str) -> dict[str, Maps]:
        calls.append(name)
        return {name: np.zeros((2, 10, 10), np.float32)}

    first = shelf.get("a", lambda: make("a"))
    assert shelf.get("a", lambda: make("a")) is first
    shelf.get("b", lambda: make("b"))
    assert shelf.bytes <= 1000
    shelf.get("a", lambda: make("a"))
    assert calls == ["a", "b", "a"]
