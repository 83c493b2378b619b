"""Whose word counts: the URL's, the stage's, or what the session kept. And what a stage may send."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from cnnviz.lessons.convolution.controls import CONVOLUTION
from cnnviz.lessons.convolution.spec import ConvolutionSpec
from cnnviz.ui.lesson import apply_edits
from cnnviz.ui.stage import LONGEST_EDIT, MOST_EDITS, Commit, parse_commit
from tests.lessons.convolution.specs import examples
from tests.ui.lesson import MAIN, assert_sound, committed, opened, pack, sent, state

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["input", "kernel", "output", ""]), st.integers(-2, 20), st.integers(0, 20), st.text(max_size=9)
    ).map(list)
    | JSON,
    max_size=6,
)
COMMITS = JSON | st.fixed_dictionaries(
    {
        "seq": st.integers(-1, 2**32) | JSON,
        "state": st.dictionaries(st.text(max_size=4), JSON) | JSON,
        "edits": EDITS | JSON,
    }
)


def test_a_newer_commit_wins_over_the_url() -> None:
    page = committed(opened("n=7"), 1, "n=9&s=2")
    assert_sound(page)
    assert state(page) == {"n": "9", "s": "2"}
    assert pack(page)["seq"] == 1


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_an_answered_commit_does_not_win_again(seq: int) -> None:
    page = committed(opened("n=7"), 3, "n=9")
    page = committed(page, seq, "n=4")
    assert_sound(page)
    assert state(page) == {"n": "9"}
    assert pack(page)["seq"] == 3


def test_back_wins_over_an_answered_commit() -> None:
    page = committed(opened("n=7"), 1, "n=9")
    page.query_params["n"] = "7"
    page = page.run()
    assert state(page) == {"n": "7"}
    assert pack(page)["seq"] == 1


def test_back_to_an_empty_url_is_the_default() -> None:
    page = committed(opened(), 1, "n=9")
    del page.query_params["n"]
    page = page.run()
    assert state(page) == {}
    assert pack(page)["seq"] == 1


def test_a_commit_after_back_wins_again() -> None:
    page = committed(opened("n=7"), 1, "n=9")
    page.query_params["n"] = "7"
    page = committed(page.run(), 2, "n=4")
    assert state(page) == {"n": "4"}


def test_a_run_without_news_changes_nothing() -> None:
    page = committed(opened(), 1, "n=9", [["input", 0, 0, "5"]])
    goal = {"n": "9", "xe": "0.0 5"}
    assert state(page) == goal
    assert state(page.run()) == goal


def test_leaving_and_coming_back_restores_the_state() -> None:
    page = committed(opened("s=2"), 1, "n=9&s=2&w=box")
    page = page.switch_page("../../pages/lectures.py").run()
    assert not page.exception
    page.query_params.clear()
    page = page.switch_page("../../pages/convolution.py").run()
    assert_sound(page)
    assert state(page) == {"n": "9", "s": "2", "w": "box"}
    page = committed(page, 2, "n=4")
    assert state(page) == {"n": "4"}


def test_a_link_wins_over_what_the_session_kept() -> None:
    page = committed(opened(), 1, "n=9")
    page = page.switch_page("../../pages/lectures.py").run()
    page.query_params.clear()
    page.query_params["s"] = "2"
    page = page.switch_page("../../pages/convolution.py").run()
    assert state(page) == {"s": "2"}


def test_a_fresh_session_starts_with_the_defaults() -> None:
    committed(opened(), 1, "n=9")
    assert state(AppTest.from_file(MAIN, default_timeout=30).run()) == {}


def test_typed_cells_become_part_of_the_state() -> None:
    edits = [["input", 0, 0, "1/9"], ["input", 0, 0, "2"], ["kernel", 2, 2, "-0,5"]]
    page = committed(opened(), 1, "s=2", edits)
    assert state(page) == {"s": "2", "xe": "0.0 2", "we": "2.2 -0.5"}
    assert pack(page)["messages"] == []


def test_a_cell_that_is_no_number_is_named_and_the_others_count() -> None:
    page = committed(opened(), 1, "", [["input", 0, 0, "two"], ["input", 1, 1, "7"], ["input", 2, 2, "\ud800"]])
    assert_sound(page)
    assert state(page) == {"xe": "1.1 7"}
    two, surrogate = pack(page)["messages"]
    assert two.startswith("“two” is not a number.")
    assert "is not a number" in surrogate


@pytest.mark.parametrize(
    "commit",
    [
        None,
        7,
        "text",
        [],
        {},
        {"seq": 0, "state": {"n": "9"}},
        {"seq": -1, "state": {"n": "9"}},
        {"seq": True, "state": {"n": "9"}},
        {"seq": "5", "state": {"n": "9"}},
        {"seq": 5.0, "state": {"n": "9"}},
        {"seq": 2**31, "state": {"n": "9"}},
        {"seq": 10**400, "state": {"n": "9"}},
        {"seq": None},
        {"seq": [1]},
    ],
    ids=repr,
)
def test_what_is_no_commit_changes_nothing(commit: Any) -> None:
    page = sent(committed(opened(), 1, "n=9"), commit)
    assert_sound(page)
    assert state(page) == {"n": "9"}
    page = committed(page, 2, "n=4")
    assert state(page) == {"n": "4"}


def test_a_session_state_of_another_form_changes_nothing() -> None:
    for junk in (None, 7, "text", [1], {}, {"commit": None}, {"other": 1}):
        page = opened("n=7")
        page.session_state["convolution"] = junk
        page = page.run()
        assert not page.exception
        assert state(page) == {"n": "7"}


@examples(400)
@given(COMMITS)
def test_anything_is_a_commit_or_nothing(thing: Any) -> None:
    commit = parse_commit(thing)
    if commit is None:
        return
    assert 0 < commit.seq < 2**31
    assert all(type(name) is str and type(text) is str for name, text in commit.state.items())
    assert len(commit.edits) <= MOST_EDITS
    for grid, row, column, text in commit.edits:
        assert (type(grid), type(text)) == (str, str)
        assert min(row, column) >= 0
        assert len(text) <= LONGEST_EDIT
    spec, complaints = apply_edits(CONVOLUTION, ConvolutionSpec(), commit.edits)
    assert ConvolutionSpec.from_query(spec.to_query()) == (spec, [])
    assert all(complaint.endswith(".") and len(complaint) < 200 for complaint in complaints)


def test_too_many_edits_are_cut() -> None:
    edits = [["input", number % 16, number // 16 % 16, str(number)] for number in range(10_000)]
    commit = parse_commit({"seq": 1, "edits": edits})
    assert commit is not None
    assert len(commit.edits) == MOST_EDITS
    spec, complaints = apply_edits(CONVOLUTION, ConvolutionSpec(), commit.edits)
    assert len(spec.values.edits) == MOST_EDITS
    assert complaints == []


def test_true_is_no_row() -> None:
    commit = parse_commit({"seq": 1, "edits": [["input", True, False, "9"], ["input", 1, 1, "7"]]})
    assert commit == Commit(1, {}, (("input", 1, 1, "7"),))


def test_edits_outside_of_every_grid_are_ignored() -> None:
    edits = (
        ("input", 16, 0, "1"),
        ("kernel", 0, 7, "1"),
        ("output", 0, 0, "1"),
        ("", 0, 0, "1"),
        ("input", 10**30, 0, "1"),
    )
    assert apply_edits(CONVOLUTION, ConvolutionSpec(), edits) == (ConvolutionSpec(), [])


def test_edits_keep_everything_else() -> None:
    spec = ConvolutionSpec((7, 7), padding="same", mode="reflect", flip=True)
    changed, complaints = apply_edits(CONVOLUTION, spec, (("kernel", 0, 0, "5"),))
    assert complaints == []
    assert changed == replace(spec, weights=spec.weights.edit(0, 0, 5))
