import re

import numpy as np
import pytest
from hypothesis import given

from cnnviz.lessons.volumes.code import factored_code, torch_code
from cnnviz.lessons.volumes.examples import VOLUMES_PRESETS
from cnnviz.lessons.volumes.spec import DIMENSIONS, VolumesSpec
from cnnviz.lessons.volumes.trace import VolumesTrace, trace_volumes
from cnnviz.lessons.volumes.words import (
    AXES_WORDS,
    SHAPES_WORDS,
    compare_layers,
    explain_factors,
    explain_motion,
    explain_ratio,
    explain_sizes,
    explain_weights,
    shape_rows,
)
from tests.explain.running import run
from tests.lessons.convolution.specs import examples
from tests.lessons.volumes.specs import SPECS, WORKING, plain, traced, works

WIDEST = 62
"""Signs of the widest line of a formula, as measured on a phone of 390 px."""


def check_code(trace: VolumesTrace) -> None:
    names = run(torch_code(trace, numbers=True))
    made = names["y"].numpy().reshape(trace.output.shape)
    np.testing.assert_allclose(made, trace.output.astype(float), rtol=1e-9, atol=1e-6)
    given, weight, output = (row["Shape"] for row in shape_rows(trace))
    assert (str(tuple(names["x"].shape)), str(tuple(names["w"].shape)), str(tuple(names["y"].shape))) == (
        given, weight, output,
    )  # fmt: skip
    layer = run(torch_code(trace, numbers=False))
    assert str(tuple(layer["y"].shape)) == output and str(tuple(layer["conv"].weight.shape)) == weight
    assert layer["conv"].__class__.__name__ == f"Conv{trace.spec.dims}d"
    if trace.spec.dims == 3:
        apart = run(factored_code(trace))
        assert str(tuple(apart["y"].shape)) == output
        assert apart["weights"] == compare_layers(trace)[-1].weights


@examples(25)
@given(WORKING)
def test_the_code_makes_the_picture(spec):
    check_code(trace_volumes(plain(spec)))


@pytest.mark.parametrize("preset", VOLUMES_PRESETS, ids=lambda preset: preset.name)
def test_the_code_of_the_examples(preset):
    check_code(traced(**preset.state))


def test_the_comments_say_what_is_printed(capsys):
    trace = traced(k="2x3", x="random", w="random")
    code = torch_code(trace, numbers=True)
    run(code)
    out = capsys.readouterr().out.replace("dtype=torch.float64", "")
    printed = [list(map(float, re.findall(r"-?\d+\.?\d*", line))) for line in out.splitlines()]
    said = [list(map(float, re.findall(r"-?\d+", line))) for line in code.splitlines() if re.match(r"# +-?\d", line)]
    assert [row for row in printed[1:] if row] == said


@examples(100)
@given(WORKING)
def test_every_axis_has_its_line_of_the_formula(spec):
    trace = trace_volumes(spec)
    latex = explain_sizes(trace)
    lines = latex.splitlines()[1:-1]
    assert [line.partition(" &")[0] for line in lines] == list({1: "T", 2: "HW", 3: "THW"}[spec.dims])
    for line, axis in zip(lines, trace.moved, strict=True):
        numbers = [int(number) for number in re.findall(r"\d+", line)]
        n, two, padding, dilation, kernel, one, _, stride, _, size = numbers
        assert (two, one) == (2, 1)
        assert (n + two * padding - dilation * (kernel - 1) - 1) // stride + 1 == size == axis.size
        assert len(line.replace(r"\biggl\lfloor", "[").replace(r"\biggr\rfloor", "]").replace(r"\dfrac", "")) < WIDEST


@examples(100)
@given(SPECS)
def test_layers_are_counted_by_looking(spec):
    if not works(spec):
        return
    trace = trace_volumes(spec)
    rows = {row.layer.partition(",")[0]: row for row in compare_layers(trace)}
    length, height, width = spec.kernel
    assert rows[DIMENSIONS[spec.dims]].multiplications == trace.output.size * trace.kernel.weight.size
    assert all(row.weights <= length * height * width + length for row in rows.values())
    if "3-D" in rows:
        both = rows["(2+1)-D"]
        assert both.weights == height * width + length
        frames = rows["3-D"].multiplications // rows["3-D"].weights
        assert both.multiplications == rows["2-D"].multiplications + frames * length


def test_words_about_the_weights():
    assert explain_weights(traced()).endswith("the two small kernels have 15 fewer.")
    assert "have as many" in explain_weights(traced(k="2x1x2"))
    assert "have 1 more" in explain_weights(traced(k="1x3"))
    assert r"\frac{9 + 3}{3\cdot 9} = \frac{12}{27} \approx 0.444" in explain_ratio(traced())
    assert r"\frac{4}{4} = 1" in explain_ratio(traced(k="2x1x2"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"w": "difference"}, "At every place the weights add up to 0 over time"),
        ({"w": "difference", "dim": "1"}, "The weights add up to 0 over time"),
        ({"w": "difference", "p": "1x0"}, "there even a still picture changes"),
        ({"w": "moving"}, "answers to what stands still, too"),
        ({"k": "1x3"}, "A kernel of one frame sees no change"),
        ({"dim": "2"}, "A 2-D kernel sees one frame at a time"),
    ],
    ids=str,
)
def test_what_the_kernel_sees(query, said):
    assert said in explain_motion(traced(**query))


@examples(60)
@given(WORKING)
def test_a_kernel_that_does_not_see_what_stands_still_gives_nothing_for_it(spec):
    trace = trace_volumes(VolumesSpec(size=spec.size, kernel=spec.kernel, stride=spec.stride, values="still",
                                      weights=spec.weights, seed=spec.seed, padding=(0, 2, 2))
                          if spec.size[0] >= spec.kernel[0] else VolumesSpec())  # fmt: skip
    if "add up to 0" in explain_motion(trace) and "do not" not in explain_motion(trace):
        assert not trace.output.any()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"w": "box"}, "exactly the same numbers"),
        ({"w": "edge"}, "exactly the same numbers"),
        ({"w": "difference"}, "exactly the same numbers"),
        ({"w": "moving"}, "it takes 3 such pairs"),
        ({"k": "1x3"}, "nothing to take apart"),
    ],
    ids=str,
)
def test_what_can_be_taken_apart(query, said):
    assert said in explain_factors(traced(**query))


@pytest.mark.parametrize("name", ["box", "edge", "difference", "ones", "identity"])
def test_two_small_layers_give_the_same_numbers(name):
    torch = pytest.importorskip("torch")
    trace = traced(n="6", p="1", s="2x1", x="random", w=name)
    flat = trace.kernel.weight.reshape(len(trace.kernel.slices), -1).astype(float)
    left, scale, right = np.linalg.svd(flat)
    space = torch.tensor((scale[0] * right[0]).reshape(1, 1, 1, 3, 3))
    time = torch.tensor(left[:, 0].reshape(1, 1, 3, 1, 1))
    x = torch.tensor(trace.film.values.astype(float))[None, None]
    maps = torch.nn.functional.conv3d(x, space, padding=(0, 1, 1))
    y = torch.nn.functional.conv3d(maps, time, padding=(1, 0, 0), stride=(2, 1, 1))
    np.testing.assert_allclose(y[0, 0].numpy(), trace.output.astype(float), atol=1e-9)


def test_every_number_of_dimensions_has_words():
    assert AXES_WORDS.keys() == SHAPES_WORDS.keys() == DIMENSIONS.keys()
