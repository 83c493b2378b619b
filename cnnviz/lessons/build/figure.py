"""A network as blocks to scale: every layer stands where its branch is, and can be pointed at and chosen.

>>> from cnnviz.lessons.build.trace_parts import find_parts
>>> from cnnviz.engine.networks.trace import trace_network
>>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
>>> trace = trace_network(ARCHITECTURES["lecture_cnn"])
>>> figure = build_figure(trace, find_parts(trace), chosen="conv", dark=False)
>>> figure.data[-1].customdata
('input', 'conv', 'relu', 'flatten', 'fc', 'sigmoid')
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go

from cnnviz.engine.networks.layers.kinds import Activation, Concat, Multiply, Pool
from cnnviz.engine.networks.trace import NetworkTrace
from cnnviz.explain.network import say_shape
from cnnviz.figures.chart import CLEAR, FAMILY, INK, LEGEND
from cnnviz.lessons.build.figure_layout import Box, Layout, lay_out
from cnnviz.lessons.build.trace_parts import Part
from cnnviz.lessons.build.words import FAMILIES, part_hover

# Colour and pattern together: no kind is told by its colour alone.
LOOKS = {
    "input": ("#7d8796", "#98a3b3", ""), "conv": ("#2f6bd6", "#7aa5f5", ""), "up": ("#7a4bc2", "#b79af0", "/"),
    "pool": ("#c2570c", "#f2a25c", "-"), "norm": ("#6b7280", "#a7b0be", "."), "act": ("#0b7a63", "#4cc9a8", "|"),
    "dense": ("#b3245c", "#f08bb3", "x"), "join": ("#14203a", "#e8edf7", ""), "stage": ("#1f4e9e", "#9dbcf7", "+"),
    "other": ("#8a6d1d", "#d9bd6a", "\\"),
}  # fmt: skip
WORDS = {"batch_norm": "norm", "conv_transpose": "up", "linear": "dense", "adaptive_pool": "pool"}
CHOSEN = {False: "#d1242f", True: "#ffd33d"}
FAULT = {False: "#b3261e", True: "#ff8a80"}
PAPER = {False: "#ffffff", True: "#020409"}
MANY = 16
WIDE_BLOCK, LABELLED_BLOCK = 24, 70
"""Pixels that a block needs at least, with its gap; more where its size stands above it."""


def picture_width(parts: Sequence[Part]) -> int:
    """Say how wide the picture must be at least, in pixels; a narrow screen scrolls it."""
    return (WIDE_BLOCK if len(parts) > MANY else LABELLED_BLOCK) * (len(parts) + 1)


def build_figure(trace: NetworkTrace, parts: Sequence[Part], *, chosen: str, dark: bool) -> go.Figure:
    """Draw the network; `chosen` is the key of a part."""
    layout = lay_out(trace, parts)
    ink = INK[dark]
    figure = go.Figure()
    for lines, width in ((layout.near, 1.5), (layout.far, 2.2)):
        _draw_lines(figure, lines, ink, width)
    _draw_fronts(figure, layout, dark)
    _draw_joins(figure, layout, dark)
    _draw_targets(figure, layout)
    reach = layout.high - layout.low
    below, before = (0.62, 1.5) if len(parts) > MANY else (0.3, 0.5)  # room for names, which slant where there are many
    figure.update_layout(
        template="none", barmode="overlay", height=int(min(max(150 + 150 * reach, 280), 560)),
        margin={"l": 4, "r": 4, "t": 6, "b": 4}, **CLEAR,
        font={"color": ink, "size": 13, "family": FAMILY}, dragmode=False, hovermode="closest",
        legend=LEGEND | {"itemclick": False, "itemdoubleclick": False},
        xaxis={"visible": False, "range": [-before, layout.width + 0.4], "fixedrange": True},
        yaxis={"visible": False, "range": [layout.low - below, layout.high + 0.25], "fixedrange": True},
        hoverlabel={"align": "left", "bgcolor": PAPER[dark], "bordercolor": ink,
                    "font": {"size": 14, "family": FAMILY, "color": ink}}, uirevision="build",
        shapes=[_frame(box, dark) for box in layout.boxes if box.key == chosen],
        annotations=_labels(layout, trace, len(parts), chosen, dark),
    )  # fmt: skip
    return figure


def _draw_lines(figure: go.Figure, lines: Sequence[Sequence[tuple[float, float]]], ink: str, width: float) -> None:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for line in lines:
        xs += [*(x for x, _ in line), None]
        ys += [*(y for _, y in line), None]
    figure.add_scatter(
        x=xs, y=ys, mode="lines", line={"color": ink, "width": width}, hoverinfo="skip",
        showlegend=False, opacity=0.75,
    )  # fmt: skip


def _draw_fronts(figure: go.Figure, layout: Layout, dark: bool) -> None:
    titles = {"input": "Input", **FAMILIES}
    for family, (light_colour, dark_colour, pattern) in LOOKS.items():
        boxes = [box for box in layout.boxes if box.family == family and family != "join"]
        if not boxes:
            continue
        colour = dark_colour if dark else light_colour
        figure.add_bar(
            name=titles[family], x=[box.x for box in boxes], y=[box.height for box in boxes],
            base=[box.y - box.height / 2 for box in boxes], width=[box.width for box in boxes],
            marker={
                "color": [colour if box.shape and works(box) else "rgba(0,0,0,0)" for box in boxes],
                "line": {"color": colour, "width": 1.5},
                "pattern": {"shape": pattern, "fillmode": "overlay", "fgcolor": PAPER[dark], "size": 7,
                            "solidity": 0.22},
            },
            hoverinfo="skip",
        )  # fmt: skip


def works(box: Box) -> bool:
    """Say whether a block's layer fits what arrives."""
    return box.part is None or box.part.row is not None


