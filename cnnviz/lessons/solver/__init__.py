"""The lesson “Solver”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="solver",
    title="Solver",
    section="Arithmetic",
    icon=":material/calculate:",
    help="Which layers turn one size into another? Chains of layers, and questions to practise on.",
    tables=("examples.CHAIN_PRESETS", "examples_open.OPEN_PRESETS"),
)
