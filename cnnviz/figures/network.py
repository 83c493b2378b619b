"""Where a network's parameters, operations and memory sit: bars by stage, a treemap, networks side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import plotly.graph_objects as go

from cnnviz.engine.networks.trace import NetworkTrace, Row
from cnnviz.explain.network import layer_words, short
from cnnviz.figures.chart import CLEAR, FAINT, FAMILY, INK, LEGEND

# Blue, orange and green of equal strength that colour-blind eyes tell apart; bars also carry their numbers.
COLOURS = {False: ("#1f4e9e", "#c2570c", "#0b7a63"), True: ("#7aa5f5", "#f2a25c", "#4cc9a8")}
LEAST_SHARE = 0.0005
"""Layers with less than this part of the whole are left out of the treemap; their stage still counts them."""


def bars_figure(parts: Mapping[str, Mapping[str, int]], *, dark: bool) -> go.Figure:
    """Draw shares: for each measure a row of bars, one for each stage.

    >>> bars_figure({"Parameters": {"conv1": 9, "fc": 1}}, dark=False).data[0].x
    (90.0, 10.0)
    """
    figure = go.Figure()
    for colour, (measure, stages) in zip(COLOURS[dark], parts.items(), strict=False):
        whole = sum(stages.values()) or 1
        figure.add_bar(
            name=measure,
            orientation="h",
            y=[escape(stage, quote=False) for stage in stages],
            x=[100 * one / whole for one in stages.values()],
            text=[short(one) for one in stages.values()],
            textposition="outside",
            cliponaxis=False,
            marker={"color": colour},
            hovertemplate="%{y}: %{text}, %{x:.1f} %<extra>" + measure + "</extra>",
        )
    rows = len(next(iter(parts.values()), {}))
    figure.update_layout(
        barmode="group", height=120 + 62 * max(rows, 1), margin={"l": 8, "r": 60, "t": 8, "b": 36}, bargap=0.25,
        font={"color": INK[dark], "size": 14, "family": FAMILY}, **CLEAR,
        legend=LEGEND | {"traceorder": "normal"},
        xaxis={"ticksuffix": " %", "range": [0, 108], "showgrid": True, "gridcolor": FAINT},
        yaxis={"autorange": "reversed", "automargin": True},
    )  # fmt: skip
    return figure


def treemap_figure(trace: NetworkTrace, sizes: Mapping[str, int], *, dark: bool) -> go.Figure:
    """Draw every layer as an area: `sizes` maps a layer's name to its share."""
    whole = sum(sizes.values())
    boxes = [("whole", "", trace.network.title, whole)]
    groups: dict[str, int] = {}
    for row in trace.rows:
        path = row.name.split(".")
        size = sizes.get(row.name, 0)
        for depth in range(1, len(path)):
            groups[".".join(path[:depth])] = groups.get(".".join(path[:depth]), 0) + size
    for group, size in groups.items():
        if size > whole * LEAST_SHARE:
            boxes.append((group, _parent(group), escape(group.rpartition(".")[2], quote=False), size))
    for row in trace.rows:
        size = sizes.get(row.name, 0)
        if size > whole * LEAST_SHARE:
            name = row.name if row.name not in groups else f"{row.name}."
            boxes.append(
                (name, _parent(name), f"{escape(_leaf(row), quote=False)}<br>{layer_words(row.node.layer)}", size)
            )
    ids, parents, labels, values = (list(column) for column in zip(*boxes, strict=True))
    ids, parents = ([escape(name, quote=False) for name in names] for names in (ids, parents))
    texts = [short(size) for size in values]
    figure = go.Figure(
        go.Treemap(
            ids=ids, parents=parents, labels=labels, values=values, text=texts, branchvalues="total",
            texttemplate="%{label}<br>%{text}<br>%{percentRoot:.1%}", hovertemplate="%{id}<br>%{text}<extra></extra>",
            marker={"colorscale": "Blues" if not dark else "Cividis", "colors": values, "cmin": 0}, maxdepth=4,
            tiling={"pad": 2},
        )
    )  # fmt: skip
    figure.update_layout(
        height=430, margin={"l": 0, "r": 0, "t": 4, "b": 0}, paper_bgcolor=CLEAR["paper_bgcolor"],
        font={"color": INK[dark], "size": 14, "family": FAMILY},
        uniformtext={"minsize": 11, "mode": "hide"},
    )  # fmt: skip
    return figure


def _parent(name: str) -> str:
    return name.rstrip(".").rpartition(".")[0] or "whole"


def _leaf(row: Row) -> str:
    return row.name.rpartition(".")[2]


def compare_figure(titles: Sequence[str], measures: Mapping[str, Sequence[int]], *, dark: bool) -> go.Figure:
    """Draw networks side by side; every measure is a part of the largest network's."""
    figure = go.Figure()
    for colour, (measure, numbers) in zip(COLOURS[dark], measures.items(), strict=False):
        most = max(numbers) or 1
        figure.add_bar(
            name=measure,
            orientation="h",
            y=list(titles),
            x=[100 * one / most for one in numbers],
            text=[short(one) for one in numbers],
            textposition="outside",
            cliponaxis=False,
            marker={"color": colour},
            hovertemplate="%{y}: %{text}<extra>" + measure + "</extra>",
        )
    figure.update_layout(
        barmode="group", height=126 + 74 * len(titles), margin={"l": 8, "r": 70, "t": 8, "b": 56}, bargap=0.25,
        font={"color": INK[dark], "size": 14, "family": FAMILY}, **CLEAR,
        legend=LEGEND | {"traceorder": "normal"},
        xaxis={"title": {"text": "part of the largest", "standoff": 10}, "ticksuffix": " %", "range": [0, 108],
               "gridcolor": FAINT},
        yaxis={"autorange": "reversed", "automargin": True},
    )  # fmt: skip
    return figure
