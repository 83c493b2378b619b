"""A picture made for one unit: noise that climbs, the buttons and the settings.

It climbs in slices: a part of the page that runs again three times a second while there is something to do.
Nothing runs between the slices, so nothing is left behind when the learner goes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from cnnviz.engine.networks.seeing.maps import Eyes
from cnnviz.engine.networks.zoo.trained import TRAINED
from cnnviz.explain.notation import in_words
from cnnviz.explain.turns import before_words
from cnnviz.lessons.learned_kernels.figure import climb_figure
from cnnviz.lessons.learned_kernels.spec import (
    BLURS,
    FADES,
    MOST_JITTER,
    MOST_SEED,
    MOST_STEPS,
    PLACES,
    RATES,
    Climb,
    KernelsSpec,
)
from cnnviz.lessons.learned_kernels.trace_excite import SLICES, Ascent, unit_row
from cnnviz.lessons.learned_kernels.view_state import KEY, linked, settled
from cnnviz.lessons.learned_kernels.words import climb_words
from cnnviz.ui.echo import overwrite
from cnnviz.ui.notes import warn
from cnnviz.ui.share import fresh
from cnnviz.ui.subject import Subject
from cnnviz.ui.turns import in_turn, out_of_turn
from cnnviz.ui.viewer import Panel, keep, show_pictures, viewed_query
from cnnviz.ui.waiting import session_name
from cnnviz.ui.widgets import bound, is_dark, show_chart

HELD = f"_{KEY}_climb"
EVERY, SLICE = 0.3, 0.1
"""Seconds between two slices, and for one."""
MOST_KEPT = 64


@dataclass
class Held:
    """The climb of one session."""

    about: tuple[object, ...]
    ascent: Ascent
    running: bool


_finished: OrderedDict[tuple[object, ...], Ascent] = OrderedDict()
_finished_lock = threading.Lock()


def show_climb(spec: KernelsSpec, subject: Subject, unit: str, best: float) -> None:
    """Draw the buttons, the picture and its curve; `best` is what the best sample gives."""
    held = _held(subject.eyes, spec)
    _show_options(spec, subject, held)
    part = st.fragment(in_turn(_climb), run_every=EVERY if held.running else None)
    part(held, subject.eyes, spec, unit, best)


def _held(eyes: Eyes, spec: KernelsSpec) -> Held:
    """Give the session's climb; another unit, or other settings, begin another one. Our own networks begin at once."""
    about = (eyes.digest, spec.layer, spec.kernel, spec.climb)
    held: Held | None = st.session_state.get(HELD)
    if held is not None and held.about == about:
        return held
    with _finished_lock:
        finished = _finished.get(about)
    if finished:
        held = Held(about, finished, False)
    else:
        with out_of_turn():
            held = Held(about, Ascent(eyes, spec.layer, spec.kernel, spec.climb), eyes.network.name in TRAINED)
    st.session_state[HELD] = held
    return held


def _restart(eyes: Eyes, spec: KernelsSpec, held: Held) -> None:
    """Begin again from the same noise."""
    held.ascent = Ascent(eyes, spec.layer, spec.kernel, spec.climb)
    held.running = True


def _climb(held: Held, eyes: Eyes, spec: KernelsSpec, unit: str, best: float) -> None:
    """Go on for a slice, and show how far it is."""
    before = 0
    if held.running:
        with out_of_turn(), SLICES.one(session_name()) as asked:
            before = asked.before
            if asked.mine:
                held.ascent.advance(eyes, SLICE)
    ascent = held.ascent
    _draw(held, spec, unit, best, before)
    if held.running and ascent.done:
        held.running = False
        with _finished_lock:
            _finished[held.about] = ascent
            while len(_finished) > MOST_KEPT:
                _finished.popitem(last=False)
        st.rerun()  # the whole page: only it can end the polling


