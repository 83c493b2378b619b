"""The words and the code of the Pooling, Down-sampling and Pixel shuffle lessons."""

import re
import sys
import types
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from torch.nn import functional

from cnnviz.lessons.downsampling.examples import DOWNSAMPLING_PRESETS
from cnnviz.lessons.downsampling.spec import DownsamplingSpec
from cnnviz.lessons.downsampling.trace import DownsamplingTrace, trace_downsampling
from cnnviz.lessons.downsampling.words import downsampling_code, explain_equality, explain_price, explain_ways
from cnnviz.lessons.pooling.code import pooling_keras_code, pooling_torch_code
from cnnviz.lessons.pooling.examples import POOLING_PRESETS
from cnnviz.lessons.pooling.spec import PoolingSpec
from cnnviz.lessons.pooling.trace import PoolingTrace, trace_pooling
from cnnviz.lessons.pooling.words import (
    explain_pooled_size,
    explain_pooling_cost,
    explain_rounding,
    explain_unpooling,
    explain_values,
    wanted_size,
)
from cnnviz.lessons.shuffle.examples import SHUFFLE_PRESETS
from cnnviz.lessons.shuffle.spec import ShuffleSpec
from cnnviz.lessons.shuffle.trace import ShuffleTrace, trace_shuffle
from cnnviz.lessons.shuffle.words import (
    explain_meaning,
    explain_places,
    explain_shapes,
    explain_shuffle_price,
    shuffle_numpy_code,
    shuffle_torch_code,
)
from tests.lessons.convolution.specs import examples
from tests.lessons.pooling.specs import DOWNSAMPLING_SPECS, POOLING_SPECS, SHUFFLE_SPECS, traced, works

LONGEST_LINE = 120


def preset_link(preset):
    return "&".join(f"{name}={text}" for name, text in preset.state.items())


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(code, "page", "exec"), names)
    return names


class KerasPool:
    """As much of Keras as the page uses, on PyTorch: a pooling layer with "valid" padding, channels last."""

    def __init__(self, kind):
        self.kind = kind

    def __call__(self, *size, strides=None, keepdims=False):
        def layer(x):
            y = torch.from_numpy(x.transpose(0, 3, 1, 2).copy())
            pool: Any = functional.max_pool2d if self.kind == "max" else functional.avg_pool2d
            z = pool(y, y.shape[2:]) if keepdims else pool(y, *size, stride=strides)
            return z.numpy().transpose(0, 2, 3, 1)

        return layer


def run_keras(code: str) -> dict[str, Any]:
    keras: Any = types.ModuleType("keras")
    keras.layers = types.SimpleNamespace(
        MaxPooling2D=KerasPool("max"),
        AveragePooling2D=KerasPool("mean"),
        GlobalMaxPooling2D=KerasPool("max"),
        GlobalAveragePooling2D=KerasPool("mean"),
    )
    sys.modules["keras"] = keras
    try:
        return run(code)
    finally:
        del sys.modules["keras"]


def check_pooling_code(trace: PoolingTrace) -> None:
    exact = run(pooling_torch_code(trace, numbers=True))
    np.testing.assert_allclose(exact["y"][0, 0].numpy(), trace.output, rtol=1e-9, atol=1e-9)
    layer = run(pooling_torch_code(trace, numbers=False))
    assert layer["y"].shape == (1, 1, *trace.output.shape)
    if trace.unpooled is not None:
        np.testing.assert_array_equal(exact["z"][0, 0].numpy(), trace.unpooled)
        assert layer["z"].shape == (1, 1, *trace.values.shape)
    keras = pooling_keras_code(trace)
    if keras.startswith("# "):
        assert keras.endswith(".") and "\n" not in keras
    else:
        y = run_keras(keras)["y"]
        np.testing.assert_allclose(y[0, :, :, 0], trace.output, rtol=1e-4, atol=1e-4)


def lines_fit(code: str) -> bool:
    return max(map(len, code.splitlines())) <= LONGEST_LINE


@pytest.mark.parametrize("preset", POOLING_PRESETS, ids=lambda preset: preset.name)
def test_code_of_every_pooling_preset(preset):
    trace = traced(PoolingSpec, preset_link(preset))
    check_pooling_code(trace)
    assert lines_fit(pooling_torch_code(trace, numbers=True))


@examples(80)
@given(POOLING_SPECS.filter(works))
def test_pooling_code_gives_any_picture(spec):
    trace = trace_pooling(spec)
    if np.abs(trace.values).max() < 1000:
        check_pooling_code(trace)


