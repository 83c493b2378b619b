"""CNN or MLP, and Fine-tuning, without a browser: links, buttons, what is learned, what is said about it."""

from __future__ import annotations

from typing import Any

import pytest

from cnnviz.lessons.cnn_or_mlp.examples import CNN_OR_MLP_PRESETS
from cnnviz.lessons.fine_tuning.examples import FINE_TUNING_PRESETS
from tests.ui.lesson import html, opened_in_the_app, press, url, words
from tests.ui.training_room import TrainingRoom

PRESETS = [("cnn_or_mlp", one) for one in CNN_OR_MLP_PRESETS] + [("fine_tuning", one) for one in FINE_TUNING_PRESETS]


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> TrainingRoom:
    return TrainingRoom(monkeypatch)


def test_both_networks_learn_and_the_words_tell_their_numbers(room: TrainingRoom) -> None:
    app = opened_in_the_app("cnn_or_mlp", "n=3&h=8&lr=0.01&steps=20")
    assert "Nothing is learned yet" in words(app)
    assert app.get("plotly_chart")[0].proto.alt.startswith("Share of held-out digits")
    press(app, "Play")
    room.train()
    app.run()
    assert "Done after **20** steps" in words(app)
    assert "Moved by 3 pixels: MLP" in words(app)
    assert "MLP **6,370**, CNN **6,337**" in words(app)
    assert r"= \mathbf{6{,}370}" in words(app)
    assert html(app).count("<img") == 10
    next(one for one in app.slider if one.label == "Moved by, test").set_value(1).run()
    assert url(app) == {"n": "3", "h": "8", "lr": "0.01", "steps": "20", "moved": "1"}
    assert "Nothing is learned yet" in words(app)


def test_a_new_head_learns_and_frozen_layers_are_locked(room: TrainingRoom) -> None:
    app = opened_in_the_app("fine_tuning", "c=heart.moon.arrow&ways=head.block&n=2&lr=0.01&steps=10")
    assert "Nothing is learned yet" in words(app)
    press(app, "One step")
    room.train()
    app.run()
    assert "Step **1** of 10, paused." in words(app)
    press(app, "Play")
    room.train()
    app.run()
    assert "Done after **10** steps" in words(app)
    assert "still reads the ten old classes on frozen features: **100 %**" in words(app)
    assert html(app).count("frozen: 0") == 8 + 6
    assert "<b>195</b> learn" in html(app)
    assert html(app).count("<img") == 8
    assert "= 195" in app.latex[0].value
    assert [one.label for one in app.tabs] == ["New head only", "From conv4_1 on"]


def test_a_task_of_one_class_and_no_way_at_all_are_refused(room: TrainingRoom) -> None:
    app = opened_in_the_app("fine_tuning", "c=heart.moon&ways=head&n=1")
    app.multiselect[0].set_value(["heart"]).run()
    assert "at least 2 classes" in app.warning[0].value
    assert url(app)["c"] == "heart.moon"
    app.multiselect[0].set_value(["heart", "moon", "dots"]).run()
    assert url(app) == {"c": "heart.moon.dots", "ways": "head", "n": "1"}
    assert not app.warning
    app.button_group[0].set_value([]).run()
    assert "At least one way" in app.warning[0].value
    app.button_group[0].set_value(["scratch", "head"]).run()
    assert url(app)["ways"] == "head.scratch"
    assert not app.exception


@pytest.mark.parametrize(("page", "preset"), PRESETS, ids=lambda one: getattr(one, "name", one))
def test_every_example_opens_and_stands_as_written(page: str, preset: Any, room: TrainingRoom) -> None:
    app = opened_in_the_app(page, "&".join(f"{name}={text}" for name, text in preset.state.items()))
    assert not app.exception
    assert url(app) == dict(preset.state)
    assert not app.warning
    assert not app.error
    assert preset.title in words(app)


@pytest.mark.parametrize(
    ("page", "link"),
    [("cnn_or_mlp", one) for one in ("n=0", "shift=9", "moved=-1", "h=1000", "end=mean", "lr=0", "steps=1e9")]
    + [("fine_tuning", one) for one in ("c=heart", "c=heart.tree", "c=moon.moon", "n=99", "ways=none", "from=fc")],
)
def test_a_bad_link_gets_a_sentence(page: str, link: str, room: TrainingRoom) -> None:
    app = opened_in_the_app(page, f"{link}&seed=7")
    assert len(app.warning) == 1
    assert not app.exception
    assert url(app)["seed"] == "7"
