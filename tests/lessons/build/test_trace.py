"""Edits of networks: whatever is done in whatever order gives a legal network, or a sentence that says why not."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.engine.networks.graph import INPUT, Draft, Network, Node
from cnnviz.engine.networks.layers.kinds import Add, Conv, Pool
from cnnviz.engine.networks.modules import build_module
from cnnviz.engine.networks.trace import trace_network
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.errors import SpecError
from cnnviz.lessons.build.figure import build_figure
from cnnviz.lessons.build.figure_layout import lay_out
from cnnviz.lessons.build.spec_examples import BUILD_PRESETS
from cnnviz.lessons.build.spec_layers import KINDS, new_layer, read_axes, settings_of, show_axes
from cnnviz.lessons.build.trace import (
    add_shortcut,
    change,
    insert_after,
    insert_between,
    loosen,
    move,
    newest,
    remove,
)
from cnnviz.lessons.build.trace_links import stage_links
from cnnviz.lessons.build.trace_parts import FOLD_FROM, find_parts, openable, opened_for, stages
from cnnviz.lessons.build.trace_text import mends, read_network, write_network
from cnnviz.lessons.build.words import picture_alt, row_arithmetic, size_latex
from cnnviz.lessons.channels.spec import ChannelsSpec
from cnnviz.lessons.convolution.spec import ConvolutionSpec
from cnnviz.lessons.pooling.spec import PoolingSpec
from cnnviz.lessons.transposed.spec import TransposedSpec

SPECS: dict[str, Any] = {
    "convolution": ConvolutionSpec, "channels": ChannelsSpec, "pooling": PoolingSpec, "transposed": TransposedSpec,
}  # fmt: skip


def preset(name: str) -> Network:
    found = next(one for one in BUILD_PRESETS if one.name == name)
    network = read_network(found.code, found.size)
    assert network is not None
    return network


PRESETS = {one.name: preset(one.name) for one in BUILD_PRESETS}
EDITS = st.tuples(
    st.sampled_from(["insert", "remove", "earlier", "later", "add", "concat", "change", "between"]),
    st.integers(-1, 30),
    st.integers(-1, 30),
    st.sampled_from(list(KINDS)),
    st.integers(0, 9),
)


def pick(network: Network, number: int) -> str:
    names = [INPUT, *(node.name for node in network)]
    return names[(number + 1) % len(names)]


def edited(network: Network, edit: tuple[str, int, int, str, int]) -> Network:
    what, first, second, kind, number = edit
    name, other = pick(network, first), pick(network, second)
    if what == "insert":
        return insert_after(network, name, new_layer(kind, network.input))
    if what == "between":
        return insert_between(network, other, name, new_layer(kind, network.input))
    if what in {"add", "concat"}:
        return add_shortcut(network, name, other, what)
    if what == "remove":
        return remove(network, name)
    if what in {"earlier", "later"}:
        return move(network, name, -1 if what == "earlier" else 1)
    numbers = [one.name for one in settings_of(network[name].layer) if one.form == "axes"] if name != INPUT else []
    if not numbers:
        raise SpecError("name", "Nothing to change.")
    return change(network, name, **{numbers[number % len(numbers)]: number})


def unread(network: Network) -> set[str]:
    read = {name for node in network for name in network.inputs_of(node.name)} | {network.last}
    return {node.name for node in network} - read


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(PRESETS)), st.lists(EDITS, max_size=12))
def test_any_edits_give_a_legal_network_or_a_sentence(start, edits):
    network = PRESETS[start]
    for edit in edits:
        try:
            after = edited(network, edit)
        except SpecError as error:
            assert error.message.endswith("."), error.message
            continue
        names = [node.name for node in after]
        assert len(set(names)) == len(names)
        assert unread(after) <= unread(network)
        network = loosen(after)
        trace = trace_network(network)
        assert len(trace.rows) + bool(trace.fault) + len(trace.skipped) == len(network)
        again = read_network(write_network(network))
        assert again is not None
        assert again.input == network.input
        same = trace_network(again)
        assert bool(same.fault) == bool(trace.fault)
        assert (same.params, same.macs) == (trace.params, trace.macs)
        if not trace.fault:
            assert same.output_shape == trace.output_shape


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(PRESETS)), st.lists(EDITS, max_size=10))
def test_every_network_can_be_drawn(start, edits):
    network = PRESETS[start]
    for edit in edits:
        try:
            network = edited(network, edit)
        except SpecError:
            continue
    trace = trace_network(network)
    parts = find_parts(trace)
    layout = lay_out(trace, parts)
    assert {box.key for box in layout.boxes} == {INPUT, *(part.key for part in parts)}
    places = [(box.column, box.lane) for box in layout.boxes]
    assert len(set(places)) == len(places), "Two blocks stand in one place."
    assert len(layout.near) + len(layout.far) == sum(len(part.reads) for part in parts)
    build_figure(trace, parts, chosen=INPUT, dark=False)
    assert picture_alt(trace, parts).endswith(".")


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(list(PRESETS)), st.lists(EDITS, max_size=8))
def test_what_fits_here_fits_in_torch(start, edits):
    import torch

    network = PRESETS[start]
    for edit in edits:
        try:
            network = loosen(edited(network, edit))
        except SpecError:
            continue
    trace = trace_network(network)
    if trace.fault or not network.nodes or trace.macs > 10**9:
        return
    module = build_module(network, device="meta").eval()
    shape = module(torch.empty(1, *trace.input, device="meta")).shape
    assert tuple(shape[1:]) == trace.output_shape


def test_an_insertion_is_read_by_all_that_read_the_layer_before():
    network = PRESETS["residual"]
    after = insert_after(network, "relu", Pool(1))
    assert newest(network, after) == "pool"
    assert after.inputs_of("conv1") == ("pool",)
    assert "pool" in after.inputs_of("add")
    one_way = insert_between(network, "relu", "add", Conv(64, 1))
    assert one_way.inputs_of("conv1") == ("relu",)
    assert "conv" in one_way.inputs_of("add")


def test_the_end_of_a_network_moves_with_what_is_put_behind_it():
    network = insert_after(PRESETS["lenet"], "11", new_layer("softmax", (10,)))
    assert network.last == "softmax"
    assert remove(network, "softmax").last == "11"
    assert move(network, "softmax", -1).last == "11"
    assert [node.name for node in move(network, "11", 1)][-2:] == ["softmax", "11"]


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        (lambda n: move(n, "stem", -1), "“stem” reads the input: nothing comes before it."),
        (lambda n: move(n, "add", -1), "“add” joins branches"),
        (lambda n: move(n, "bn2", 1), "“add” joins branches; “bn2” cannot pass it."),
        (lambda n: move(n, "conv1", -1), "“conv1” cannot pass this fork."),
        (lambda n: move(n, "relu", 1), "a fork stays where it is"),
        (lambda n: move(n, "fc", 1), "“fc” is the last layer already."),
        (lambda n: add_shortcut(n, "bn2", "stem", "add"), "A shortcut leads forward"),
        (lambda n: add_shortcut(n, "bn2", "bn2", "add"), "A shortcut leads forward"),
        (lambda n: add_shortcut(n, "relu", "bn2", "concat"), "are joined already"),
        (lambda n: remove(n, "nothing"), "There is no layer “nothing”."),
        (lambda n: insert_between(n, "stem", "fc", Conv(1, 1)), "“fc” does not read “stem”."),
        (lambda n: change(n, "conv1", groups=7), "cannot be parted into 7 equal groups"),
        (lambda n: change(n, "conv1", stride=0), "1 is the smallest"),
    ],
)
def test_what_cannot_be_done_is_said(what, sentence):
    with pytest.raises(SpecError) as caught:
        what(PRESETS["residual"])
    assert sentence in caught.value.message


def test_a_branch_is_never_lost():
    with pytest.raises(SpecError, match="nothing would read the branch"):
        remove(PRESETS["inception"], "cat")
    network = PRESETS["residual"]
    for name in ("bn2", "conv2", "relu#2", "bn1"):
        network = remove(network, name)
    with pytest.raises(SpecError, match="both ways would be the same"):
        remove(network, "conv1")
    assert "add" not in [node.name for node in remove(network, "add")]


def test_a_module_that_runs_twice_changes_wherever_it_runs():
    network = Network(
        "n", "N", (4, 8, 8), [Node("conv", Conv(4, 3, padding=1)), Node("again", Conv(4, 3, padding=1), module="conv")]
    )
    after = change(network, "again", bias=False)
    for name in ("conv", "again"):
        layer = after[name].layer
        assert isinstance(layer, Conv) and not layer.bias


def test_a_shortcut_that_does_not_fit_gets_a_projection():
    trace = trace_network(PRESETS["broken"])
    assert trace.fault
    sentence, network = mends(trace, follow=True)[0]
    assert sentence == "Put a 1×1 convolution on the shortcut: 32 channels, stride 2."
    assert trace_network(network).fault is None
    assert network["conv"].layer == Conv(32, 1, stride=2, bias=False)


def test_channels_that_stand_in_the_way_are_let_go():
    network = change(PRESETS["lenet"], "0", channels=9)
    trace = trace_network(network)
    assert trace.fault
    sentences = [sentence for sentence, _ in mends(trace)]
    assert sentences[0] == "Let every layer take as many channels as arrive."
    assert any("in_channels=9" in one for one in sentences)
    for _, after in mends(trace):
        assert trace_network(after).rows[3].name == "3"
    again = read_network(write_network(network))
    assert again
    fault = trace_network(again).fault
    assert fault and fault.message == trace.fault.message, "The text keeps what layers were made for."


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_stages_fold_and_open(name):
    network = ARCHITECTURES[name]
    trace = trace_network(network)
    parts = find_parts(trace)
    assert len(parts) <= FOLD_FROM
    assert [node.name for part in parts for node in part.nodes] == [node.name for node in network]
    for node in (network.nodes[0], network.nodes[len(network) // 2], network.nodes[-1]):
        opened = opened_for(network, (), node.name)
        assert set(stages(network, opened)) == set(opened)
        assert any(part.key == node.name for part in find_parts(trace, opened))
    assert stages(network, ["nothing"]) == []
    text = read_network(write_network(network))
    assert text is not None
    assert len(openable(text)) == len(openable(network))


def test_a_long_row_without_stages_folds_too():
    draft = Draft("", "", (1, 8, 8))
    draft.chain([Conv(1, 1)] * 300)
    trace = trace_network(draft.done())
    parts = find_parts(trace)
    assert 1 < len(parts) <= FOLD_FROM
    assert len(find_parts(trace, [parts[0].key])) > len(parts)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_layer_opens_on_a_stage_that_says_what_was_reduced(name):
    for row in trace_network(ARCHITECTURES[name]).rows:
        assert row_arithmetic(row)[0].endswith(row_arithmetic(row)[0].split(" → ")[-1])
        for link in stage_links(row):
            spec, notes = SPECS[link.page].from_query(link.query)
            assert not notes
            assert link.query
            assert all(note.endswith(".") for note in link.notes)
            layer: Any = row.node.layer
            if not link.notes and link.page in {"convolution", "transposed"}:
                assert (spec.size, spec.kernel, spec.stride) == (row.inputs[0][1:], layer.kernel, layer.stride)
                assert spec.padding == layer.padding


def test_every_axis_formula_ends_with_the_size():
    row = trace_network(ARCHITECTURES["resnet50"]).rows[0]
    ((names, latex),) = size_latex(row)
    assert names == "Rows and columns"
    assert latex.rstrip().endswith("= 112\n\\end{aligned}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(3, 32, 32), (16, 8), (4, 8, 8, 8), (10,)])
def test_new_layers_have_settings_that_can_be_read_back(kind, shape):
    layer: Any = new_layer(kind, shape)
    for setting in settings_of(layer):
        value = getattr(layer, setting.name)
        if setting.form == "axes" and value is not None:
            again = read_axes(setting.name, show_axes(value), layer.rank)
            network = Network("", "", shape, [Node("one", layer)])
            assert change(network, "one", **{setting.name: again})["one"].layer == layer


@pytest.mark.parametrize("text", ["", "3x3x3", "-1", "a", "1.2", "１"])
def test_axes_that_cannot_be_read_are_named(text):
    with pytest.raises(SpecError, match="not understood"):
        read_axes("kernel", text, 2)


def test_adding_what_is_there_twice():
    draft = Draft("", "", (1, 8, 8))
    first = draft.add("a", Conv(1, 1))
    draft.add("sum", Add(), first, first)
    network = draft.done()
    assert remove(network, "sum").last == "a"
