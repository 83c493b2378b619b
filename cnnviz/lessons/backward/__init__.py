"""The lesson “Backward”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="backward",
    title="Backward",
    section="Under the hood",
    icon=":material/undo:",
    help="Send a gradient back through a convolution: to its input, its weights and its bias, cell by cell.",
    tables=("examples.BACKWARD_PRESETS",),
)
