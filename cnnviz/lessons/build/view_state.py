"""The network that is being built: where it comes from, how an edit changes it, and what undo brings back.

Its text is the state (`trace_text`): it stands in the URL while it is short enough, and in the session for all pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import streamlit as st

from cnnviz.engine.networks.graph import INPUT, Network
from cnnviz.engine.networks.trace import NetworkTrace, trace_network
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.errors import SpecError
from cnnviz.lessons.build.spec import BuildSpec
from cnnviz.lessons.build.spec_examples import BUILD_PRESETS, find_preset
from cnnviz.lessons.build.trace import index_of, loosen
from cnnviz.lessons.build.trace_parts import find_parts, openable, stages
from cnnviz.lessons.build.trace_text import read_network, write_network
from cnnviz.state.network_choice import OWN, NetworkChoice
from cnnviz.ui.holdings import note_holding
from cnnviz.ui.network import CHOICE, CODE, cached_code, choose, first_problem, follow, keep_code
from cnnviz.ui.share import current_query, publish

KEY = "build"
WRONG = f"{KEY}_wrong"
PAST, FUTURE = "_build_past", "_build_future"
MOST_STEPS_BACK, MOST_LETTERS_BACK = 50, 500_000
"""What a session keeps to undo, and as much to do again: steps, and letters of code in all of them."""
Step = tuple[dict[str, str], str]
"""A state as its query, and the code that its URL may be too short for."""


@dataclass(frozen=True)
class Built:
    """What is on the page."""

    spec: BuildSpec
    network: Network
    trace: NetworkTrace
    notes: tuple[str, ...] = ()

    @property
    def chosen(self) -> str:
        """The name of the chosen layer."""
        return self.network.nodes[self.spec.at - 1].name if self.spec.at else INPUT


def current() -> Built:
    """Find the network: in the link, an example, what this session looked at before, or the first example."""
    query, _ = current_query(KEY)
    spec, notes = BuildSpec.from_query(query)
    if spec.example:
        keep_code(find_preset(spec.example).code)
    elif not query.keys() & {"net", "c"} and CHOICE not in st.session_state:
        spec = replace(spec, example=BUILD_PRESETS[0].name)
        keep_code(BUILD_PRESETS[0].code)
    else:
        spec = replace(spec, choice=follow(spec.choice, bool(query.keys() & {"net", "c"})))
    network, more = _network(spec)
    size = spec.choice.size
    if size is not None and len(size) == len(network.input):
        network = replace(network, input=size)
    at = min(spec.at, len(network.nodes))
    spec = replace(spec, at=at, opened=tuple(stages(network, spec.opened)) if spec.opened else ())
    return Built(spec, network, trace_network(network), (*notes, *more))


def _network(spec: BuildSpec) -> tuple[Network, list[str]]:
    if not spec.example and spec.choice.name != OWN:
        return ARCHITECTURES[spec.choice.name], []
    preset = find_preset(spec.example)
    text = preset.code if spec.example else spec.choice.code
    size = spec.choice.size or (preset.size if spec.example else None)
    parsed = cached_code(text, size)
    network = read_network(text, size, parsed)
    if network is None:
        first = BUILD_PRESETS[0]
        instead = read_network(first.code, first.size)
        assert instead is not None
        why = first_problem(parsed) or "The page “Your code” says what is missing."
        return instead, [f"Your code is no network yet, so this one is shown. {why}"]
    if parsed.problems and network.nodes:
        lines = len(parsed.problems)
        what = "1 thing" if lines == 1 else f"{lines} things"
        return network, [f"{what} in your code could not be read and will be lost by an edit. “Your code” names them."]
    return network, []


def show(spec: BuildSpec) -> None:
    """Look at the same network in another way: nothing to undo."""
    publish(KEY, spec.to_query(), None)


def adopt(built: Built, network: Network, name: str) -> None:
    """Put an edited network in place, with a layer chosen."""
    remember(built.spec)
    text = write_network(network)
    keep_code(text)
    choice = NetworkChoice(OWN, None, text, built.spec.choice.batch)
    show(replace(built.spec, choice=choice, example="", at=index_of(network, name) + 1))


def edit(make: Callable[[Network], tuple[Network, str]]) -> None:
    """Change the network; `make` gives it and the name of the layer to choose. A refusal changes nothing."""
    if message := try_edit(make):
        st.session_state[WRONG] = message


def try_edit(make: Callable[[Network], tuple[Network, str]]) -> str:
    """Do the same, and give the sentence of a refusal back."""
    built = current()
    try:
        network, name = make(built.network)
        if built.spec.follow:
            network = loosen(network)
        adopt(built, network, name)
    except SpecError as error:
        return error.message
    return ""


@contextmanager
def whole_or_not_at_all(*more: str) -> Iterator[None]:
    """Undo what was half done when Streamlit breaks a run off: the next run does it again, from the beginning."""
    names = (PAST, FUTURE, CODE, CHOICE, *more)
    before = {name: st.session_state[name] for name in names if name in st.session_state}
    try:
        yield
    except BaseException:
        for name in names:
            st.session_state.pop(name, None)
        for name, value in before.items():
            st.session_state[name] = value
        raise


def choose_key(key: str) -> None:
    """Choose the layer of a block, or open the stage."""
    built = current()
    names = [INPUT, *(node.name for node in built.network)]
    if key in names:
        show(replace(built.spec, at=names.index(key)))
    elif key in openable(built.network, built.spec.opened):
        part = next(one for one in find_parts(built.trace, built.spec.opened) if one.key == key)
        opened = (*built.spec.opened, key)
        show(replace(built.spec, opened=opened, at=names.index(part.nodes[0].name)))


def choose_layer(place: int) -> None:
    """Choose a layer by its place."""
    show(replace(current().spec, at=place))


def remember(spec: BuildSpec) -> None:
    """Keep a state for undo; what was undone before is gone."""
    _push(PAST, _step(spec))
    st.session_state[FUTURE] = []
    note_holding("undo")


def can(way: str) -> bool:
    """Say whether there is something to undo, or to do again."""
    return bool(st.session_state.get(way))


def step(way: str) -> None:
    """Undo one edit, or do it again."""
    steps: list[Step] = st.session_state.get(way, [])
    if not steps:
        return
    _push(FUTURE if way == PAST else PAST, _step(current().spec))
    query, code = steps[-1]
    st.session_state[way] = steps[:-1]
    if code:
        keep_code(code)
    elif "net" in query:
        choose(query["net"])
    publish(KEY, query, None)


def _step(spec: BuildSpec) -> Step:
    return spec.to_query(), spec.choice.code if spec.choice.name == OWN else ""


def _push(way: str, one: Step) -> None:
    st.session_state[way] = newest([*st.session_state.get(way, []), one])


def newest(steps: list[Step]) -> list[Step]:
    """Leave out the oldest steps that are too many, or too long together; the newest always stays.

    >>> [len(code) for _, code in newest([({}, "a" * 200_000), ({}, "b" * 300_000), ({}, "c" * 200_000)])]
    [300000, 200000]
    """
    kept: list[Step] = []
    letters = 0
    for one in reversed(steps[-MOST_STEPS_BACK:]):
        letters += len(one[1])
        if kept and letters > MOST_LETTERS_BACK:
            break
        kept.append(one)
    return kept[::-1]