def _draw(held: Held, spec: KernelsSpec, unit: str, best: float, before: int) -> None:
    ascent, steps = held.ascent, spec.climb.steps
    pixels, curve = ascent.pixels, ascent.curve
    value = curve[-1] if curve else float("nan")
    resting = "done" if ascent.done else "stopped" if curve else "noise"
    climbs = f"waiting: {before_words(before)}" if before else "climbing"
    state = climbs if held.running else resting
    done = min(len(curve), steps)
    picture, chart = st.columns(2)
    with picture:
        show_pictures(
            [
                Panel(
                    "The picture made for it", pixels, "rgb" if pixels.ndim == 3 else "grey", linked=False,
                    alt=f"What noise became after {done} steps towards {unit}.",
                )
            ],
            key=f"{KEY}_climb", label="Made for the unit", quiet=True,
            note=f"Step {done} of {steps} · {state}" + (f" · {in_words(value, 4)}" if curve else ""),
        )  # fmt: skip
    with chart:
        st.markdown("**Its value, step by step**")
        show_chart(
            f"{KEY}_curve", climb_figure(curve, steps, best, dark=is_dark()),
            f"The value of {unit} over {done} steps; the best sample gives {in_words(best, 3)}.",
        )  # fmt: skip
    if ascent.flat:
        warn(
            f"The gradient is zero everywhere: {unit} does not answer to any small change of this picture. "
            "Take another seed.", icon=":material/trending_flat:",
        )  # fmt: skip
    elif ascent.done:
        st.markdown(climb_words(unit, value, best, curve[0]))


def _show_options(spec: KernelsSpec, subject: Subject, held: Held) -> None:
    """Draw the buttons, and the settings behind one."""

    def go(running: bool) -> None:
        held.running = running

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if held.ascent.done:
            about = (subject.eyes, spec, held)
            st.button("Again", icon=":material/replay:", key=f"{KEY}_again", on_click=fresh(_restart), args=about)
        elif held.running:
            st.button("Stop", icon=":material/stop:", key=f"{KEY}_stop", on_click=fresh(go), args=(False,))
        else:
            label = "Go on" if held.ascent.curve else "Climb from noise"
            st.button(
                label, icon=":material/play_arrow:", key=f"{KEY}_go", on_click=fresh(go), args=(True,), type="primary"
            )
        with st.popover("How it climbs", icon=":material/tune:"):
            _settings(spec, subject)


def _settings(spec: KernelsSpec, subject: Subject) -> None:
    climb = spec.climb

    def take(name: str) -> None:
        asked, _ = settled(viewed_query(KEY)[0], subject)
        value = st.session_state[f"{KEY}_{name}"]
        keep(KEY, linked(replace(asked, climb=replace(asked.climb, **{name: value})), subject))

    def tied(name: str) -> dict[str, Any]:
        # Told anew in every run: the browser makes what stands in a popover only when it is opened, maybe runs later.
        overwrite(f"{KEY}_{name}", getattr(climb, name), anew=True)
        return bound(f"{KEY}_{name}", getattr(climb, name), take, name)

    def slider(name: str, label: str, ends: tuple[float, float], step: float, about: str) -> None:
        st.slider(label, *ends, step=step, help=about, **tied(name))

    if len(unit_row(subject.eyes, spec.layer).output_shape) > 1:
        st.radio("What to excite", list(PLACES), format_func=PLACES.__getitem__, **tied("place"))
    slider("steps", "Steps", (8, MOST_STEPS), 8, "How often the picture is changed.")
    slider("rate", "Length of a step", RATES, 0.01, "How far along the gradient, which is divided by its own spread.")
    slider("jitter", "Jitter", (0, MOST_JITTER), 1, "Pixels by which the picture is moved before each step, at random.")
    slider("blur", "Blur", BLURS, 0.05, "How far each step takes the picture towards its 3×3 mean: fine noise goes.")
    slider("fade", "Fading", FADES, 0.01, "How far each step takes it back to plain: what nobody needs goes (L2).")
    slider("seed", "Seed", (0, MOST_SEED), 1, "Which noise it begins from.")

    def reset() -> None:
        asked, _ = settled(viewed_query(KEY)[0], subject)
        keep(KEY, linked(replace(asked, climb=Climb()), subject))

    st.button(
        "As it was", icon=":material/restart_alt:", key=f"{KEY}_reset", on_click=fresh(reset), disabled=climb == Climb()
    )
