"""The table that a network is edited in, the links to stages of every kind, and the picture that turns."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.arithmetic import output_size
from cnnviz.engine.networks.graph import Network, Node
from cnnviz.engine.networks.layers.kinds import AdaptivePool, Conv, ConvTranspose, Layer, PixelShuffle, Pool
from cnnviz.engine.networks.trace import trace_network
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.errors import SpecError
from cnnviz.lessons.build.figure_solid import solid_message
from cnnviz.lessons.build.spec import BuildSpec, parse_turn, show_turn
from cnnviz.lessons.build.spec_examples import BUILD_PRESETS
from cnnviz.lessons.build.spec_layers import KINDS, new_layer
from cnnviz.lessons.build.trace import change
from cnnviz.lessons.build.trace_links import stage_links
from cnnviz.lessons.build.trace_parts import find_parts
from cnnviz.lessons.build.trace_table import cells_of, table_columns, typed
from cnnviz.lessons.build.trace_text import read_network
from cnnviz.lessons.pooling.spec import PoolingSpec
from cnnviz.lessons.shuffle.spec import ShuffleSpec
from cnnviz.lessons.signals.spec import SignalSpec
from cnnviz.lessons.transposed.spec import TransposedSpec
from cnnviz.lessons.volumes.spec import VolumesSpec
from tests.lessons.convolution.specs import examples


def links(layer: Layer, shape: tuple[int, ...]):
    trace = trace_network(Network("", "", shape, [Node("one", layer)]))
    return [] if trace.fault else stage_links(trace.rows[0])


@examples(150)
@given(st.data())
def test_lines_and_films_open_on_stages_that_can_show_them(data) -> None:
    rank = data.draw(st.sampled_from([1, 3]))

    def each(low: int, high: int) -> tuple[int, ...]:
        return tuple(data.draw(st.integers(low, high)) for _ in range(rank))

    layer = Conv(4, each(1, 11), each(1, 7), each(0, 9), each(1, 6), rank=rank)
    shape = (3, *each(1, 40))
    found = links(layer, shape)
    if not found:
        return
    (link,) = found
    assert link.query
    assert all(note.endswith(".") for note in link.notes)
    if rank == 1:
        spec, notes = SignalSpec.from_query(link.query)
        assert not isinstance(spec.padding, str)
        assert output_size(spec.size, spec.kernel, spec.stride, spec.padding, spec.dilation) >= 1
        exact: Any = (spec.size, spec.kernel, spec.stride, spec.dilation)
        asked: Any = (shape[1], layer.kernel[0], layer.stride[0], layer.dilation[0])
    else:
        film, notes = VolumesSpec.from_query(link.query)
        for axis in range(3):
            settings: Any = (film.kernel[axis], film.stride[axis], film.padding[axis], film.dilation[axis])
            assert output_size(film.size[axis], *settings) >= 1
        exact = (film.size, film.kernel, film.stride, film.dilation)
        asked = (shape[1:], layer.kernel, layer.stride, layer.dilation)
    assert not notes
    assert (exact == asked) or link.notes


@pytest.mark.parametrize(
    ("layer", "shape", "page", "spec"),
    [
        (PixelShuffle(2), (64, 8, 8), "shuffle", ShuffleSpec("shuffle", 2, (4, 4), 3)),
        (PixelShuffle(3, down=True), (2, 9, 6), "shuffle", ShuffleSpec("unshuffle", 3, (3, 2), 2)),
        (Pool(2, rank=1), (4, 12), "pooling", PoolingSpec(size=(1, 12), kernel=(1, 2))),
        (AdaptivePool(3, rank=1), (4, 9), "pooling", PoolingSpec("mean", "adaptive", (1, 9), outputs=(1, 3))),
        (ConvTranspose(2, 3, stride=2, rank=1), (4, 4), "transposed", TransposedSpec((1, 4), (1, 3), (1, 2))),
    ],
)  # fmt: skip
def test_every_kind_with_a_page_opens_there(layer, shape, page, spec) -> None:
    (link,) = links(layer, shape)
    assert link.page == page
    assert type(spec).from_query(link.query) == (spec, [])


def test_what_no_page_shows_has_no_link() -> None:
    assert links(PixelShuffle(1), (4, 3, 3)) == []
    assert links(Pool(2, rank=3), (4, 6, 6, 6)) == []
    assert links(ConvTranspose(2, 2, rank=3), (4, 6, 6, 6)) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(4, 12, 12), (4, 12), (4, 6, 6, 6)])
def test_what_stands_in_a_cell_can_be_typed_again(kind, shape) -> None:
    layer = new_layer(kind, shape)
    network = Network("", "", shape, [Node("one", layer)])
    for cell in cells_of(layer):
        assert change(network, "one", **typed(layer, cell.column, cell.text))["one"].layer == layer
        assert cell.column in dict(table_columns([Node("one", layer)]))


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("kernel", "0", "too small: 1"), ("kernel", "3×99", "too large: 31"), ("kernel", "", "not understood"),
        ("kernel", "3.3", "whole numbers"), ("out", "many", "whole number"), ("out", "0", "smallest"),
        ("padding", "-1", "not understood"), ("dilation", "1e9", "not understood"), ("p", "2", "no dropped"),
        ("groups", "9999", "largest"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named(column, text, said) -> None:
    with pytest.raises(SpecError) as refused:
        typed(Conv(8, 3), column, text)
    assert said in refused.value.message
    assert refused.value.message.endswith(".")


@given(st.text(max_size=20), st.sampled_from(["out", "kernel", "padding", "bias", "groups"]))
def test_any_text_is_read_or_refused(text, column) -> None:
    try:
        settings = typed(Conv(8, 3), column, text)
    except SpecError as error:
        assert error.message.endswith(".")
    else:
        assert len(settings) == 1


@pytest.mark.parametrize(
    "name", ["resnet18", "unet_paper", "googlenet", "densenet121", *(p.name for p in BUILD_PRESETS)]
)
def test_the_picture_that_turns_holds_every_block(name) -> None:
    preset = next((one for one in BUILD_PRESETS if one.name == name), None)
    network = read_network(preset.code, preset.size) if preset else ARCHITECTURES[name]
    assert network is not None
    trace = trace_network(network)
    parts = find_parts(trace)
    message = solid_message(trace, parts, chosen="input", dark=True, turn=(0, 0, 1))
    blocks = message["blocks"]
    assert [block["key"] for block in blocks] == ["input", *(part.key for part in parts)]
    assert {block["family"] for block in blocks} == set(message["families"])
    assert all(min(block["size"]) > 0 for block in blocks)
    spans: dict[int, tuple[float, float]] = {}
    for block in blocks:  # what is painted first is decided by columns, so they must not overlap
        left, right = (block["at"][0] + way * block["size"][0] / 2 for way in (-1, 1))
        low, high = spans.get(block["column"], (left, right))
        spans[block["column"]] = min(low, left), max(high, right)
    ordered = [spans[column] for column in sorted(spans)]
    assert all(before[1] < after[0] for before, after in pairwise(ordered))


@given(st.integers(-180, 180), st.integers(0, 90), st.integers(1, 9))
def test_a_turn_comes_back_from_its_url(side, above, zoom) -> None:
    assert parse_turn(show_turn((side, above, zoom))) == (side, above, zoom)
    spec = replace(BuildSpec.from_query({"net": "resnet18"})[0], turn=(side, above, zoom))
    assert BuildSpec.from_query(spec.to_query())[0] == spec


@pytest.mark.parametrize("text", ["", "1", "200.0", "0.91", "0.0.0", "a.b", "1.2.3.4", "٣.٣"])
def test_a_bad_turn_is_named(text) -> None:
    with pytest.raises(SpecError):
        parse_turn(text)
