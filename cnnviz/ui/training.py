"""A training on a page: buttons, the place in the queue, and a picture that moves while it learns.

Inside the page's `lesson_part`, below its own controls:

    settings = spec.settings()                       # what the experiment asks for, with "rate", "steps" and "pace"
    show_training(KEY, experiment, settings, draw)   # draw(progress) gets a `Progress`; it may draw anything

`draw` is called in a part of its own, which runs again `EVERY` so many seconds, but only while it learns: keep it
quick, and keep widgets that belong to the page out of it. Who waits asks seldom, and only for the place in the queue.
When "rate", "steps" or "pace" change, the training goes on with them; when anything else changes, it is ended, and the
page shows the new one before its first step.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from cnnviz.engine.training.experiments import ACTIVE, LIVE, Experiment, Progress, Settings, opening
from cnnviz.engine.training.session import Training, pool
from cnnviz.errors import SpecError
from cnnviz.explain.training import state_words
from cnnviz.ui.holdings import note_holding
from cnnviz.ui.notes import refuse, warn
from cnnviz.ui.share import fresh
from cnnviz.ui.turns import in_turn, out_of_turn
from cnnviz.ui.waiting import session_name

EVERY = 0.2
"""Seconds between two pictures while it learns."""
READY_EVERY, MOST_PATIENCE = 0.3, 5.0
"""Seconds between two questions while a worker gets ready, and for those far back in the queue."""
STEP_WAITS = 0.2
"""Seconds for which a single step is waited for, so that it is on the screen at once."""
FIRSTS_KEPT = 32

Draw = Callable[[Progress], None]


def show_training(key: str, experiment: Experiment, settings: Settings, draw: Draw) -> None:
    """Draw the buttons of a training and what it has learned so far."""
    try:
        training = _training(key, experiment, settings)
    except SpecError as error:
        refuse(error.message, icon=":material/block:")
        return
    learns = training.progress().state == "playing"
    # The browser goes on asking until the whole page is drawn anew: `_part` sees to that when the training ends.
    st.session_state[_asks(key)] = learns or st.session_state.get(_asks(key), False)
    st.fragment(in_turn(_part), run_every=EVERY if learns else None)(key, experiment, settings, draw)


def training_controls(key: str, experiment: Experiment, settings: Settings) -> Progress:
    """Draw play, one step and restart, and what the training is doing; give its progress.

    `show_training` calls this in the part that runs again by itself.
    """
    training = _training(key, experiment, settings)
    progress = training.progress()
    _buttons(key, training, progress)
    if progress.state == "failed":
        refuse(progress.message, icon=":material/error:")
    elif progress.message:
        warn(progress.message, icon=":material/timer_off:")
    return progress


def _part(key: str, experiment: Experiment, settings: Settings, draw: Draw) -> None:
    progress = training_controls(key, experiment, settings)
    draw(progress)
    learns = progress.state == "playing"
    if learns != st.session_state.get(_asks(key), False):
        st.session_state[_asks(key)] = learns
        st.rerun()


def _waiting(key: str, steps: int) -> None:
    """Say what it waits for; nothing else is drawn anew until that is over."""
    training: Training | None = st.session_state.get(_held(key))
    if training is None or (progress := training.progress()).state not in ("waiting", "starting"):
        st.rerun()
    st.markdown(state_words(progress, steps))


def _buttons(key: str, training: Training, progress: Progress) -> None:
    runs, over = progress.state in ACTIVE, progress.state in ("done", "failed", "stopped")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Pause" if runs else "Play",
            icon=":material/pause:" if runs else ":material/play_arrow:",
            type="primary",
            key=f"{key}_play",
            on_click=fresh(_press),
            args=(key, "pause" if runs else "play"),
            width=110,
        )
        st.button(
            "One step", icon=":material/skip_next:", key=f"{key}_step", on_click=fresh(_press), args=(key, "step"),
            disabled=runs or over,
        )  # fmt: skip
        st.button(
            "Restart", icon=":material/replay:", key=f"{key}_restart", on_click=fresh(_press), args=(key, "restart"),
            disabled=progress.state == "new",
        )  # fmt: skip
        steps = int(training.settings["steps"])
        if progress.state in ("waiting", "starting"):
            every = min(READY_EVERY + progress.place / 2, MOST_PATIENCE)
            st.fragment(_waiting, run_every=every)(key, steps)
        else:
            st.markdown(state_words(progress, steps))


def _press(key: str, what: str) -> None:
    """Do what a button says. Play after the end begins again."""
    training: Training | None = st.session_state.get(_held(key))
    if training is None:
        return
    over = training.progress().state in ("done", "failed", "stopped")
    if what == "restart" or (over and what == "play"):
        training.stop()
        training = _made(training.name, training.settings)
        st.session_state[_held(key)] = training
    note_holding("training", what != "restart")
    if what == "play":
        training.play()
    elif what == "pause":
        training.pause()
    elif what == "step":
        training.step()
        until = time.monotonic() + STEP_WAITS
        while training.progress().state == "starting" and time.monotonic() < until:
            time.sleep(0.01)  # callbacks run before the page takes its turn: nobody waits for this one


def _training(key: str, experiment: Experiment, settings: Settings) -> Training:
    """Give the session's training: the one that it has, if the settings are still the same."""
    name = experiment.__module__
    held: Training | None = st.session_state.get(_held(key))
    if held is not None and held.name == name and _fixed(held.settings) == _fixed(settings):
        held.turn(**{name: settings[name] for name in LIVE if name in settings})
        return held
    if held is not None:
        held.stop()
        note_holding("training", False)
    st.session_state[_held(key)] = made = _made(name, settings)
    if st.runtime.exists():
        pool().warm()  # a worker needs some seconds to get ready: most who come here will train
    return made


def _made(name: str, settings: Settings) -> Training:
    return Training(name, settings, _opening(name, settings), owner=session_name())


def _opening(name: str, settings: Settings) -> Progress:
    with out_of_turn():
        return _first(name, json.dumps(_fixed(settings)), settings)


@st.cache_resource(max_entries=FIRSTS_KEPT, show_spinner=False)
def _first(name: str, fixed: str, _settings: Settings) -> Progress:
    """Look at a model before its first step, once for all learners whose fixed settings are the same."""
    return opening(name, _settings)


def _fixed(settings: Settings) -> list[tuple[str, Any]]:
    return sorted((name, value) for name, value in settings.items() if name not in LIVE)


def _held(key: str) -> str:
    return f"_{key}_training"


def _asks(key: str) -> str:
    return f"_{key}_asks"
