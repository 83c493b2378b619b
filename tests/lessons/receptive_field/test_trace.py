"""Receptive fields: exactly the pixels with a gradient, for published networks, odd layers and random graphs."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.engine.networks.cut import cut
from cnnviz.engine.networks.graph import Draft, Network, Shape
from cnnviz.engine.networks.layers.kinds import (
    Activation,
    AdaptivePool,
    Add,
    BatchNorm,
    Concat,
    Conv,
    ConvTranspose,
    Crop,
    Flatten,
    Layer,
    Linear,
    Mean,
    Multiply,
    Norm,
    Pad,
    PixelShuffle,
    Pool,
    Upsample,
    View,
)
from cnnviz.engine.networks.layers.shapes import layer_shape
from cnnviz.engine.networks.seeing.maps import own_eyes
from cnnviz.engine.networks.trace import trace_network
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.engine.pictures.fitted import fitted
from cnnviz.errors import SpecError
from cnnviz.lessons.receptive_field.trace import default_layer, exact_field, listed_rows, middle_unit, unit_over
from cnnviz.lessons.receptive_field.trace_effective import bounded, effective_field, field_on_picture, narrowed, seen_as
from cnnviz.lessons.receptive_field.trace_view import foggy, log_ways
from tests.engine.networks.field_oracle import gradient, measured, units

SIZES = {"unet_padded": (1, 48, 48), "unet_paper": (1, 188, 188), "lecture_cnn": (1, 12, 14), "alexnet": (3, 96, 80)}
NAMES = ["lecture_cnn", "lenet5", "lenet_modern", "vgg11", "resnet18", "mobilenet_v2", "squeezenet1_1", "googlenet",
         "unet_padded", "unet_paper", "alexnet"]  # fmt: skip


def row_of(*layers: Layer, size: tuple[int, ...] = (2, 12, 11)) -> Network:
    draft = Draft("row", "A row of layers", size)
    draft.chain(layers)
    return draft.done()


def assert_exact(network: Network, size: tuple[int, ...] | None = None, step: int = 1) -> None:
    for row in trace_network(network, size).rows[::step]:
        for unit in units(row):
            mask = exact_field(network, row.name, unit, size).mask
            assert np.array_equal(mask, measured(network, row.name, unit, size)), (row.name, unit)


@pytest.mark.parametrize("name", NAMES)
def test_published_networks_see_what_has_a_gradient(name: str) -> None:
    network = ARCHITECTURES[name]
    size = SIZES.get(name, network.input if network.input[1] < 64 else (3, 64, 52))
    rows = listed_rows(trace_network(network, size))
    for row in rows[:: max(len(rows) // 6, 1)]:
        unit = units(row)[-1]
        mask = exact_field(network, row.name, unit, size).mask
        assert np.array_equal(mask, measured(network, row.name, unit, size)), (row.name, unit)


@pytest.mark.parametrize(
    "layers",
    [
        (Conv(3, 3, dilation=2, padding=2), Conv(2, 3, dilation=2, padding=2)),
        (Conv(3, (1, 4), stride=(1, 3), padding=((0, 0), (2, 1))), Pool(2)),
        (Conv(2, 1, stride=3), Conv(2, 3, padding=1)),
        (Conv(2, 4, padding="same"), Activation("relu"), BatchNorm()),
        *[(Conv(2, 5, padding=3, padding_mode=mode),) for mode in ("reflect", "replicate", "circular")],
        *[(Pad(((2, 1), (0, 3)), mode), Conv(2, 3)) for mode in ("zeros", "reflect", "replicate", "circular")],
        (Pool(3, stride=2, padding=1, ceil_mode=True), Pool(2, how="avg", ceil_mode=True)),
        (Pool(2, stride=1, dilation=3), Conv(2, 2)),
        (AdaptivePool((5, 4)), Conv(2, 2)),
        (AdaptivePool((None, 3), how="max"), AdaptivePool(1), Flatten(), Linear(3)),
        (ConvTranspose(3, 3, stride=2, padding=1, output_padding=1), Conv(2, 2)),
        (ConvTranspose(2, 2, stride=3, dilation=2), Conv(2, 1)),
        (Upsample(2), Conv(2, 2)),
        (Conv(2, 3), Upsample(2, mode="bilinear"), Conv(2, 2)),
        (Upsample(None, size=(17, 9), mode="bilinear"), Conv(2, 2)),
        (Upsample(None, size=(23, 5), mode="bilinear", align_corners=True),),
        (Upsample(None, size=(7, 18), mode="nearest"), Conv(1, 2)),
        (Upsample(None, size=(5, 7), mode="area"),),
        (Conv(8, 3), PixelShuffle(2), Conv(2, 3)),
        (PixelShuffle(2), Conv(1, 2)),
        (Conv(1, 1), Crop(margins=((1, 2), (0, 3))), Conv(1, 3)),
        (Crop(size=(6, 4)), Conv(1, 3, padding=1)),
        (Conv(2, 3), Mean((2, 3)), Linear(3), Activation("softmax")),
        (Conv(2, 3), Mean((3,)), Linear(3)),
        (Conv(2, 3), Mean((1,), keep=True), Conv(1, 3)),
        (Conv(4, 3, groups=2), Activation("softmax"), Flatten(), Linear(4), Activation("relu"), Linear(2)),
        (Conv(2, 3), View((-1,)), Linear(24), View((2, 3, 4)), Conv(1, 2)),
        (Norm("response", groups=3), Conv(2, 3)),
    ],
    ids=str,
)  # fmt: skip
def test_every_kind_of_layer(layers: tuple[Layer, ...]) -> None:
    size = (4, 12, 11) if any(isinstance(layer, PixelShuffle) for layer in layers[:1]) else (2, 12, 11)
    assert_exact(row_of(*layers, size=size))


def branched() -> Network:
    draft = Draft("branched", "Branches", (2, 13, 12))
    a = draft.add("a", Conv(4, 3, padding=1, groups=2))
    b = draft.add("b", Conv(4, 3, padding=2, dilation=2), "input")
    total = draft.add("sum", Add(), a, b)
    gate = draft.add("gate", AdaptivePool(1))
    product = draft.add("product", Multiply(), a, gate)
    joined = draft.add("joined", Concat(), product, draft.add("d", Conv(4, 3, padding=1, stride=1), b), total)
    draft.add("depthwise", Conv(12, (3, 1), padding=(1, 0), groups=12), joined)
    small = draft.add("small", Crop(size=(9, 8)))
    draft.add("cropped", Crop(), joined, small)
    draft.add("tall", Concat(axis=2), "cropped", small)
    draft.add("shuffled", PixelShuffle(2), joined)
    draft.add("apart", Conv(3, 3, groups=3))
    draft.add("head", Linear(3))
    return draft.done()


def test_branches_gates_groups_and_crops() -> None:
    assert_exact(branched())


def test_channels_are_kept_apart_where_a_shuffle_parts_them() -> None:
    draft = Draft("parted", "Parted", (1, 12, 12))
    left = draft.add("left", Conv(2, 1))
    right = draft.add("right", Conv(2, 5, padding=2), "input")
    draft.add("joined", Concat(), left, right)
    draft.add("shuffled", PixelShuffle(2))
    network = draft.done()
    assert [exact_field(network, "shuffled", (12, column)).count for column in (12, 13)] == [1, 1]
    assert exact_field(network, "shuffled", (13, 12)).count == 25
    assert_exact(network)


LAYERS = st.one_of(
    st.builds(Conv, st.sampled_from([2, 4]), st.integers(1, 3), st.integers(1, 3), st.integers(0, 2),
              st.integers(1, 3), st.sampled_from([1, 2])),
    st.builds(Pool, st.integers(2, 3), st.integers(1, 3), st.integers(0, 1), ceil_mode=st.booleans()),
    st.builds(ConvTranspose, st.just(4), st.integers(1, 4), st.integers(1, 3), st.integers(0, 1)),
    st.builds(AdaptivePool, st.integers(2, 7)),
    st.builds(Upsample, st.integers(1, 3), mode=st.sampled_from(["nearest", "bilinear"])),
    st.sampled_from([PixelShuffle(2), PixelShuffle(2, down=True), Pad(1), Crop(margins=1), Activation("relu"),
                     Flatten(), Linear(4), Mean((3,), keep=True)]),
)  # fmt: skip


@st.composite
def graphs(draw: st.DrawFn) -> Network:
    """Random legal graphs: chains, additions and concatenations of whatever fits."""
    shapes: dict[str, Shape] = {"input": (draw(st.integers(1, 3)), draw(st.integers(5, 12)), draw(st.integers(5, 12)))}
    draft = Draft("random", "Random", shapes["input"])
    for number in range(draw(st.integers(1, 7))):
        source = draw(st.sampled_from(list(shapes)))
        kind = draw(st.integers(0, 3))
        inputs, layer = [source], draw(LAYERS)
        if kind == 0:
            other = draw(st.sampled_from(list(shapes)))
            inputs, layer = [source, other], draw(st.sampled_from([Add(), Concat(), Concat(axis=2)]))
        try:
            shape = layer_shape(layer, [shapes[name] for name in inputs])
        except SpecError:
            continue
        if np.prod(shape) > 5000 or min(shape) < 1:
            continue
        shapes[draft.add(f"n{number}", layer, *inputs)] = shape
    draft.add("end", Activation("identity"), draft.last)
    return draft.done()


@given(graphs(), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_random_graphs(network: Network, random) -> None:
    row = trace_network(network).rows[-1]
    sizes = row.output_shape if len(row.output_shape) == 1 else row.output_shape[1:]
    unit = tuple(random.randrange(n) for n in sizes)
    assert np.array_equal(exact_field(network, "end", unit).mask, measured(network, "end", unit))


def test_ways_are_the_gradient_of_ones_where_there_is_one_channel() -> None:
    network = row_of(Conv(1, 3, padding=1), Conv(1, 3, stride=2), ConvTranspose(1, 3, stride=2), Conv(1, 2, dilation=2),
                     size=(1, 15, 13))  # fmt: skip
    for row in trace_network(network).rows:
        for unit in units(row):
            assert np.array_equal(
                exact_field(network, row.name, unit).ways, gradient(network, row.name, unit, ones=True)
            )


def test_known_fields() -> None:
    vgg, resnet = ARCHITECTURES["vgg16"], ARCHITECTURES["resnet18"]
    pool5 = trace_network(vgg).row("features.30").receptive_field[0]
    assert (pool5.size, pool5.stride) == (212, 32)
    boxes = [exact_field(vgg, "features.30", (unit, unit), (3, 448, 448)).box for unit in (0, 6, 7)]
    assert [box[2] for box in boxes] == [122, 212, 212]
    assert boxes[2][0] - boxes[1][0] == 32
    assert trace_network(resnet).row("layer4.1.add").receptive_field[0].size == 435
    assert [exact_field(resnet, "layer4.1.add", (unit, 6)).count for unit in (0, 1, 6)] == [218 * 224, 224**2, 224**2]
    holes = exact_field(row_of(*[Conv(1, 3, padding=2, dilation=2)] * 2, size=(1, 24, 24)), "1", (12, 12))
    assert (holes.box, holes.count, holes.holes) == ((8, 8, 9, 9), 25, 56)


@pytest.mark.parametrize("name", ["vgg16", "resnet50", "densenet121", "alexnet"])
def test_the_box_of_a_middle_unit_is_the_formula_s(name: str) -> None:
    trace = trace_network(ARCHITECTURES[name])
    row = trace.row(default_layer(trace))
    assert not any(field.size * 2 > n for field, n in zip(row.receptive_field, trace.input[1:], strict=True))
    field = exact_field(trace.network, row.name, middle_unit(row))
    for axis, (one, unit) in enumerate(zip(row.receptive_field, field.unit, strict=True)):
        assert (field.box[axis], field.box[axis] + field.box[axis + 2]) == one.span(unit)


def test_behind_an_enlargement_neighbours_differ_and_the_formula_is_between() -> None:
    unet = ARCHITECTURES["unet_paper"]
    heights = {exact_field(unet, "head", (row, 194)).box[2] for row in range(190, 198)}
    assert min(heights) < trace_network(unet).row("head").receptive_field[0].size < max(heights)


def test_a_norm_over_the_map_sees_all_of_it() -> None:
    for norm in (Norm("instance"), Norm("group", groups=2), Norm("layer", shape=(4, 10, 9))):
        network = row_of(Conv(4, 3), norm)
        assert exact_field(network, "1", (0, 0)).count == 12 * 11


def test_a_unit_that_sees_only_padding_sees_nothing() -> None:
    field = exact_field(row_of(Conv(1, 1, padding=3)), "0", (0, 0))
    assert (field.count, field.box, field.holes) == (0, (0, 0, 0, 0), 0)


def test_impossible_questions_have_an_answer() -> None:
    network = ARCHITECTURES["lenet5"]
    for layer, unit in [("none", (0, 0)), ("s2", (14, 0)), ("s2", (3,)), ("f6", (84,)), ("f6", (0, 0))]:
        with pytest.raises(SpecError):
            exact_field(network, layer, unit)


def test_ways_beyond_counting_stay_numbers() -> None:
    network = row_of(*[Conv(1, 3, padding=1)] * 400, size=(1, 9, 9))
    field = exact_field(network, "399", (4, 4))
    assert field.count == 81
    assert np.isfinite(field.ways).all()


def test_units_stand_over_their_places() -> None:
    trace = trace_network(ARCHITECTURES["vgg16"])
    row = trace.row("features.30")
    assert unit_over(row, (112, 112)) == (3, 3)
    assert unit_over(row, (0, 10_000)) == (0, 6)
    assert unit_over(trace.row("classifier.0"), (3, 4)) == (0,)
    assert [unit_over(row, (16 + 32 * k, 16)) for k in range(7)] == [(k, 0) for k in range(7)]


@pytest.mark.parametrize(
    ("name", "layer", "unit"),
    [
        ("vgg11", "features.9", (5, 6)),
        ("resnet18", "layer2.1.add", (3, 3)),
        ("mobilenet_v2", "features.5.conv.1.0", (4, 2)),
    ],
)
def test_the_effective_field_lies_inside_and_is_strongest_in_the_middle(name, layer, unit) -> None:
    network = ARCHITECTURES[name]
    field = exact_field(network, layer, unit, (3, 64, 64))
    found = effective_field(network, layer, unit, (3, 64, 64), seeds=3)
    assert found.weight.max() == 1
    assert not found.weight[~field.mask].any()
    assert 0 < found.pixels(0.5) < found.pixels(0.95) <= field.count
    assert np.array_equal(found.weight, effective_field(network, layer, unit, (3, 64, 64), seeds=3).weight)


@pytest.mark.parametrize(("name", "layer", "unit"), [("digits_lenet", "conv2", (5, 4)), ("shapes_vgg", "fc", (2,))])
def test_on_a_picture_with_trained_weights_it_is_the_gradient_that_pytorch_gives(name, layer, unit) -> None:
    eyes = own_eyes(name)
    pixels = np.random.default_rng(1).integers(0, 256, (*eyes.input[1:], 3)).astype(np.uint8)
    found = field_on_picture(ARCHITECTURES[name], layer, unit, pixels, trained=True, seeds=2)
    assert found.on == "trained"
    x = torch.from_numpy(pixels).permute(2, 0, 1)[None, : eyes.input[0]].float() / 255
    x.requires_grad_(True)
    energy = torch.zeros(eyes.input[1:], dtype=torch.double)
    for seed in range(2):
        y = eyes.module(x, keep=(layer,))[layer][0]
        chosen = y[unit] if y.dim() == 1 else y[(slice(None), *unit)]
        mix = torch.randn(chosen.shape, generator=torch.Generator().manual_seed(seed))
        energy += torch.autograd.grad((chosen * mix).sum(), x)[0][0].double().pow(2).sum(0)
    expected = (energy / energy.max()).sqrt().numpy()
    assert np.allclose(found.weight, expected, atol=1e-5)


def test_on_a_picture_with_random_weights_it_depends_on_the_picture() -> None:
    network = ARCHITECTURES["lenet_modern"]
    layer = network.nodes[3].name
    field = exact_field(network, layer, (2, 2))
    rng = np.random.default_rng(0)
    one, two = (rng.integers(0, 256, (*network.input[1:], 3)).astype(np.uint8) for _ in range(2))
    found = field_on_picture(network, layer, (2, 2), one, seeds=3)
    assert found.on == "picture"
    assert not found.weight[~field.mask].any()
    assert np.array_equal(found.weight, field_on_picture(network, layer, (2, 2), one, seeds=3).weight)
    assert not np.array_equal(found.weight, field_on_picture(network, layer, (2, 2), two, seeds=3).weight)
    with pytest.raises(SpecError, match="no trained weights"):
        field_on_picture(network, layer, (2, 2), one, trained=True)
    x = seen_as(one, 1, plain=False)
    assert abs(float(x.mean())) < 1e-4
    assert abs(float(x.std()) - 1) < 1e-4


def test_a_large_network_is_narrowed_and_a_huge_one_refused() -> None:
    trace, factor = bounded(cut(ARCHITECTURES["vgg16"], "features.30"), None)
    assert factor > 1
    assert trace.rows[-1].output_shape == (512 // factor, 7, 7)
    assert trace_network(narrowed(ARCHITECTURES["mobilenet_v2"], 8)).fault is None
    with pytest.raises(SpecError, match="too long"):
        bounded(row_of(*[Conv(1, 99, padding=49)] * 4, size=(1, 640, 640)), None)


def test_a_picture_is_cut_and_scaled() -> None:
    pixels = np.zeros((40, 80, 3), np.uint8)
    pixels[:, 20:60, 0] = 200
    assert (fitted(pixels, 20, 20, 3)[:, 4:-4, 0] == 200).all()
    assert (fitted(pixels, 20, 20, 1)[:, 4:-4] == 60).all()
    assert fitted(pixels, 9, 70, 3).shape == (9, 70, 3)
    clear = foggy(pixels, np.ones((40, 80), bool))
    assert np.array_equal(clear, pixels)
    assert np.isnan(log_ways(np.zeros((2, 2)))).all()
