"""Drawings for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from cnnviz.engine.pictures.drawing import ACROSS, Drawing
from cnnviz.state.strokes import PENS

POINTS = st.tuples(st.integers(0, ACROSS), st.integers(0, ACROSS))
STROKES = st.lists(st.lists(POINTS, min_size=1, max_size=8).map(tuple), max_size=4).map(tuple)
COLOURS = st.integers(0, 0xFFFFFF).map(lambda one: f"{one:06x}")
DRAWINGS = st.builds(Drawing, STROKES, st.integers(*PENS), st.tuples(COLOURS, COLOURS), st.booleans())
