"""With whose weights a network looks: random ones, those of a file, or those that lie on this server.

    eyes = offer_weights("resnet18", switch=take_network)   # draws the door, gives the network that looks

What was chosen follows the learner from page to page. The URL holds only what every session has (``w=random.7``, or
the name of a file on the server). A file of one's own is read once, put among the networks that the server keeps in
memory, and forgotten: the session holds its digest, so that it stays small however large the file is.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.engine.networks.seeing.maps import Eyes
from cnnviz.engine.networks.weights.cache import weight_of
from cnnviz.engine.networks.weights.folder import files_for, server_files
from cnnviz.engine.networks.weights.published import (
    DOWNLOAD,
    FILE,
    MOST_SEED,
    OURS,
    PUBLISHED_FILES,
    RANDOM,
    SERVER,
    WeightsChoice,
)
from cnnviz.engine.networks.weights.words import short_name
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.engine.networks.zoo.trained import TRAINED
from cnnviz.errors import SpecError, WeightsError
from cnnviz.quoting import as_markdown, one_line
from cnnviz.state.weights import parse_weights, show_weights
from cnnviz.ui.notes import warn
from cnnviz.ui.share import fresh
from cnnviz.ui.turns import out_of_turn
from cnnviz.ui.waiting import computing
from cnnviz.ui.weights.fetch import fetched, show_fetch
from cnnviz.ui.weights.state import COMPLAINT, HELD, LAST, PANEL, Held, W, held_for, hold, made_eyes, usual
from cnnviz.ui.weights.upload import offer_upload, take_upload
from cnnviz.ui.widgets import bound

WAYS = {
    OURS: "Trained by us",
    RANDOM: "Random",
    SERVER: "On this server",
    FILE: "From a file",
    DOWNLOAD: "Download",
}


def offer_weights(name: str, *, switch: Callable[[str], None] | None = None, row: DeltaGenerator | None = None) -> Eyes:
    """Draw the door to a network's weights, and give the network with those that were chosen.

    `switch` takes the learner to another network: offered when a file turns out to be of that one. `row` is where the
    door stands; what is to be said about a link stands below it.
    """
    note = _follow_the_link(name)
    take_upload(name)
    _take_fetched(name)
    eyes, trouble = _eyes(name)
    title = f"Weights: {as_markdown(_title(held_for(name)))}"
    with row or nullcontext(), st.popover(title, icon=":material/hub:", key="_weights_door", width="content"):
        _show_complaint(name, switch)
        st.markdown(_about(name, eyes))
        _choose_way(name)
    for sentence in filter(None, (note, trouble)):
        warn(sentence, icon=":material/link_off:")
    st.session_state[LAST] = (name, weights_query(name).get(W))
    return eyes


def weights_query(name: str) -> dict[str, str]:
    """Give what the URL says about a network's weights: nothing for its usual ones and for a file of one's own."""
    choice = held_for(name).choice
    return {} if choice.way == FILE or choice == usual(name) else {W: show_weights(choice)}


def _follow_the_link(name: str) -> str:
    """Take the weights that the URL names; those of the network before are none of this one's."""
    text = st.query_params.get(W)
    last_name, last_text = st.session_state.get(LAST, ("", None))
    if text is None:
        return ""
    if last_name not in {"", name} and last_text == text:
        st.query_params.pop(W, None)
        return ""
    try:
        choice = parse_weights(text)
        if choice.way == SERVER and choice.file not in server_files():
            raise SpecError(W, "there is no such file on this server")
        if choice.way == OURS and name not in TRAINED:
            raise SpecError(W, f"{ARCHITECTURES[name].title} is none of the networks that come with the app")
    except SpecError as error:
        st.query_params.pop(W, None)
        now = _title(held_for(name))
        return f"The link asks for the weights {short_name(text)}, but {error.message}. They are {now} now."
    st.session_state.setdefault(HELD, {})[name] = Held(choice)
    return ""


def _take_fetched(name: str) -> None:
    """Look with what this session fetched, as soon as it is there."""
    file = fetched()
    if file and name in PUBLISHED_FILES and file == PUBLISHED_FILES[name].file:
        hold(name, WeightsChoice(SERVER, file))
        st.session_state.setdefault(PANEL, {})[name] = SERVER


