"""A network as a table that folds into its stages: sizes, parameters, operations, receptive fields."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from itertools import groupby

import streamlit as st

from cnnviz.engine.networks.trace import NetworkTrace, Row
from cnnviz.explain.network import cost, field_words, layer_words, row_notes, say_shape, short, stage_of

FOLD_FROM = 30
"""Networks of more layers open with their stages folded."""

STYLE = """<style>
.cnt { font-size: 0.95rem; font-variant-numeric: tabular-nums; }
.cnt details { border-top: 1px solid color-mix(in srgb, currentColor 22%, transparent); }
.cnt summary { cursor: pointer; padding: 0.35rem 0.2rem; display: grid; gap: 0 0.8rem;
  grid-template-columns: minmax(8rem, 1fr) 5rem 8rem 10rem 10rem; align-items: baseline; }
.cnt summary::before { content: "▸"; position: absolute; margin-left: -1rem; }
.cnt details[open] > summary::before { content: "▾"; }
.cnt { padding-left: 1rem; }
.cnt summary b { font-weight: 650; }
.cnt summary span { text-align: right; }
.cnt .scroll { overflow-x: auto; }
.cnt table { border-collapse: collapse; width: 100%; margin: 0 0 0.5rem; }
.cnt th, .cnt td { text-align: left; padding: 0.22rem 0.6rem 0.22rem 0; vertical-align: top; border: 0;
  border-top: 1px solid color-mix(in srgb, currentColor 10%, transparent); }
.cnt .n { text-align: right; white-space: nowrap; }
.cnt td.s { white-space: nowrap; }
.cnt th { font-weight: 600; font-size: 0.85rem; border-top: 0; }
.cnt i.bar { display: block; height: 4px; background: #2f6bd6; border-radius: 2px; margin-top: 2px; min-width: 1px; }
.cnt i.bar.m { background: #c2570c; }
.cnt .note { font-size: 0.85rem; }
.cnt .note::before { content: "⚠ "; }
.cnt .bad { background: color-mix(in srgb, #d1242f 18%, transparent); }
@media (max-width: 640px) {
  .cnt summary { grid-template-columns: 1fr auto auto; }
  .cnt summary span:nth-of-type(n + 3) { display: none; }
}
</style>"""

HEADS = (
    "<tr><th scope='col'>Layer</th><th scope='col'>What it is</th><th scope='col'>Output</th>"
    "<th scope='col' class='n'>Parameters</th><th scope='col' class='n'>{count}</th>"
    "<th scope='col' class='n'>Sees</th></tr>"
)


def show_table(trace: NetworkTrace, *, count: str = "mac", batch: int = 1, unit: str = "MACs") -> None:
    """Draw the table."""
    st.html(table_html(trace, count=count, batch=batch, unit=unit))


def table_html(trace: NetworkTrace, *, count: str = "mac", batch: int = 1, unit: str = "MACs") -> str:
    """Write the table; a stage is a part that opens and closes, and needs no script."""
    # A stage is a run of layers: what comes back later under the same name is shown where it comes.
    groups = [(name, list(rows)) for name, rows in groupby(trace.rows, key=lambda row: stage_of(row.name))]
    most_params = max((row.params for row in trace.rows), default=1) or 1
    most_cost = max((cost(row, count) for row in trace.rows), default=1) or 1

    def line(row: Row) -> str:
        return _line(row, count, batch, most_params, most_cost)

    if len(trace.rows) <= FOLD_FROM:
        body = _table(list(trace.rows), line, unit)
    else:
        body = "".join(_stage(name, rows, line, count, batch, unit) for name, rows in groups)
    return f"{STYLE}<div class='cnt'>{body}{_fault(trace)}</div>"


def _stage(  # noqa: PLR0917 - one row of a table
    name: str, rows: list[Row], line: Callable[[Row], str], count: str, batch: int, unit: str
) -> str:
    params = sum(row.params for row in rows)
    operations = sum(cost(row, count) for row in rows) * batch
    layers = "1 layer" if len(rows) == 1 else f"{len(rows)} layers"
    return (
        f"<details><summary><b>{escape(name)}</b><span>{layers}</span><span>{say_shape(rows[-1].output_shape)}</span>"
        f"<span>{short(params)} parameters</span><span>{short(operations)} {escape(unit)}</span></summary>"
        f"{_table(rows, line, unit)}</details>"
    )


def _table(rows: list[Row], line: Callable[[Row], str], unit: str) -> str:
    lines = "".join(line(row) for row in rows)
    heads = HEADS.format(count=escape(unit))
    return f"<div class='scroll' tabindex='0' role='region' aria-label='Layers'><table>{heads}{lines}</table></div>"


def _line(row: Row, count: str, batch: int, most_params: int, most_cost: int) -> str:
    operations = cost(row, count)
    notes = "".join(f"<div class='note'>{escape(note)}</div>" for note in row_notes(row))
    params = (
        f"{row.params:,}<i class='bar' style='width:{100 * row.params / most_params:.1f}%'></i>" if row.params else ""
    )
    work = (
        f"{short(operations * batch)}<i class='bar m' style='width:{100 * operations / most_cost:.1f}%'></i>"
        if operations
        else ""
    )
    return (
        f"<tr><td>{escape(row.name)}</td><td>{escape(layer_words(row.node.layer))}{notes}</td>"
        f"<td class='s'>{say_shape(row.output_shape)}</td><td class='n'>{params}</td><td class='n'>{work}</td>"
        f"<td class='n'>{field_words(row)}</td></tr>"
    )


def _fault(trace: NetworkTrace) -> str:
    if trace.faulty is None or trace.fault is None:
        return ""
    return (
        f"<p class='bad' role='alert'><b>{escape(trace.faulty.name)}</b> ({escape(layer_words(trace.faulty.layer))}): "
        f"{escape(trace.fault.message)}</p>"
    )
