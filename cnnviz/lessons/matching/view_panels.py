"""The panels and controls of the lesson "Match a template"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.lessons.matching.spec import (
    CHANNELS,
    CONTRAST,
    LIGHT,
    MATCHES,
    NO_SUPPRESSION,
    NOISE,
    OVERLAP,
    SCORES,
    SIZE,
    THRESHOLD,
    TURN,
    Box,
    MatchingSpec,
)
from cnnviz.lessons.matching.trace import MatchingTrace
from cnnviz.lessons.matching.trace_patch import Pixels
from cnnviz.lessons.matching.words import percent
from cnnviz.ui.viewer import Choice, Control, Kind, Mark, Panel, Slider

FEW = 5
"""Up to so many matches have their score written beside them, more only their number."""

MAP_KINDS: dict[str, Kind] = {"multiply": "score", "zero": "signed", "ncc": "signed", "ssd": "score"}


def controls(spec: MatchingSpec) -> list[Control]:
    """Give what can be moved on the viewer: how windows are compared, what the template is, what counts."""
    return [
        Choice("score", "Score", SCORES, spec.score),
        Choice("ch", "Channels", CHANNELS, spec.channels),
        Slider("th", "Threshold (%)", *THRESHOLD, spec.threshold),
        Slider("turn", "Turn (°)", *TURN, spec.turn),
        Slider("size", "Scale (%)", *SIZE, spec.size),
        Slider("light", "Brighter", *LIGHT, spec.light),
        Slider("contrast", "Contrast (%)", *CONTRAST, spec.contrast),
        Slider("noise", "Noise", *NOISE, spec.noise),
        Slider("n", "Matches", *MATCHES, spec.matches),
        Slider("ov", "Overlap (%)", *OVERLAP, spec.overlap, 5, words={str(NO_SUPPRESSION): "any"}),
    ]


def picture_panel(planes: Pixels, alt: str, box: Box, trace: MatchingTrace | None, *, drag: bool) -> Panel:
    """Show what is searched, with what was found; `drag`: the template is cut out of it."""
    marks = _found(trace) if trace else []
    if drag and not any((mark.row, mark.column, mark.height, mark.width) == box for mark in marks):
        marks.append(Mark(*box, "template", "weight"))
    return _panel("Picture", planes, alt=f"{alt}. {_say_found(trace)}", marks=marks, drag=drag, click=True)


def source_panel(planes: Pixels, alt: str, box: Box) -> Panel:
    """Show the other picture that the template is cut out of."""
    marks = [Mark(*box, "template", "weight")]
    return _panel("Template’s picture", planes, alt=alt, marks=marks, drag=True, linked=False)


def template_panel(template: Pixels) -> Panel:
    """Show the template itself."""
    shape = "×".join(map(str, template.shape[:2]))
    return _panel("Template", template, alt=f"The template, {shape} pixels", linked=False)


def _panel(title: str, pixels: Pixels, **more: Any) -> Panel:
    return Panel(title, pixels, "rgb", **more) if pixels.shape[2] == 3 else Panel(title, pixels[..., 0], "grey", **more)


def _found(trace: MatchingTrace) -> list[Mark]:
    """Mark the matches, the best one first; the one that is the template itself says so."""
    tall, wide = trace.template.shape[:2]
    few = len(trace.matches) <= FEW
    marks = []
    for rank, match in enumerate(trace.matches, start=1):
        label = f"{rank} · {percent(match.share)}" if few else str(rank)
        if trace.own and (match.row, match.column, tall, wide) == trace.box:
            label = f"template · {label}"
        marks.append(Mark(match.row, match.column, tall, wide, label))
    if not trace.matches:
        marks.append(Mark(*trace.best, tall, wide, f"best · {percent(trace.share(float(trace.scores[trace.best])))}"))
    if trace.spec.at:
        marks.append(Mark(*trace.at, tall, wide, "chosen", "output"))
    return marks


def _say_found(trace: MatchingTrace | None) -> str:
    if trace is None:
        return ""
    found = "; ".join(f"row {match.row}, column {match.column}" for match in trace.matches)
    return f"Matches at {found}." if found else "No match."


def map_panel(trace: MatchingTrace) -> Panel:
    """Show the score of every window, in the middle of where the window stands."""
    spec = trace.spec
    tall, wide = trace.template.shape[:2]
    marks = [Mark(match.row, match.column, 1, 1, str(rank)) for rank, match in enumerate(trace.matches, start=1)]
    if not trace.matches:
        marks.append(Mark(*trace.best, 1, 1, "best"))
    if trace.spec.at:
        marks.append(Mark(*trace.at, 1, 1, "", "output"))
    bounds = (-1.0, 1.0) if spec.score == "ncc" else (None, None)
    smallest = " The smallest is the best." if spec.score == "ssd" else ""
    return Panel(
        f"Score map: {SCORES[spec.score].lower() if spec.score != 'ncc' else 'NCC'}",
        trace.scores.astype(np.float32),
        MAP_KINDS[spec.score],
        alt=f"The score of every window.{smallest} {_say_found(trace)}",
        offset=((tall - 1) / 2, (wide - 1) / 2),
        low=bounds[0],
        high=bounds[1],
        marks=marks,
        click=True,
    )


def window_panels(trace: MatchingTrace, words: Sequence[Sequence[str]]) -> list[Panel]:
    """Give the window, the template, and what becomes of them pixel by pixel, on the scale 0 to 1."""
    window, template = trace.window(trace.at), trace.template
    x, t = window / 255, template / 255
    centred_x, centred_t = (part - part.mean(axis=(0, 1)) for part in (x, t))
    kind, colour = trace.spec.score, template.shape[2] == 3
    first = _part("Window x", window, words)
    second = _part("Template t", template, words)
    if kind in {"zero", "ncc"} and not colour:
        second = _signed("Template − its mean", centred_t[..., 0])
    if kind == "ncc" and not colour:
        first = _signed("Window − its mean", centred_x[..., 0])
    sums = ", summed over R, G, B" if colour else ""
    if kind == "multiply":
        third = Panel(f"t · x{sums}", (t * x).sum(axis=2), "score", alt="The products", low=0)
    elif kind == "ssd":
        third = Panel(f"(t − x)²{sums}", ((t - x) ** 2).sum(axis=2), "score", alt="The squared differences", low=0)
    else:
        right = x if kind == "zero" else centred_x
        title = "(t − t̄) · x" if kind == "zero" else "(t − t̄) · (x − x̄)"
        third = _signed(f"{title}{sums}", (centred_t * right).sum(axis=2))
    return [first, second, third]


def _part(title: str, pixels: Pixels, words: Sequence[Sequence[str]]) -> Panel:
    if pixels.shape[2] == 3:
        return Panel(title, pixels, "rgb", alt=title, words=list(words) * 3)
    return Panel(title, pixels[..., 0], "grey", alt=title, words=words)


def _signed(title: str, values: NDArray[np.float64]) -> Panel:
    return Panel(title, values.astype(np.float32), "signed", alt=title)
