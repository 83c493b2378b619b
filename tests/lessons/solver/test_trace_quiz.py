from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from cnnviz.engine.axis_layer import AxisLayer
from cnnviz.lessons.solver.spec import LEVELS
from cnnviz.lessons.solver.trace_quiz import make_quiz, padded_size
from cnnviz.lessons.solver.words_quiz import SLIPS, prompt, solution_formulas, solution_notes, verdict
from tests.serving import ROOT

F = torch.nn.functional
SEEDS = range(150)


def torch_size(layers: tuple[AxisLayer, ...], n: int) -> int:
    x = torch.zeros(1, 1, n)
    for layer in layers:
        k, s, (p, _), d = layer.kernel, layer.stride, layer.padding, layer.dilation
        if layer.kind == "pool":
            x = F.max_pool1d(x, k, s, p, d, ceil_mode=layer.ceil)
        elif layer.kind == "transposed":
            extra = layer.output_padding
            x = F.conv_transpose1d(x, torch.zeros(1, 1, k), stride=s, padding=p, output_padding=extra, dilation=d)
        else:
            x = F.conv1d(x, torch.zeros(1, 1, k), None, s, p, d)
    return x.shape[-1]


@pytest.mark.parametrize("level", LEVELS)
def test_torch_gives_the_answer_to_every_question(level):
    for seed in SEEDS:
        quiz = make_quiz(level, seed)
        size = torch_size(quiz.layers, quiz.n)
        if quiz.ask == "padding":
            assert size == quiz.n
            assert quiz.answer == quiz.layers[0].padding[0]
            others = [p for p in range(30) if padded_size(quiz, p) == quiz.n]
            assert others == [quiz.answer], "there is only one right answer"
        else:
            assert size == quiz.answer


@pytest.mark.parametrize("level", LEVELS)
def test_words_and_formulas(level):
    for seed in SEEDS:
        quiz = make_quiz(level, seed)
        assert str(quiz.n) in prompt(quiz)
        assert prompt(quiz).count("?**") == 1
        assert verdict(quiz, quiz.answer) == f"Right: it is {quiz.answer}."
        assert quiz.answer not in quiz.slips
        for wrong, slip in quiz.slips.items():
            assert slip in SLIPS
            assert verdict(quiz, wrong).startswith(f"{wrong} is not right. ")
        formulas = solution_formulas(quiz)
        assert len(formulas) == (1 if quiz.ask == "padding" else len(quiz.layers))
        assert f"= {quiz.answer}\n" in formulas[-1]
        assert all(note.endswith(".") for note in solution_notes(quiz))


def test_a_level_has_what_it_says():
    def layers(level: int) -> list[AxisLayer]:
        return [layer for seed in SEEDS for layer in make_quiz(level, seed).layers]

    assert {layer.stride for layer in layers(1)} == {1}
    assert {make_quiz(1, seed).ask for seed in SEEDS} == {"size", "padding"}
    assert min(layer.stride for layer in layers(2)) == 2
    assert {layer.kind for layer in layers(3)} == {"conv", "pool"}
    assert any(layer.ceil for layer in layers(3)) and any(layer.dilation > 1 for layer in layers(3))
    assert {layer.kind for layer in layers(4)} == {"transposed"}
    assert {len(make_quiz(5, seed).layers) for seed in SEEDS} == {2}
    assert len({make_quiz(2, seed) and (make_quiz(2, seed).n, make_quiz(2, seed).layers) for seed in SEEDS}) > 140


def test_everybody_gets_the_same_question():
    code = "from cnnviz.lessons.solver.trace_quiz import make_quiz; print(make_quiz(5, 42))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == str(make_quiz(5, 42))


def test_slips_are_recognised():
    quiz = next(q for seed in SEEDS if "plus one" in (q := make_quiz(2, seed)).slips.values())
    wrong = next(value for value, slip in quiz.slips.items() if slip == "plus one")
    assert wrong == quiz.answer - 1
    assert "“+ 1”" in verdict(quiz, wrong)
    assert verdict(quiz, 9999) == "9999 is not right."
