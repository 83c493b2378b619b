"""Specs with an input and a kernel to fill, between a dataclass and a URL: changed cells have a field of their own.

>>> from cnnviz.lessons.convolution.spec import ConvolutionSpec
>>> ConvolutionSpec.from_query({"xe": "0.2 9"})[0].values.edits
((0, 2, 9),)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cnnviz.state.query import Field, read, write

EDITS = {"x": "xe", "w": "we"}
"""The field of a grid's numbers, and the field of its changed cells."""


def read_filled(
    fields: Iterable[Field], attributes: Mapping[str, str], query: Mapping[str, str]
) -> tuple[dict[str, Any], list[str]]:
    """Read a query as the attributes of a spec, and a sentence for every value that was no good."""
    found, notes = read(fields, query)
    for name, edits in EDITS.items():
        found[name] = replace(found[name], edits=found.pop(edits))
    return {attributes[name]: value for name, value in found.items()}, notes


def write_filled(fields: Iterable[Field], attributes: Mapping[str, str], spec: object) -> dict[str, str]:
    """Write a spec for a URL; what equals its default is left out."""
    values: dict[str, Any] = {name: getattr(spec, attribute) for name, attribute in attributes.items()}
    for name, edits in EDITS.items():
        values[edits] = values[name].edits
        if values[edits]:
            values[name] = replace(values[name], edits=())
    return write(fields, values)
