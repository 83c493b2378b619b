"""What a session chose for its networks' weights, and the networks with them, out of the server's memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from cnnviz.engine.networks.seeing.maps import Eyes, own_eyes
from cnnviz.engine.networks.weights.cache import SHELF, weight_of
from cnnviz.engine.networks.weights.file import open_weights
from cnnviz.engine.networks.weights.fitting import loaded_eyes, untrained_eyes
from cnnviz.engine.networks.weights.folder import file_key, server_files
from cnnviz.engine.networks.weights.published import FILE, OURS, RANDOM, WeightsChoice
from cnnviz.engine.networks.zoo.trained import TRAINED
from cnnviz.errors import WeightsError

W = "w"
"""The weights' name in the URL."""
HELD, PANEL, LAST, COMPLAINT = (f"_weights_{name}" for name in ("held", "panel", "last", "complaint"))


@dataclass(frozen=True, slots=True)
class Held:
    """What a session chose for one network; `key` finds a file of its own among the networks in memory."""

    choice: WeightsChoice
    key: str = ""


def usual(name: str) -> WeightsChoice:
    """Give a network's weights while nobody chose: ours where there are any."""
    return WeightsChoice(OURS if name in TRAINED else RANDOM)


def held_for(name: str) -> Held:
    """Give what was chosen for a network."""
    held: Held = st.session_state.get(HELD, {}).get(name, Held(usual(name)))
    return held


def hold(name: str, choice: WeightsChoice, key: str = "") -> None:
    """Choose weights for a network; the link's are over."""
    st.session_state.setdefault(HELD, {})[name] = Held(choice, key)
    st.query_params.pop(W, None)


def complain(message: str, fits: str = "") -> None:
    """Keep a sentence on the last file, and the network that it does fit, for the door to say."""
    st.session_state[COMPLAINT] = (message, fits)


def made_eyes(name: str, held: Held) -> Eyes:
    """Give a network with what was chosen; from memory if it is there."""
    choice = held.choice
    if choice.way == OURS:
        return own_eyes(name)
    if choice.way == RANDOM:
        key = f"{name} random {choice.seed}"
        return on_shelf(key, weight_of(name), lambda: untrained_eyes(name, choice.seed))
    if choice.way == FILE:
        found: Eyes | None = SHELF.find(held.key)
        if found is None:
            raise WeightsError(f"The weights of {choice.file} had to make room for others: choose the file again.")
        return found
    path = server_files().get(choice.file)
    if path is None:
        raise WeightsError(f"{choice.file} is not on this server any more.")
    key = f"{name} {file_key(path)}"
    return on_shelf(key, memory_of(name, path), lambda: _read(name, path, choice.file, key))


def on_shelf(key: str, weight: int, make: Callable[[], Eyes]) -> Eyes:
    """Give a network out of memory, or make it and keep it there."""
    eyes: Eyes = SHELF.take(key, weight, make)
    return eyes


def memory_of(name: str, path: Path) -> int:
    """Bytes in memory; a last layer of its own may make a file larger than the network usually is."""
    return max(weight_of(name), path.stat().st_size)


def _read(name: str, path: Path, title: str, key: str) -> Eyes:
    with open_weights(path) as file:
        return loaded_eyes(name, file, title, key)