def _draw_joins(figure: go.Figure, layout: Layout, dark: bool) -> None:
    boxes = [box for box in layout.boxes if box.family == "join"]
    if not boxes:
        return
    signs = []
    for box in boxes:
        signs.append(join_sign(box))
    figure.add_scatter(
        name=FAMILIES["join"], x=[box.x for box in boxes], y=[box.y for box in boxes], mode="markers+text", text=signs,
        textfont={"size": 15, "color": INK[dark]}, hoverinfo="skip",
        marker={
            "size": 22 if len(layout.boxes) <= MANY else 18, "color": PAPER[dark], "opacity": 1,
            "line": {"width": 1.5, "color": INK[dark]},
        },
    )  # fmt: skip


def join_sign(box: Box) -> str:
    """Say how branches meet in a block."""
    layer = box.part.nodes[0].layer if box.part else None
    return "‖" if isinstance(layer, Concat) else "×" if isinstance(layer, Multiply) else "+"


def _draw_targets(figure: go.Figure, layout: Layout) -> None:
    """Lay something to point at over every block: invisible, and large enough for a finger."""
    figure.add_bar(
        x=[box.x for box in layout.boxes], y=[max(box.height, 0.5) for box in layout.boxes],
        base=[box.y - max(box.height, 0.5) / 2 for box in layout.boxes],
        width=[box.width + 0.3 for box in layout.boxes], customdata=[box.key for box in layout.boxes],
        hovertext=[_hover(box) for box in layout.boxes], hovertemplate="%{hovertext}<extra></extra>",
        marker={"color": "rgba(0,0,0,0)", "line": {"width": 0}}, showlegend=False,
    )  # fmt: skip


def _hover(box: Box) -> str:
    return part_hover(box.part) if box.part else f"<b>Input</b><br>{say_shape(box.shape or ())}"


def block_title(box: Box) -> str:
    """Name a block; a mere number says what it is, too."""
    if box.part is None:
        return "input"
    layer = box.part.nodes[0].layer
    word = layer.how if isinstance(layer, (Activation, Pool)) else WORDS.get(layer.kind, layer.kind)
    return f"{box.part.title} {word}" if box.part.title.isdigit() else box.part.title


def _frame(box: Box, dark: bool) -> dict[str, Any]:
    """Frame the chosen block."""
    return {
        "type": "rect", "x0": box.left - 0.07, "x1": box.right + 0.07,
        "y0": box.y - max(box.height / 2, 0.15) - 0.04, "y1": max(box.top, box.y + 0.15) + 0.04,
        "line": {"color": CHOSEN[dark], "width": 3.5},
    }  # fmt: skip


def _labels(layout: Layout, trace: NetworkTrace, count: int, chosen: str, dark: bool) -> list[dict[str, Any]]:
    """Write the names below the blocks, and the sizes above them where there is room."""
    many = count > MANY
    faulty = trace.faulty.name if trace.faulty else ""
    found: list[dict[str, Any]] = []
    for box in layout.boxes:
        title = block_title(box)
        bottom, top = box.y - max(box.height / 2, 0.12), box.top
        if box.key == chosen:
            frame = _frame(box, dark)
            bottom, top = frame["y0"] - 0.01, frame["y1"] + 0.01
        cut = len(title) > 14 and box.family != "stage"
        short = f"…{title[-12:]}" if cut else title
        found.append({
            "x": box.x, "y": bottom, "text": escape(short, quote=False),
            "showarrow": False, "yanchor": "top",
            "xanchor": "right" if many else "center", "textangle": -50 if many else 0, "yshift": -2,
            "font": {"size": 12, "color": INK[dark]},
        })  # fmt: skip
        fails = box.part is not None and any(node.name == faulty for node in box.part.nodes)
        if fails:
            found.append({
                "x": box.x, "y": top, "text": "<b>⚠ does not fit</b>", "showarrow": False, "yanchor": "bottom",
                "font": {"size": 13, "color": FAULT[dark]}, "yshift": 6,
            })  # fmt: skip
        elif not many and box.shape and works(box) and box.family != "join":
            found.append({
                "x": box.x, "y": top, "text": say_shape(box.shape), "showarrow": False,
                "yanchor": "bottom", "font": {"size": 12, "color": INK[dark]},
            })  # fmt: skip
    return found