@pytest.mark.parametrize(
    ("link", "line"),
    [
        ("", "pool = nn.MaxPool2d(2)"),
        (
            "k=3&s=2&p=1&d=1x2&n=9&ceil=1",
            "pool = nn.MaxPool2d(3, stride=2, padding=1, dilation=(1, 2), ceil_mode=True)",
        ),
        ("op=mean&k=3&p=1&pad=0", "pool = nn.AvgPool2d(3, padding=1, count_include_pad=False)"),
        ("op=mean&pad=0", "pool = nn.AvgPool2d(2)"),
        ("op=norm&k=3x2&p=1&d=2", "pool = nn.LPPool2d(2, (3, 2))"),
        ("area=adaptive&o=2x3", "pool = nn.AdaptiveMaxPool2d((2, 3))"),
        ("op=mean&area=global", "pool = nn.AdaptiveAvgPool2d(1)"),
        ("back=1&s=1", "unpool = nn.MaxUnpool2d(2, stride=1)"),
        ("back=1&k=3&s=1&d=2", "unpool = nn.MaxUnpool2d(5, stride=1)"),
    ],
)
def test_pytorchs_own_names(link, line):
    assert line in pooling_torch_code(traced(PoolingSpec, link), numbers=False).splitlines()


# The size


def results(formula: str) -> tuple[int, int]:
    """What a formula ends with: the size by the formula, and the size after a window was dropped."""
    numbers = re.search(r"= (\d+)(?: \\to (\d+))?\n\\end", formula)
    assert numbers
    return int(numbers[1]), int(numbers[2] or numbers[1])


def test_every_size_formula_ends_with_the_size():
    for n, kernel, stride, padding, ceil in product(range(1, 9), range(1, 5), range(1, 5), (0, 1), (False, True)):
        spec = PoolingSpec(size=(n, 9), kernel=(kernel, 2), stride=(stride, 2), padding=(padding, 0), ceil=ceil)
        if not works(spec):
            continue
        trace = trace_pooling(spec)
        for formula, axis in zip(explain_pooled_size(trace), trace.axes, strict=True):
            assert results(formula) == (wanted_size(axis, ceil=ceil), axis.size)
            assert ("lceil" in formula) == ceil


def test_one_formula_serves_axes_that_are_alike():
    assert len(explain_pooled_size(traced(PoolingSpec))) == 1
    assert len(explain_pooled_size(traced(PoolingSpec, "n=6x7"))) == 2
    assert r"- d\,(k-1) - 1" in explain_pooled_size(traced(PoolingSpec, "d=2&n=9"))[0]


def test_adaptive_windows_are_listed():
    (formula,) = explain_pooled_size(traced(PoolingSpec, "area=adaptive&n=7"))
    assert r"\lfloor 1\cdot 7/3 \rfloor = 2,\quad \lceil 2\cdot 7/3 \rceil = 5" in formula
    assert explain_pooled_size(traced(PoolingSpec, "area=global")) == (r"H_\text{out} = W_\text{out} = 1",)


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("", "The windows fit exactly"),
        ("n=7", "rounded down"),
        ("n=7&ceil=1", "one more window, which may hang over the end"),
        (
            "n=4&s=3&p=1&ceil=1",
            "asks for 3 windows. But the last window must start inside the input, or in the padding",
        ),
        ("area=global", "always 1×1"),
        ("area=adaptive", "the output size is the question"),
    ],
)
def test_rounding_is_told(link, words):
    assert words in explain_rounding(traced(PoolingSpec, link))


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("", "9 different cells win, one a window."),
        ("k=3&s=1&x=guide&n=5", "windows that overlap often agree"),
        ("p=1", "Padding counts as −∞"),
        ("area=global", "One cell wins."),
        ("op=mean", "the mean of its window: 2×2 cells. Every sum is divided by 4."),
        ("op=mean&p=1", "Every sum is divided by 4. The zeros of the padding count as cells"),
        ("op=mean&p=1&pad=0&n=4", "divided by 1, 2 or 4, by how many cells count. Only cells of the input count"),
        ("op=mean&p=1&n=4&s=1&k=3&pad=0", "divided by 4, 6 or 9"),
        ("op=mean&n=7&ceil=1", "divided by 1, 2 or 4"),
        ("op=mean&area=adaptive&n=5", "divided by 4, 6 or 9"),
        ("op=norm", "the root of the sum of its squares"),
        ("op=norm&n=7&ceil=1", "here by up to 4."),
    ],
)
def test_how_a_window_becomes_a_number(link, words):
    assert words in explain_values(traced(PoolingSpec, link))


