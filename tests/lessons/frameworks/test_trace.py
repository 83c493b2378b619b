"""Every convention against PyTorch where PyTorch can, and against the documented formulas, written out once more."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnnviz.lessons.frameworks.code import framework_codes
from cnnviz.lessons.frameworks.examples import FRAMEWORKS_PRESETS
from cnnviz.lessons.frameworks.figure import drawing
from cnnviz.lessons.frameworks.spec import BOUNDS, FrameworksSpec
from cnnviz.lessons.frameworks.trace import place_all, same_frames
from cnnviz.lessons.frameworks.words import centre_formula, frame_words, same_formula, shift_sentence
from tests.lessons.convolution.specs import examples

SPECS = st.builds(
    FrameworksSpec,
    operation=st.sampled_from(["conv", "pool"]),
    input=st.integers(1, 40),
    kernel=st.integers(*BOUNDS["kernel"]),
    stride=st.integers(*BOUNDS["stride"]),
    padding=st.integers(0, 8),
    dilation=st.integers(1, 3),
)

TRANSPOSED = st.builds(
    FrameworksSpec,
    operation=st.just("transposed"),
    input=st.integers(1, 20),
    kernel=st.integers(*BOUNDS["kernel"]),
    stride=st.integers(*BOUNDS["stride"]),
    padding=st.integers(0, 8),
    dilation=st.integers(1, 3),
    output_padding=st.integers(*BOUNDS["output_padding"]),
)


def placed(spec: FrameworksSpec):
    return {row.name: row for row in place_all(spec)}


def torch_size(make, n: int) -> int | None:
    try:
        return make()(torch.zeros(1, 1, n, n)).shape[-1]
    except (RuntimeError, ValueError):
        return None


@examples(150)
@given(SPECS)
def test_pytorch_itself(spec):
    rows, k = placed(spec), spec.kernel
    common = {"stride": spec.stride, "dilation": spec.dilation}
    if spec.operation == "conv":
        makers: dict[str, Callable[[], nn.Module]] = {
            "torch": lambda: nn.Conv2d(1, 1, k, padding=spec.padding, **common),
            "torch_same": lambda: nn.Conv2d(1, 1, k, padding="same", **common),
        }
    else:
        makers = {
            "torch": lambda: nn.MaxPool2d(k, padding=spec.padding, **common),
            "torch_ceil": lambda: nn.MaxPool2d(k, padding=spec.padding, ceil_mode=True, **common),
        }
    for name, make in makers.items():
        size = torch_size(make, spec.input)
        assert rows[name].works == (size is not None), (name, rows[name])
        assert rows[name].works is False or rows[name].size == size


@examples(150)
@given(SPECS)
def test_the_documented_formulas(spec):
    n, k, s, d, p = spec.input, spec.kernel, spec.stride, spec.dilation, spec.padding
    rows = placed(spec)
    out = math.ceil(n / s)
    filter_size = (k - 1) * d + 1
    pad = max(filter_size - s, 0) if n % s == 0 else max(filter_size - n % s, 0)  # as TensorFlow writes it
    for name in ("keras_same", "onnx_upper"):
        if rows[name].works:
            assert (rows[name].size, rows[name].before, rows[name].after) == (out, pad // 2, pad - pad // 2)
    lower = rows["onnx_lower"]
    assert (lower.size, lower.before, lower.after) == (out, pad - pad // 2, pad // 2)
    valid = math.ceil((n - (k - 1) * d) / s)
    assert rows["onnx_valid"].works == (n >= filter_size)
    assert not rows["onnx_valid"].works or rows["onnx_valid"].size == valid
    assert rows["keras_same"].works == (not (d > 1 and (s > 1 or spec.operation == "pool")))
    caffe = rows["caffe"]
    if spec.operation == "pool" and caffe.works:
        size = math.ceil((n + 2 * p - k) / s) + 1
        if p and (size - 1) * s >= n + p:
            size -= 1
        assert caffe.size == size
        assert rows["torch_ceil"].works is False or p == 0 or rows["torch_ceil"].size == size
    elif caffe.works:
        assert caffe.size == rows["torch"].size


@examples(100)
@given(SPECS)
def test_places_by_walking_the_windows(spec):
    for row in place_all(spec):
        if not row.works:
            assert row.refused.endswith(".")
            continue
        windows = [
            range(j * spec.stride - row.before, j * spec.stride - row.before + spec.reach) for j in range(row.size)
        ]
        assert row.centre == (windows[0][0] + windows[0][-1]) / 2
        middle = (windows[0][0] + windows[-1][-1]) / 2
        assert row.off_middle == middle - (spec.input - 1) / 2
        last = spec.input + row.after - 1
        assert row.overhang == max(windows[-1][-1] - last, 0)
        assert row.unread == max(last - windows[-1][-1], 0)
        assert frame_words(row).endswith(".")
    assert shift_sentence(spec).endswith(".")


def test_the_famous_pixel():
    rows = placed(FrameworksSpec())
    assert (rows["torch"].before, rows["torch"].after) == (3, 3)
    assert (rows["keras_same"].before, rows["keras_same"].after) == (2, 3)
    assert rows["keras_same"].shift == 1
    assert [rows[name].off_middle for name in ("torch", "keras_same")] == [-0.5, 0.5]
    assert placed(FrameworksSpec("pool", 112, 3, 2, 0))["caffe"].size == 56
    assert placed(FrameworksSpec("pool", 113, 3, 2, 0))["caffe"].size == 56
    assert placed(FrameworksSpec("pool", 112, 3, 2, 0))["torch"].size == 55


def test_a_shift_is_seen_by_a_kernel():
    """A kernel that picks its middle reads the cells that the centres name."""
    x = torch.arange(224.0).reshape(1, 1, 224)
    weight = torch.zeros(1, 1, 7)
    weight[..., 3] = 1
    rows = placed(FrameworksSpec())
    for name in ("torch", "keras_same"):
        row = rows[name]
        y = nn.functional.conv1d(nn.functional.pad(x, (row.before, row.after)), weight, stride=2)
        assert y.shape[-1] == row.size
        assert y[0, 0, 0] == float(row.centre)


@examples(150)
@given(TRANSPOSED)
def test_transposed_against_pytorch_and_as_the_way_back_of_a_convolution(spec):
    rows, n, s = placed(spec), spec.input, spec.stride
    settings = {"stride": s, "padding": spec.padding, "dilation": spec.dilation}

    def size_of(extra: int) -> int | None:
        layer = nn.ConvTranspose1d(1, 1, spec.kernel, output_padding=extra, **settings)
        try:
            return layer(torch.zeros(1, 1, n)).shape[-1]
        except RuntimeError:
            return None

    for name, extra in (("torch", spec.output_padding), ("onnx_notset", spec.output_padding), ("caffe", 0)):
        assert rows[name].works == (size_of(extra) is not None), name
        assert not rows[name].works or rows[name].size == size_of(extra)
    assert rows["onnx_valid"].size == (n - 1) * s + spec.reach
    for name in ("keras_same", "onnx_upper", "tf_shape"):
        row = rows[name]
        if not row.works:
            continue
        # TensorFlow's is the gradient of a convolution with SAME that makes n of the output's size.
        back = {one.name: one for one in place_all(FrameworksSpec("conv", row.size, spec.kernel, s, 0, spec.dilation))}
        same = back["onnx_upper"]
        assert (same.size, same.before, same.after) == (n, row.before, row.after)
        assert same.centre == row.centre
    valid = rows["keras_valid"]
    if valid.works:
        assert -(-(valid.size - spec.reach + 1) // s) == n
    assert rows["keras_same"].works == valid.works == (spec.dilation == 1 or s == 1)


@examples(80)
@given(TRANSPOSED)
def test_stamps_are_where_it_is_said(spec):
    """PyTorch's full output, cut or widened as a row says, is that row's; and an impulse lands on its centre."""
    whole = nn.functional.conv_transpose1d(
        torch.ones(1, 1, spec.input), torch.ones(1, 1, spec.kernel), stride=spec.stride, dilation=spec.dilation
    )[0, 0]
    for row in place_all(spec):
        if not row.works:
            assert row.refused.endswith(".")
            continue
        assert row.before + row.size + row.after == len(whole) + row.added
        assert row.axis == row.size
        assert row.windows == spec.input
        starts = [i * spec.stride - row.before for i in range(row.windows)]
        assert row.centre == starts[0] + (spec.reach - 1) / 2
        assert row.off_middle == (starts[0] + starts[-1] + spec.reach - 1) / 2 - (row.size - 1) / 2
        if row.name == "torch" and row.works:
            kept = torch.cat([whole, torch.zeros(row.added)])[row.before : row.before + row.size]
            layer = nn.functional.conv_transpose1d(
                torch.ones(1, 1, spec.input), torch.ones(1, 1, spec.kernel), stride=spec.stride,
                padding=spec.padding, output_padding=spec.output_padding, dilation=spec.dilation,
            )[0, 0]  # fmt: skip
            assert torch.equal(layer, kept)
        assert frame_words(row, "transposed").endswith(".")
    assert shift_sentence(spec).endswith(".")


def test_the_famous_half_step_back():
    rows = placed(FrameworksSpec("transposed", 7, 3, 2, 1, 1, 1))
    cuts = [(rows[name].size, rows[name].before, rows[name].after) for name in ("torch", "keras_same", "onnx_shape")]
    assert cuts == [(14, 1, 0), (14, 0, 1), (14, 1, 0)]
    assert rows["keras_same"].shift == 1
    assert "take 1 or less" in placed(FrameworksSpec("transposed", 7, 3, 2, 1, 1, 2))["torch"].refused.lower()


def specs_of_presets():
    return [FrameworksSpec.from_query(preset.state)[0] for preset in FRAMEWORKS_PRESETS]


@pytest.mark.parametrize(
    "spec",
    [
        *specs_of_presets(),
        FrameworksSpec("pool", 9, 4, 3, 2),
        FrameworksSpec("conv", 5, 9, 1, 0),
        FrameworksSpec("transposed", 5, 2, 3, 0, 1, 2),
    ],
)
def test_the_code_for_pytorch_runs_and_gives_what_it_says(spec, capsys):
    codes = framework_codes(spec)
    for name in ("“Same” in PyTorch", "PyTorch"):
        if name in codes:
            exec(compile(codes[name], name, "exec"), {})
            promised = [line[2:] for line in codes[name].splitlines() if line.startswith("# torch.Size")]
            assert capsys.readouterr().out.splitlines() == promised
    for name in ("Keras", "PyTorch’s padding in Keras", "ONNX"):
        if name in codes:
            compile(codes[name], name, "exec")


@examples(60)
@given(SPECS)
def test_the_helper_pads_like_same(spec):
    names: dict[str, Any] = {}
    code = framework_codes(spec)["“Same” in PyTorch"]
    exec(compile(code.replace("print(layer(x).shape)", ""), "page", "exec"), names)
    same = placed(spec)["onnx_upper"]
    x = torch.ones(1, 1, spec.input, spec.input)
    padded = names["pad_same"](x, spec.kernel, spec.stride, spec.dilation)
    assert padded.shape[-1] == spec.input + same.before + same.after
    assert padded[0, 0, same.before, same.before] == 1
    assert names["layer"](names["x"]).shape[-1] == same.size


@examples(60)
@given(SPECS | TRANSPOSED)
def test_the_drawing_and_the_formulas(spec):
    rows = place_all(spec)
    groups = same_frames(rows)
    assert sum(map(len, groups)) == sum(row.works for row in rows)
    html = drawing(spec, groups, dark=False)
    assert html.count("<section") == len(groups)
    assert html.count("alt='") == html.count("<img")
    assert same_formula(spec).count("aligned") == centre_formula(spec).count("aligned") == 2


@examples(100)
@given(SPECS | TRANSPOSED)
def test_a_state_comes_back_from_its_url(spec):
    assert FrameworksSpec.from_query(spec.to_query()) == (spec, [])


@pytest.mark.parametrize("preset", FRAMEWORKS_PRESETS, ids=lambda preset: preset.name)
def test_examples_are_canonical(preset):
    assert FrameworksSpec.from_query(preset.state)[0].to_query() == dict(preset.state)
