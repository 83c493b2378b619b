"""The lesson on the learner's own code: what it builds, where it breaks, and the smallest change that mends it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from cnnviz.engine.networks.code.fixes import Mend
from cnnviz.engine.networks.code.reader import LONGEST_CODE, Parsed
from cnnviz.engine.networks.code.reading import mend_text, mended_before
from cnnviz.engine.networks.code.sized import write_code
from cnnviz.engine.networks.trace import NetworkTrace, trace_network
from cnnviz.explain.network import layer_words, memory, row_notes, say_shape, short
from cnnviz.explain.network_keras import keras_network
from cnnviz.lessons.your_code.spec import FIRST, YourCodeSpec, find_example
from cnnviz.lessons.your_code.spec_examples import CODE_EXAMPLES
from cnnviz.quoting import Markdown, as_code, as_markdown, one_line
from cnnviz.state.network_choice import LONGEST_LINK, OWN, NetworkChoice, pack_code, parse_size, show_size
from cnnviz.ui.lesson_pictures import show_code
from cnnviz.ui.network import cached_code, keep_code, own_code
from cnnviz.ui.network_table import show_table
from cnnviz.ui.notes import approve, inform, refuse, show_notes, warn
from cnnviz.ui.share import current_query, fresh, publish
from cnnviz.ui.turns import out_of_turn
from cnnviz.ui.widgets import bound

KEY = "your_code"
HEIGHT = 460


def cached_mends(text: str, size: tuple[int, ...] | None) -> list[Mend]:
    """Look for changes once a text; they depend on nothing else. Others have their turn meanwhile."""
    mends = mended_before(text, size)
    if mends is None:
        with out_of_turn():
            mends = mend_text(text, size)
    return mends


def show_your_code() -> None:
    """Draw the whole lesson."""
    query, _ = current_query(KEY)
    spec, notes = YourCodeSpec.from_query(query)
    spec, text = _text(spec)
    publish(KEY, spec.to_query(), None)
    _bar(spec)
    show_notes(notes)
    if wrong := st.session_state.pop(f"{KEY}_wrong", ""):
        warn(wrong, icon=":material/straighten:")
    left, right = st.columns([6, 5], gap="large")
    with left:
        _editor(text)
    parsed = cached_code(text, spec.choice.size)
    with right:
        trace = _verdict(spec, parsed, text)
    if trace is None:
        return
    show_table(trace)
    with st.expander("The whole network in code, as read here", icon=":material/code:"):
        codes = {"PyTorch": write_code(trace), "Keras": keras_network(trace)} if not trace.fault else {}
        if codes:
            show_code(KEY, codes, file_name="network.py")
        else:
            st.markdown("First the fault must be mended; then the code is written here.")


def _text(spec: YourCodeSpec) -> tuple[YourCodeSpec, str]:
    """Find the text: in the link, an example, what this session has, or the first example."""
    if spec.choice.code:
        keep_code(spec.choice.code)
        return spec, spec.choice.code
    if spec.example:
        example = find_example(spec.example)
        keep_code(example.code)
        return replace(spec, choice=replace(spec.choice, name=OWN, size=spec.choice.size or example.size)), example.code
    if own_code():
        return replace(spec, choice=replace(spec.choice, name=OWN, code=own_code())), own_code()
    return _text(replace(spec, example=FIRST))


def _bar(spec: YourCodeSpec) -> None:
    titles = {example.name: example.title for example in CODE_EXAMPLES}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "Example", list(titles), index=None, format_func=titles.__getitem__, placeholder="Choose an example",
            width=320, **_bound(spec.example or None, "example"),
        )  # fmt: skip
        st.text_input(
            "Input", width=140, help="Channels, rows and columns of one picture, like 3×32×32.",
            **_bound(show_size(spec.choice.size).replace(".", "×"), "size"), placeholder="from the code",
        )  # fmt: skip
    if spec.example:
        st.markdown(f"**{titles[spec.example]}.** {find_example(spec.example).note}")


def _editor(text: str) -> None:
    key = f"{KEY}_text"
    st.html(f"<style>.st-key-{key} textarea {{ font-family: 'Source Code Pro', monospace; }}</style>")
    st.text_area(
        "Your PyTorch code", height=HEIGHT, max_chars=LONGEST_CODE,
        help="An nn.Sequential, or a class with __init__ and forward. It is read, never run.",
        **bound(key, text, _take, "text"),
    )  # fmt: skip
    st.button("Check it", icon=":material/check:", help="Ctrl and Enter in the text do the same.")
    if len(pack_code(text)) > LONGEST_LINK:
        st.markdown(":small[This code is too long for a link. Save it as a file to share it.]")


def _verdict(spec: YourCodeSpec, parsed: Parsed, text: str) -> NetworkTrace | None:
    """Say what was understood, and what fails."""
    lines = parsed.text.split("\n")
    for problem in parsed.problems:
        where = f"Line {problem.line}: " if problem.line else ""
        line = lines[problem.line - 1].strip() if 0 < problem.line <= len(lines) else ""
        quoted = f"\n\n{as_code(line)}" if line else ""
        warn(Markdown(where + as_markdown(problem.message) + quoted), icon=":material/help:")
    if parsed.network is None:
        if not parsed.problems:
            inform("Paste your network on the left.", icon=":material/content_paste:")
        return None
    trace = trace_network(parsed.network)
    if trace.faulty is None or trace.fault is None:
        with st.container(horizontal=True, gap="large"):
            st.metric("Parameters", short(trace.params), width="content", help=f"{trace.params:,}")
            st.metric("Multiply-accumulates", short(trace.macs), width="content", help=f"{trace.macs:,}")
            st.metric("Output", say_shape(trace.output_shape), width="content")
        frozen = trace.params - trace.trainable
        approve(
            f"It fits: {say_shape(trace.input)} goes in, {say_shape(trace.output_shape)} comes out, through "
            f"{len(trace.rows)} layers. Its maps take {memory(trace.activations)} a picture while it learns."
            + (f" {short(frozen)} of its parameters are frozen." if frozen else ""),
            icon=":material/check_circle:",
        )
        for note in dict.fromkeys(note for row in trace.rows for note in row_notes(row) if "same module" not in note):
            st.markdown(f":material/info: {note}")
        return trace
    _show_fault(spec, trace, lines, text)
    return trace


def _show_fault(spec: YourCodeSpec, trace: NetworkTrace, lines: list[str], text: str) -> None:
    node, fault = trace.faulty, trace.fault
    assert node is not None
    assert fault is not None
    shown = ""
    if node.line and node.line <= len(lines):
        shown = f"\n\nLine {node.line}: {as_code(lines[node.line - 1].strip())}"
    what = f"**{as_markdown(node.name)}** ({layer_words(node.layer)}) cannot work."
    refuse(Markdown(f"{what} {as_markdown(fault.message)}{shown}"), icon=":material/error:")
    st.markdown("PyTorch would say:")
    st.code(f"RuntimeError: {fault.torch}", language=None, wrap_lines=True)
    mends = cached_mends(text, spec.choice.size)
    if mends:
        st.markdown("**What would mend it**")
    for number, mend in enumerate(mends):
        st.button(
            as_markdown(mend.sentence), key=f"{KEY}_mend_{number}", icon=":material/build:", on_click=fresh(_mend),
            args=(mend.text,), help=f"Changes line {mend.line}.",
        )  # fmt: skip
    if not mends:
        st.markdown("No single change was found that mends it. Look at the sizes before this layer in the table below.")


def _mend(text: str) -> None:
    query, _ = current_query(KEY)
    spec, _ = YourCodeSpec.from_query(query)
    spec, _ = _text(spec)
    _use(spec, text)


def _use(spec: YourCodeSpec, text: str) -> None:
    keep_code(text)
    choice = NetworkChoice(OWN, spec.choice.size, text, spec.choice.batch)
    publish(KEY, YourCodeSpec(choice).to_query(), None)


def _bound(value: Any, name: str) -> dict[str, Any]:
    return bound(f"{KEY}_{name}", value, _take, name)


def _take(name: str) -> None:
    """Put what was changed into the session and the URL."""
    query, _ = current_query(KEY)
    spec, _ = YourCodeSpec.from_query(query)
    spec, text = _text(spec)
    value = st.session_state[f"{KEY}_{name}"]
    if name == "text":
        _use(spec, value)
    elif name == "example":
        if value:
            keep_code(find_example(value).code)
            publish(KEY, {"ex": value}, None)
    else:
        try:
            size = parse_size(value) if value.strip() else None
        except ValueError as error:
            st.session_state[f"{KEY}_wrong"] = f"The input size “{one_line(value, 20)}” was not understood: {error}."
            return
        if spec.example:
            publish(KEY, replace(spec, choice=replace(spec.choice, size=size)).to_query(), None)
        else:
            _use(replace(spec, choice=replace(spec.choice, size=size)), text)