def test_the_cost_counts_what_is_compared_and_added():
    assert explain_pooling_cost(traced(PoolingSpec)).count == 27
    cost = explain_pooling_cost(traced(PoolingSpec, "op=mean&area=global&n=7"))
    assert (cost.work, cost.count, cost.output_cells) == ("Additions", 48, 1)


def test_an_unpooling_says_how_much_returns():
    assert "9 of 36 numbers return" in explain_unpooling(traced(PoolingSpec, "back=1"))
    assert "the same number twice" in explain_unpooling(traced(PoolingSpec, "back=1&s=1"))
    assert explain_unpooling(traced(PoolingSpec)) == ""


# The comparison


def check_downsampling_code(trace: DownsamplingTrace, capsys) -> None:
    for numbers in (True, False):
        code = downsampling_code(trace, numbers=numbers)
        assert lines_fit(code)
        names = run(code)
        printed = capsys.readouterr().out.splitlines()
        comments = [line.rpartition("# ")[2] for line in code.splitlines() if line.startswith("print(")]
        assert printed == comments
        if not numbers:
            continue
        pairs = {"strided": trace.strided, "dropped": trace.kept, "largest": trace.largest, "mean": trace.mean}
        for name, values in pairs.items():
            if name in names:
                np.testing.assert_allclose(names[name][0, 0].numpy(), values, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("preset", DOWNSAMPLING_PRESETS, ids=lambda preset: preset.name)
def test_code_of_every_comparison(preset, capsys):
    check_downsampling_code(traced(DownsamplingSpec, preset_link(preset)), capsys)


@pytest.mark.parametrize("link", ["k=4", "k=2x3&n=5x7", "k=1", "r=3&n=9", "n=7&look=pool", "look=shuffle&r=3"])
def test_code_of_other_kernels(link, capsys):
    check_downsampling_code(traced(DownsamplingSpec, link), capsys)


@examples(80)
@given(DOWNSAMPLING_SPECS.filter(works))
def test_every_way_is_told(spec):
    trace = trace_downsampling(spec)
    shown = {"all": 5, "stride": 2, "pool": 2, "shuffle": 1}[spec.look] - (spec.look == "all" and trace.parts is None)
    ways = list(explain_ways(trace))
    assert len(ways) == shown
    for way in ways:
        assert way.sentence.endswith(".") and way.shape in way.sentence
    if np.abs(trace.dense).max() < 1e6:
        assert "the largest difference is 0." in explain_equality(trace)


def test_the_price_of_keeping_everything():
    assert "36 weights instead of 9" in explain_price(traced(DownsamplingSpec))
    ways = {way.name: way for way in explain_ways(traced(DownsamplingSpec, "k=1&w=ones"))}
    assert ways["Stride 2"].keeps.startswith("It reads 9 of 36 cells")
    assert ways["Stride 1, then dropped"].cost == "36 multiplications"
    assert ways["Pixel unshuffle"].shape == "4×3×3"


# The shuffles


def check_shuffle_code(trace: ShuffleTrace) -> None:
    assert (run(shuffle_torch_code(trace))["z"][0].numpy() == trace.result).all()
    assert (run(shuffle_numpy_code(trace))["z"] == trace.result).all()


@pytest.mark.parametrize("preset", SHUFFLE_PRESETS, ids=lambda preset: preset.name)
def test_code_of_every_shuffle(preset):
    check_shuffle_code(traced(ShuffleSpec, preset_link(preset)))


@examples(40)
@given(SHUFFLE_SPECS.filter(works))
def test_shuffle_code_gives_any_picture(spec):
    check_shuffle_code(trace_shuffle(spec))


def test_the_words_of_a_shuffle():
    apart, together = traced(ShuffleSpec), traced(ShuffleSpec, "way=shuffle&r=3&n=2")
    assert r"9 \times 2 \times 2 &\to 1 \times 6 \times 6" in explain_shapes(together)
    assert explain_places(apart) != explain_places(together)
    assert "pixel shuffle undoes it exactly" in explain_meaning(apart)
    assert "9 channels give one number each to every 3×3 block" in explain_meaning(together)
    assert "36 on the small side with its 4 channels, 9 on the large" in explain_shuffle_price(apart)
