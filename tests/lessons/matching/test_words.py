"""The code of the page "Match a template" runs on the saved files and gives the page's map, matches and sum."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnviz.engine.pictures.samples import sample
from cnnviz.lessons.matching.code import torch_map, torch_row
from cnnviz.lessons.matching.examples import MATCHING_PRESETS
from cnnviz.lessons.matching.spec import CHANGES, CHANNELS, SCORES, MatchingSpec, fitted_box
from cnnviz.lessons.matching.trace import MatchingTrace, trace_matching
from cnnviz.lessons.matching.trace_curve import trace_curve
from cnnviz.lessons.matching.words import (
    SHORT,
    byte_words,
    comparison,
    explain_brightness,
    explain_score,
    number,
    percent,
    places_of_interest,
    rule,
    say_matches,
    score_formula,
)
from cnnviz.lessons.matching.words_curve import curve_alt, explain_changes, explain_threshold, say_digits
from cnnviz.state.preset import Preset
from tests.explain.running import run_and_listen

PICTURE = np.random.default_rng(3).integers(0, 256, (50, 60, 3), dtype=np.uint8)
PICTURE[:20, :20] = 70
OTHER = np.random.default_rng(4).integers(0, 256, (30, 30, 3), dtype=np.uint8)
BOX = (12, 14, 11, 13)


def saved(trace: MatchingTrace) -> None:
    """What the viewer's buttons save: bytes of the grey or the coloured picture."""
    for name, pixels in (("picture.png", trace.picture), ("template.png", trace.template)):
        Image.fromarray(pixels if pixels.shape[2] == 3 else pixels[..., 0]).save(name)


SPECS = [
    MatchingSpec(score=score, channels=channels, **more)
    for score in SCORES
    for channels in CHANNELS
    for more in (
        {"threshold": 30},
        {"turn": 10, "light": 20, "noise": 8, "size": 120, "threshold": 25, "matches": 3, "overlap": 0},
        {"source": "cat", "threshold": 5, "matches": 8, "overlap": 100},
    )
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: "&".join(spec.to_query().values()))
def test_the_code_makes_the_map_and_finds_the_matches(
    spec: MatchingSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    trace = trace_matching(PICTURE, OTHER if spec.source else None, (3, 4, 11, 13) if spec.source else BOX, spec)
    saved(trace)
    names, printed = run_and_listen(torch_map(trace))
    ours, theirs = trace.scores, names["score"][0, 0].numpy()
    assert np.array_equal(np.isnan(ours), np.isnan(theirs))
    largest = float(np.nanmax(np.abs(ours)))
    np.testing.assert_allclose(theirs, ours, rtol=1e-4, atol=1e-5 * largest)
    assert names["matches"] == [(match.row, match.column) for match in trace.matches]
    assert len(printed) == len(trace.matches)
    for line, match in zip(printed, trace.matches, strict=True):
        value = re.match(r"(-?[\d.]+) at row (\d+), column (\d+)$", line)
        assert value and (int(value[2]), int(value[3])) == (match.row, match.column)
        assert float(value[1]) == pytest.approx(match.score, rel=1e-3, abs=2e-4 + 1e-5 * largest)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: "&".join(spec.to_query().values()))
