"""The Convolution lesson: read the state, draw the stage, say what is to be seen."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from cnnviz.engine.trace import ConvolutionTrace, trace_convolution
from cnnviz.errors import SpecError
from cnnviz.scenes.convolution_controls import has_sides, is_apart
from cnnviz.scenes.convolution_pack import convolution_pack
from cnnviz.scenes.pack import seal
from cnnviz.spec.convolution import BOUNDS, ConvolutionSpec
from cnnviz.spec.numbers import parse_number
from cnnviz.spec.view import View
from cnnviz.ui.share import answered, current_query, publish
from cnnviz.ui.stage import Edit, stage

KEY = "convolution"
SOURCES = {"input": ("values", "input"), "kernel": ("weights", "kernel")}


def convolution_stage() -> tuple[ConvolutionSpec, ConvolutionTrace | SpecError]:
    """Draw the stage in the state that the URL or the learner asks for; give the spec and its trace, or why there is none."""
    query, commit = current_query(KEY)
    spec, messages = ConvolutionSpec.from_query(query)
    view, remarks = View.from_query(query)
    messages += remarks
    if commit:
        spec, complaints = apply_edits(spec, commit.edits)
        messages += complaints
    view = replace(view, apart=view.apart or is_apart(spec), sides=view.sides or has_sides(spec))
    state = spec.to_query() | view.to_query()
    publish(KEY, state, commit)
    body = convolution_pack(spec, apart=view.apart, sides=view.sides)
    stage(seal(body, {"seq": answered(KEY), "state": state, "messages": messages}), key=KEY)
    try:
        return spec, trace_convolution(spec)
    except SpecError as error:
        return spec, error


def apply_edits(spec: ConvolutionSpec, edits: tuple[Edit, ...]) -> tuple[ConvolutionSpec, list[str]]:
    """Change the cells that were typed into; what is not a number is named and changes nothing.

    >>> spec, complaints = apply_edits(ConvolutionSpec(), (("input", 0, 2, "9"), ("kernel", 1, 1, "two")))
    >>> spec.values.edits, len(complaints)
    (((0, 2, 9),), 1)
    """
    complaints = []
    for grid, row, column, text in edits:
        if grid not in SOURCES or max(row, column) >= BOUNDS[SOURCES[grid][1]][1]:
            continue
        attribute = SOURCES[grid][0]
        try:
            number = parse_number(text)
        except SpecError as error:
            complaints.append(error.message)
        else:
            source = getattr(spec, attribute).edit(row, column, number)
            spec = replace(spec, **{attribute: source})  # type: ignore[arg-type]
    return spec, complaints
