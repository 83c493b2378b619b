"""The lesson “Matrix form”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="matrix",
    title="Matrix form",
    section="Under the hood",
    icon=":material/apps:",
    help="A convolution is a product with one sparse matrix. See which weight stands where, and what sharing saves.",
    tables=("examples.MATRIX_PRESETS",),
)