def test_one_row_written_out(spec: MatchingSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    trace = trace_matching(PICTURE, OTHER if spec.source else None, (3, 4, 11, 13) if spec.source else BOX, spec)
    saved(trace)
    code = torch_row(trace)
    names, printed = run_and_listen(code)
    ours = trace.scores[trace.at[0]]
    theirs = names["score"].numpy()
    known = ~np.isnan(ours)
    np.testing.assert_allclose(theirs[known], ours[known], rtol=1e-9, atol=1e-9)
    promised = code.rsplit("# ", 1)[1]
    assert number(float(printed[-1])) == promised


def test_grey_code_reads_a_coloured_file_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Image.fromarray(PICTURE).save("picture.png")
    trace = trace_matching(PICTURE, None, BOX, MatchingSpec())
    names, _ = run_and_listen(torch_map(trace))
    assert names["matches"][0] == (12, 14)


def traced(preset: Preset) -> tuple[MatchingTrace, np.ndarray, str]:
    state = dict(preset.state)
    name = state.pop("img")
    spec, notes = MatchingSpec.from_query(state)
    assert notes == []
    source = sample(spec.source or name).pixels
    box, _ = fitted_box(spec.box, source.shape[:2], spec.source or name)
    return trace_matching(sample(name).pixels, source if spec.source else None, box, spec), source, name


@pytest.mark.parametrize("preset", MATCHING_PRESETS, ids=lambda preset: preset.name)
def test_the_notes_of_the_examples_are_true(preset: Preset) -> None:
    trace, _, name = traced(preset)
    shares = [round(match.share, 2) for match in trace.matches]
    home = None if trace.home is None else trace.scores_at(trace.home)
    match preset.name:
        case "multiply":
            assert (number(trace.matches[0].score), number(trace.perfect.multiply)) == ("1,769", "1,055")
        case "zero" | "normalised":
            assert trace.best == trace.home
            if preset.name == "normalised":
                assert len(trace.matches) == 2 and abs(trace.matches[1].row - 95) < 20
                assert trace.matches[1].column > 250
        case "sevens":
            assert name == "digits" and say_digits(trace).endswith("7, 7, 7, 7, 7, 7, 7, 7.")
        case "threes":
            assert say_digits(trace).split("digits ")[1].split(", ")[:7] == ["3", "3", "3", "3", "8", "3", "5"]
        case "ones":
            assert set(say_digits(trace).split("digits ")[1].strip(".").split(", ")) == {"1", "4"}
        case "another":
            assert not trace.matches and f"{trace.scores[trace.best]:.2f}" == "0.59"
        case "bricks":
            assert trace.above == 1844 and len(trace.matches) == 20
        case "unsuppressed":
            near = [match for match in trace.matches if abs(match.column - 100) <= 1]
            assert len(near) > 10
        case "discs":
            assert shares[:2] == [1, 1]
        case "discs-colour":
            assert shares[:2] == [1, 0.85]
        case "turned":
            assert home and f"{home.ncc:.2f}" == "0.33" and trace.best != trace.home
        case "scaled":
            assert trace.best != trace.home
        case "brighter":
            assert home and trace.best != trace.home and home.ncc > 0.95
            assert trace.scores_at(trace.best).ssd < home.ssd
        case "noisy":
            assert trace.best == trace.home and 0.4 < shares[0] < 0.6 and trace.template.size == 4096
        case "large":
            assert trace.scores.size == 863_041 and trace.flat > 0 and trace.best == trace.home
        case _:
            raise AssertionError(f"No test says that the note of {preset.name} is true.")


@pytest.mark.parametrize("preset", MATCHING_PRESETS, ids=lambda preset: preset.name)
def test_words_are_sentences(preset: Preset) -> None:
    trace, source, _ = traced(preset)
    curve = trace_curve(trace, source)
    texts = [say_matches(trace), explain_score(trace), explain_brightness(trace), explain_changes(trace, curve)]
    for text in (*texts, explain_threshold(trace), curve_alt(curve)):
        assert text.endswith(".") and "nan" not in text and "  " not in text
    for formula in (rule(trace), score_formula(trace)):
        assert r"\left" not in formula and "nan" not in formula
    rows = comparison(trace)
    assert len(rows) == 1 + len(places_of_interest(trace))
    assert all(len(row) == 2 + len(SHORT) for row in rows)
    assert all(len(line) < 130 for line in (torch_map(trace) + torch_row(trace)).splitlines())


@pytest.mark.parametrize("against", CHANGES)
def test_every_change_is_explained(against: str) -> None:
    trace = trace_matching(PICTURE, None, BOX, MatchingSpec(against=against, light=90))
    text = explain_changes(trace, trace_curve(trace, PICTURE))
    assert "ran against 0 or 255" in text and text.endswith(".")


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("channels", CHANNELS)
def test_the_window_is_summed_as_the_formula_says(score: str, channels: str) -> None:
    trace = trace_matching(PICTURE, None, BOX, MatchingSpec(score=score, channels=channels, at=(20, 30)))
    value = trace.scores_at((20, 30)).of(score)
    assert number(round(value, 3) if abs(value) < 1 else value).replace("−", "-") in score_formula(trace)
    assert any(name == "The window you chose" for name, _ in places_of_interest(trace))


def test_a_window_without_a_value_says_so() -> None:
    trace = trace_matching(PICTURE, None, BOX, MatchingSpec(at=(0, 0)))
    assert r"\text{no value}" in score_formula(trace)
    assert "one single colour" in explain_score(trace) and trace.flat > 0
    plain = trace_matching(PICTURE, None, (0, 0, 5, 5), MatchingSpec(score="zero"))
    assert "no place is better" in explain_score(plain)


def test_numbers_read_well() -> None:
    assert [percent(share) for share in (0.99, 0.995, 1.0, 2.5, -0.21)] == ["99 %", "99.5 %", "100 %", "250 %", "−21 %"]
    assert len(byte_words()) == 256
