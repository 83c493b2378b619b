"""What every page's widgets have in common: the URL holds the state, a widget shows it, a list offers examples.

A widget never keeps a state of its own: before it is drawn it gets the URL's value, and its callback changes the URL.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.state.preset import Preset
from cnnviz.ui.echo import is_echo, overwrite
from cnnviz.ui.share import current_query, fresh, publish


def bound(
    key: str, value: Any, take: Callable[..., None], *about: Any, among: Collection[Any] | None = None
) -> dict[str, Any]:
    """Give the arguments that tie a widget to a value; once the learner changed it, `take` is called with `about`.

    `among` are the options of a list whose labels tell more than their names, such as a layer's settings. A browser
    keeps and sends labels: it is told anew in every run, and one from before the last answer chooses nothing.
    """
    overwrite(key, value, anew=among is not None)

    def taken(*words: Any) -> None:
        if not is_echo(key) and (among is None or st.session_state[key] in among):
            take(*words)

    return {"key": key, "on_change": fresh(taken), "args": about}


def bound_text(
    key: str, text: str, take: Callable[..., None], *about: Any, mark: Hashable | None = None
) -> dict[str, Any]:
    """Tie a text to a value like `bound`, but leave it as it was typed until `mark` (or the text) is another one."""
    shown, mark = f"_{key}", text if mark is None else mark
    if key not in st.session_state or st.session_state.get(shown) != mark:
        overwrite(key, text)
        st.session_state[shown] = mark

    def taken(*words: Any) -> None:
        if is_echo(key):
            del st.session_state[shown]  # so that it is written again
        else:
            take(*words)

    return {"key": key, "on_change": fresh(taken), "args": about}


def bound_field(key: str, kind: Any, value: Any, name: str) -> dict[str, Any]:
    """Tie a widget to one field of the page's spec: `kind` is its class, `name` the field's."""
    widget = f"{key}_{name}"

    def take() -> None:
        spec, _ = kind.from_query(current_query(key)[0])
        publish(key, replace(spec, **{name: st.session_state[widget]}).to_query(), None)

    return bound(widget, value, take)


def find_preset(presets: Sequence[Preset], name: str | None) -> Preset | None:
    """Find an example by its name."""
    return next((preset for preset in presets if preset.name == name), None)


def standing_preset(presets: Sequence[Preset], state: Mapping[str, str]) -> Preset | None:
    """Find the example whose settings are those of the page."""
    return next((preset for preset in presets if dict(preset.state) == state), None)


def step_slider(label: str, values: Sequence[float], value: float, *, width: int, **tie: Any) -> None:
    """Draw a slider over chosen values; one that a link asks for stands between them."""
    st.select_slider(label, sorted({*values, value}), format_func=lambda one: f"{one:g}", width=width, **tie)


def example_box(
    key: str,
    presets: Sequence[Preset],
    here: Preset | None,
    take: Callable[[Preset], None],
    *,
    place: DeltaGenerator | None = None,
    width: int = 300,
) -> None:
    """Draw the list of a page's examples; `here` is the one whose settings stand, `take` opens another."""
    widget = f"{key}_example"
    titles = {preset.name: preset.title for preset in presets}

    def taken() -> None:
        if chosen := find_preset(presets, st.session_state[widget]):
            take(chosen)

    (place or st).selectbox(
        "Example",
        list(titles),
        index=None,
        format_func=titles.__getitem__,
        placeholder="Choose an example",
        width=width,
        **bound(widget, here.name if here else None, taken),
    )


def is_dark() -> bool:
    """Say whether the learner's page is dark: charts are drawn for one or the other."""
    return bool(st.context.theme.type == "dark")


def show_chart(key: str, figure: Any, alt: str) -> None:
    """Show a Plotly figure as it is, without Streamlit's colours and without a bar of tools."""
    st.plotly_chart(figure, theme=None, config={"displayModeBar": False}, key=key, alt=alt)


def open_preset(preset: Preset) -> None:
    """Open an example by its link."""
    st.query_params.from_dict(dict(preset.state))


def note_of(preset: Preset) -> str:
    """Say what an example is there to show.

    >>> about = {"name": "why", "title": "Why?", "group": "", "note": "Look.", "source": ""}
    >>> note_of(Preset.from_link("n=6", **about))
    '**Why?** Look.'
    """
    stop = "" if preset.title.endswith(("?", "!", ".")) else "."
    return f"**{preset.title}{stop}** {preset.note}"