def _eyes(name: str) -> tuple[Eyes, str]:
    """Give the network with the chosen weights; with its usual ones, and a sentence, if those cannot be had."""
    with computing():
        try:
            return made_eyes(name, held_for(name)), ""
        except WeightsError as error:
            hold(name, usual(name))
            return made_eyes(name, held_for(name)), str(error)


def _choose_way(name: str) -> None:
    """Draw the ways to weights, and what belongs to the chosen one."""
    with out_of_turn() if server_files() else nullcontext():  # new files are looked into
        files = files_for(name)
    published = PUBLISHED_FILES.get(name)
    offered = {
        OURS: name in TRAINED,
        RANDOM: True,
        SERVER: bool(files),
        FILE: True,
        DOWNLOAD: published is not None and published.file not in files,
    }
    ways = [way for way, there in offered.items() if there]
    panels: dict[str, str] = st.session_state.setdefault(PANEL, {})
    panel = panels.get(name, held_for(name).choice.way)
    panel = panel if panel in ways else held_for(name).choice.way
    widget = f"_weights_way_{name}"

    def take() -> None:
        way = panels[name] = st.session_state[widget]
        if way in {OURS, RANDOM}:
            hold(name, WeightsChoice(way))
        if way == SERVER:
            hold(name, WeightsChoice(SERVER, files[0]))

    st.radio("Weights", ways, format_func=WAYS.__getitem__, horizontal=True, **bound(widget, panel, take))
    if panel == RANDOM:
        _choose_seed(name)
    elif panel == SERVER:
        _choose_server_file(name, files)
    elif panel == FILE:
        offer_upload(name)
    elif panel == DOWNLOAD and published is not None:
        show_fetch(published)


def _choose_seed(name: str) -> None:
    widget = f"_weights_seed_{name}"
    choice = held_for(name).choice

    def take() -> None:
        hold(name, WeightsChoice(RANDOM, seed=int(st.session_state[widget])))

    st.number_input("Seed", 0, MOST_SEED, width=160, **bound(widget, choice.seed, take))


def _choose_server_file(name: str, files: list[str]) -> None:
    widget = f"_weights_file_{name}"
    choice = held_for(name).choice

    def take() -> None:
        if chosen := st.session_state[widget]:
            hold(name, WeightsChoice(SERVER, chosen))

    chosen = choice.file if choice.file in files else None
    st.selectbox("File", files, index=0 if chosen else None, **bound(widget, chosen, take))


def _show_complaint(name: str, switch: Callable[[str], None] | None) -> None:
    """Say what was wrong with the last file; where it belongs to another network, offer to go there."""
    message, fits = st.session_state.pop(COMPLAINT, ("", ""))
    if not message:
        return
    warn(message, icon=":material/broken_image:")
    if fits and fits != name and switch is not None:
        st.button(
            f"Look with {ARCHITECTURES[fits].title}", on_click=fresh(switch), args=(fits,), key=f"_weights_to_{fits}"
        )


def _title(held: Held) -> str:
    choice = held.choice
    if choice.way == RANDOM:
        return f"random, seed {choice.seed}"
    if choice.way == OURS:
        return "ours"
    return one_line(choice.file, 28)


def _about(name: str, eyes: Eyes) -> str:
    """Say whose weights these are, and how pictures are made ready for them."""
    choice = held_for(name).choice
    title = ARCHITECTURES[name].title
    if choice.way == OURS:
        trained = TRAINED[name]
        return f"Trained by us on {trained.learned_from}; right for {trained.accuracy:.1%} of those it never saw."
    if choice.way == RANDOM:
        text = (
            f"Random weights, drawn with the seed {choice.seed}: {title} before any training. Its scores mean nothing."
        )
    else:
        text = f"Weights from `{choice.file}`, {weight_of(name) / 2**20:,.0f} MB, in memory once for all who use them."
    if eyes.other_classes:
        text += f" Its last layer has {eyes.other_classes} classes of its own, which go by their numbers."
    if eyes.mean:
        red, green, blue = eyes.mean
        first, second, third = eyes.std
        text += (
            rf" Pictures: the middle 224×224 once the shorter side is {eyes.shorter}; each colour $v$ becomes "
            rf"$(v/255-\mu)/\sigma$ with $\mu = {red}, {green}, {blue}$ and $\sigma = {first}, {second}, {third}$."
        )
    return text
