"""The network that all lessons on networks look at: a known one, or the learner's own code; and for which pictures.

    choice, trace = choose_network("networks")      # draws the bar, gives what was chosen and its trace

The choice follows the learner from page to page. A known network's name stands in the URL (``net=resnet50``), and so
does one's own code while it is short enough (packed, ``c=``); longer code lives in the session, and as a file.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from cnnviz.engine.networks.code.reader import Parsed
from cnnviz.engine.networks.code.reading import read_text, text_read_before
from cnnviz.engine.networks.graph import Network
from cnnviz.engine.networks.trace import NetworkTrace, trace_network
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.errors import SpecError
from cnnviz.quoting import one_line
from cnnviz.state.network_choice import LONGEST_LINK, OWN, NetworkChoice, pack_code, parse_size, show_size
from cnnviz.ui.holdings import note_holding
from cnnviz.ui.turns import out_of_turn

OWN_TITLE = "Your code"
CODE = "_network_code"
CHOICE = "_network_choice"


def own_code() -> str:
    """Give the learner's code, if there is any in this session."""
    return str(st.session_state.get(CODE, ""))


def keep_code(text: str) -> None:
    """Keep the learner's code for all pages of this session, and choose it."""
    if text != own_code():
        note_holding("code", len(pack_code(text)) > LONGEST_LINK)
    st.session_state[CODE] = text
    st.session_state[CHOICE] = OWN


def cached_code(text: str, size: tuple[int, ...] | None) -> Parsed:
    """Read code once; what is read depends on the text and the size alone. Others have their turn meanwhile."""
    parsed = text_read_before(text, size)
    if parsed is None:
        with out_of_turn():
            parsed = read_text(text, size)
    return parsed


def why_not(choice: NetworkChoice) -> list[str]:
    """Say why another network is shown than one's own code, if one is."""
    if choice.name != OWN:
        return []
    parsed = cached_code(choice.code or own_code(), choice.size)
    if parsed.network is not None:
        return []
    title = ARCHITECTURES[NetworkChoice().name].title
    return [f"Your code is no network yet, so {title} is shown. {first_problem(parsed)}".rstrip()]


def first_problem(parsed: Parsed) -> str:
    """Give the first thing that was not understood, with its line; nothing if there is none."""
    if not parsed.problems:
        return ""
    problem = parsed.problems[0]
    return (f"Line {problem.line}: " if problem.line else "") + problem.message


def chosen_network(choice: NetworkChoice) -> Network:
    """Give the network that a choice names; a known one if one's own is no network yet."""
    if choice.name == OWN:
        parsed = cached_code(choice.code or own_code(), choice.size)
        if parsed.network is not None:
            return parsed.network
        return ARCHITECTURES[NetworkChoice().name]
    return ARCHITECTURES[choice.name]


def network_trace(choice: NetworkChoice) -> NetworkTrace:
    """Send a picture of the chosen size through the chosen network; of its own size if that is no picture for it."""
    network = chosen_network(choice)
    if choice.size is None or len(choice.size) != len(network.input):
        return trace_network(network)
    return trace_network(network, choice.size)


def follow(choice: NetworkChoice, named: bool) -> NetworkChoice:
    """Put what the session knows into a choice: the network of the page before, and code that no URL holds."""
    if choice.code:
        keep_code(choice.code)
        return choice
    if not named and CHOICE in st.session_state:
        choice = replace(choice, name=st.session_state[CHOICE])
    elif named:
        st.session_state[CHOICE] = choice.name
    if choice.name == OWN:
        choice = replace(choice, code=own_code())
        if not choice.code:
            choice = replace(choice, name=NetworkChoice().name)
    return choice


def choose(name: str) -> None:
    """Remember which network was chosen."""
    st.session_state[CHOICE] = name


def network_names() -> list[str]:
    """List what can be chosen: one's own code first, if there is any."""
    return [*([OWN] if own_code() else []), *ARCHITECTURES]


def network_title(name: str) -> str:
    """Give the title of a known network, or of one's own."""
    return OWN_TITLE if name == OWN else ARCHITECTURES[name].title


def read_size(text: str, network: Network) -> tuple[tuple[int, ...] | None, str]:
    """Read a typed input size: the size, or a sentence."""
    if not text.strip():
        return None, ""
    try:
        size = parse_size(text)
    except SpecError as error:
        return None, f"The input size “{one_line(text, 20)}” was not understood: {error.message}."
    if len(size) == 1 and len(network.input) == 3:
        size = (network.input[0], size[0], size[0])
    if len(size) == 2 and len(network.input) == 3:
        size = (network.input[0], *size)
    if len(size) != len(network.input):
        return None, f"{network.title} takes {show_size(network.input)}: channels, then space."
    return size, ""
