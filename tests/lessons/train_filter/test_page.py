"""The Train a filter page without a browser: links, buttons, what is learned, and who waits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.figures.codes import Codes, decode
from cnnviz.figures.panels import unwrap
from cnnviz.lessons.train_filter.examples import TRAIN_FILTER_PRESETS
from cnnviz.lessons.train_filter.trace_match import best_match
from tests.ui.lesson import box, opened_in_the_app, press, url, words
from tests.ui.training_room import TrainingRoom

TRAINING = "_train_filter_training"


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> TrainingRoom:
    return TrainingRoom(monkeypatch)


def page(link: str = "k=11") -> AppTest:
    return opened_in_the_app("train_filter", link)


def enabled(app: AppTest) -> dict[str, bool]:
    return {button.label: not button.disabled for button in app.button}


def panels(app: AppTest) -> tuple[dict[str, Any], list[np.ndarray]]:
    (viewer,) = app.get("bidi_component")
    told, bodies = unwrap(viewer.proto.bytes)
    arrays = [
        decode(Codes(body, one["bytes"], one["decimals"], one["channels"]), tuple(one["size"]))
        for one, body in zip(told["panels"], bodies, strict=True)
    ]
    return told, arrays


def test_it_opens_before_the_first_step(room: TrainingRoom) -> None:
    app = page("")
    assert url(app) == {"k": "11"}
    assert [one["title"] for one in panels(app)[0]["panels"]] == ["Filter", "By hand “/”", "Best fit", "Answers"]
    assert len(panels(app)[0]["panels"][2]["marks"]) == 16
    assert enabled(app) == {"Play": True, "One step": True, "Restart": False}
    assert "Press Play" in words(app)
    assert not room.benches or not room.benches[0].worker.wait()


def test_play_finds_the_diagonal(room: TrainingRoom) -> None:
    app = press(page("k=7&seed=2&steps=120&lr=0.3"), "Play")
    room.train(1.0)
    app.run()
    assert enabled(app) == {"Pause": True, "One step": False, "Restart": True}
    assert "of 120." in words(app)
    room.train()
    app.run()
    assert "Done after **120** steps" in words(app)
    assert "correlation **0.9" in words(app)
    assert "**100 %** of the held-out pictures right" in words(app)
    head, (found, hand, *_) = panels(app)
    assert np.corrcoef(found.ravel(), hand.ravel())[0, 1] > 0.9
    assert best_match(hand, ("/",)).correlation == 1
    assert {mark[5] for mark in head["panels"][2]["marks"][:8]} == {"window"}
    assert {mark[5] for mark in head["panels"][2]["marks"][8:]} == {"weight"}
    links = {one.proto.label: one.proto.query_string for one in app.get("page_link")}
    assert set(links) == {"This filter on a photo", "This filter on the stage"}
    press(app, "Play")
    assert "Done" not in words(app)


def test_steps_pause_and_restart(room: TrainingRoom) -> None:
    app = press(page(), "One step")
    room.train()
    app.run()
    assert "Step **1** of 300, paused." in words(app)
    first = app.session_state[TRAINING].progress().arrays["filter"]
    press(app, "Play")
    room.train(0.5)
    press(app, "Pause")
    at = app.session_state[TRAINING].progress().step
    assert at > 5
    room.train()
    assert app.session_state[TRAINING].progress().step == at
    press(app, "Restart")
    assert "Press Play" in words(app)
    press(app, "One step")
    room.train()
    assert np.array_equal(app.session_state[TRAINING].progress().arrays["filter"], first), "the same seed"


def test_the_rate_is_turned_while_it_learns_and_the_seed_begins_anew(room: TrainingRoom) -> None:
    app = press(page(), "Play")
    room.train(0.5)
    app.run()
    slider = next(one for one in app.select_slider if one.label == "Learning rate")
    slider.set_value(1.0).run()
    assert url(app) == {"k": "11", "lr": "1"}
    assert app.session_state[TRAINING].progress().state == "playing"
    room.train(0.5)
    assert [rate for _, rate in app.session_state[TRAINING].progress().rates] == [0.1, 1.0]
    box(app, "Seed").set_value(4).run()
    assert url(app) == {"k": "11", "lr": "1", "seed": "4"}
    assert app.session_state[TRAINING].progress().state == "new"
    assert room.pool.busy() == 0


def test_two_train_and_the_third_is_told_so(room: TrainingRoom) -> None:
    apps = [press(page("k=5&steps=20"), "Play") for _ in range(3)]
    assert "Two are training; you are third." in words(apps[2])
    room.train()
    for app in apps:
        app.run()
        assert "Done after" in words(app)


def test_too_long_a_queue_is_a_sentence_and_a_pause_gives_the_place_away(
    room: TrainingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnnviz.engine.training.pool.MOST_WAITING", 1)
    apps = [press(page("k=5&steps=20"), "Play") for _ in range(4)]
    assert "wait for a place to train already, and no more can" in apps[3].warning[0].value
    press(apps[2], "Pause")
    press(apps[3], "Play")
    assert not apps[3].warning
    assert "Two are training; you are third." in words(apps[3])


def test_who_trains_on_another_page_rests_on_this_one(room: TrainingRoom) -> None:
    app = press(page("k=5&steps=20"), "Play")
    first = app.session_state[TRAINING]
    app.switch_page("../../pages/cnn_or_mlp.py").run()
    press(app, "Play")
    assert first.progress().state == "paused"
    assert room.pool.busy() == 1


def test_a_dead_worker_is_a_sentence_and_restart_mends_it(room: TrainingRoom) -> None:
    app = press(page("k=5&steps=20"), "Play")
    room.train(0.5)
    room.benches[0].lost(room.benches[0], "code -9")
    app.run()
    assert "ended unexpectedly (code -9)" in app.error[0].value
    assert enabled(app)["Restart"]
    press(app, "Restart")
    assert not app.error
    press(app, "Play")
    room.train()
    assert app.session_state[TRAINING].progress().state == "done"


def test_what_is_no_number_any_more_is_a_sentence(room: TrainingRoom) -> None:
    app = press(page("k=11&lr=30&steps=200"), "Play")
    room.train()
    app.run()
    assert not app.exception
    assert "no number any more" in app.warning[0].value
    assert "NaN" not in str(panels(app)[0])


@pytest.mark.parametrize("preset", TRAIN_FILTER_PRESETS, ids=lambda preset: preset.name)
def test_every_example_opens_and_stands_as_written(preset: Any, room: TrainingRoom) -> None:
    app = page("&".join(f"{name}={text}" for name, text in preset.state.items()))
    assert url(app) == dict(preset.state)
    assert not app.warning
    assert not app.error
    assert preset.title in words(app)


@pytest.mark.parametrize("link", ["k=0", "k=99", "noise=2", "lr=nan", "n=1", "opt=lbfgs", "seed=-1", "pace=7", "wd=x"])
def test_a_bad_link_gets_a_sentence(link: str, room: TrainingRoom) -> None:
    app = page(f"{link}&steps=70")
    assert len(app.warning) == 1
    assert not app.exception
    assert url(app)["steps"] == "70"


def test_values_between_the_sliders_steps_and_small_filters_are_drawn(room: TrainingRoom) -> None:
    for link in ("k=1&lr=0.123&n=7&noise=0.07&steps=77", "k=2&other=strokes", "k=15&other=noise&opt=adam&wd=1"):
        app = press(page(link), "One step")
        room.train()
        app.run()
        assert "Step **1**" in words(app)
        assert not app.warning
