"""The words and the code of the Backward and the Properties lesson: the code is run and gives the same numbers."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from cnnviz.lessons.backward.code import autograd_code, hands_code
from cnnviz.lessons.backward.examples import BACKWARD_PRESETS
from cnnviz.lessons.backward.spec import BackwardSpec
from cnnviz.lessons.backward.trace import trace_backward
from cnnviz.lessons.backward.words import explain_gradients, explain_line
from cnnviz.lessons.properties.code import properties_code
from cnnviz.lessons.properties.examples import PROPERTIES_PRESETS
from cnnviz.lessons.properties.spec import PROPERTIES, PropertiesSpec
from cnnviz.lessons.properties.trace import trace_properties
from cnnviz.lessons.properties.words import explain_property
from tests.lessons.backward.specs import BACKWARD_SPECS, PROPERTIES_SPECS, works
from tests.lessons.convolution.specs import examples

BACKWARD = {preset.name: BackwardSpec.from_query(preset.state)[0] for preset in BACKWARD_PRESETS}
EXPERIMENTS = {preset.name: PropertiesSpec.from_query(preset.state)[0] for preset in PROPERTIES_PRESETS}
PHONE = 46
"""So many signs of a formula's line fit on a phone."""


def run(code):
    names: dict[str, Any] = {}
    exec(compile(code, "page", "exec"), names)
    return names


def close(ours, theirs):
    theirs = theirs.detach().numpy().reshape(ours.shape)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9 * max(1.0, float(np.abs(theirs).max())))


def check_backward_code(trace):
    auto = run(autograd_code(trace))
    for ours, name in ((trace.dx, "x"), (trace.dw, "w"), (trace.db, "b")):
        close(ours, auto[name].grad)
    hands = run(hands_code(trace))
    for ours, name in ((trace.dx, "dx"), (trace.dw, "dw"), (trace.db, "db")):
        close(ours, hands[name])
    assert hands["dw"].shape[-2:] == trace.dw.shape


@pytest.mark.parametrize("spec", BACKWARD.values(), ids=BACKWARD)
def test_code_of_every_backward_example(spec):
    check_backward_code(trace_backward(spec))


@examples(60)
@given(BACKWARD_SPECS.filter(works))
def test_code_gives_any_gradient(spec):
    check_backward_code(trace_backward(spec))


def check_experiment(trace):
    names = run(properties_code(trace))
    for name in ("a", "b"):
        assert names[name].shape == (1, 1, *trace[name].shape)
        theirs = names[name][0, 0].numpy()
        np.testing.assert_allclose(trace[name], theirs, rtol=1e-8, atol=1e-8 * max(1.0, float(np.abs(theirs).max())))


@pytest.mark.parametrize("spec", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_code_of_every_experiment(spec):
    check_experiment(trace_properties(spec))


@examples(100)
@given(PROPERTIES_SPECS.filter(works))
def test_code_runs_any_experiment(spec):
    check_experiment(trace_properties(spec))


@pytest.mark.parametrize("name", ["line", "lost", "all"])
def test_what_the_code_prints_stands_below(name, capsys):
    trace = trace_backward(BACKWARD[name])
    for code in (autograd_code(trace), hands_code(trace)):
        run(code)
        printed = [
            float(number) for number in re.findall(r"-?\d+\.?\d*", capsys.readouterr().out.replace("float64", ""))
        ]
        comments = [line[2:] for line in code.splitlines() if re.match(r"# +-?\d", line)]
        said = [float(number) for line in comments for number in line.split(",")]
        assert printed == said


def formulas():
    for backward in BACKWARD.values():
        yield from (formula for part in explain_gradients(trace_backward(backward)) for formula in part.formulas)
    for spec in EXPERIMENTS.values():
        yield explain_property(trace_properties(spec)).formula


@pytest.mark.parametrize("formula", sorted(set(formulas())))
def test_formulas_fit_a_phone(formula):
    assert formula.count("{") == formula.count("}")
    assert r"\left" not in formula
    for line in formula.split(r"\\"):
        plain = re.sub(r"\\(dfrac|text|begin|end|partial|sum|cdot|;|,)", "", line)
        assert len(re.sub(r"[{}&\\_^\s]", "", plain.replace("aligned", ""))) <= PHONE


def test_the_shown_gradient_comes_first():
    for shown in ("dx", "dw", "db"):
        titles = [part.title[:5] for part in explain_gradients(trace_backward(BackwardSpec(shown=shown)))]
        assert titles[0] == f"dL/{shown}"
        assert sorted(titles) == ["dL/db", "dL/dw", "dL/dx"]


def test_the_lectures_line():
    assert explain_line(trace_backward(BACKWARD["line"])) == (
        "dL/dx = Conv(dL/dy, [3, 2, 1]) = [7, 12, 1, 9, 6], with padding 1: the kernel [1, 2, 3], turned round."
    )
    assert explain_line(trace_backward(BackwardSpec())) == ""
    assert explain_line(trace_backward(BackwardSpec(size=(1, 7), kernel=(1, 3), stride=(1, 2)))) == ""


def test_numbers_stand_in_the_formulas():
    dx, dw, db = explain_gradients(trace_backward(BACKWARD["lost"]))
    assert r"2\,o + u = i" in dx.formulas[0]
    assert r"2\cdot(2-1) + 1\cdot(3-1) + 1 - 2\cdot 0 + 1" in dx.formulas[1]
    assert "output_padding" in dx.sentence
    assert r"x_{2\,o + u}" in dw.formulas[0]
    assert "Each weight sums 4 products." in dw.sentence
    assert db.formulas[0].endswith("= 4")


def test_padding_that_no_layer_has_is_put_there_first():
    trace = trace_backward(BackwardSpec(size=(5, 4), padding=((0, 1), (2, 0)), stride=(2, 2)))
    check_backward_code(trace)
    for code in (autograd_code(trace), hands_code(trace)):
        assert "padded = F.pad(x, (2, 0, 0, 1))" in code
        assert ", padding=" not in code
    assert "[..., :5, 2:]" in hands_code(trace)
    dx, *_ = explain_gradients(trace)
    assert "- p_1 - p_2" in dx.formulas[1]
    assert "- 0 - 1 + " in dx.formulas[1]
    assert "F.pad goes first" in dx.sentence
    assert "F.pad" not in autograd_code(trace_backward(BackwardSpec(padding=((1, 1), (2, 2)))))


@pytest.mark.parametrize("prop", PROPERTIES)
def test_every_law_is_explained_and_measured(prop):
    law = explain_property(trace_properties(PropertiesSpec(prop, stride=(2, 2))))
    assert law.title
    assert law.measures
    assert all(sentence.endswith(".") for sentence in law.sentences)


def test_measured_numbers():
    measures = dict(explain_property(trace_properties(EXPERIMENTS["shift-border"])).measures)
    assert measures == {"Cells that differ": "20 of 36", "Largest difference": "5", "Cells clear of the border": "9"}
    assert dict(explain_property(trace_properties(EXPERIMENTS["sobel"])).measures)["Weights, in two"] == "6"
