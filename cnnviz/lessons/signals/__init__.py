"""The lesson “Signals”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="signals",
    title="Signals",
    section="Under the hood",
    icon=":material/show_chart:",
    help="Convolution along a line: draw a signal, slide a kernel, turn it; then the same with functions.",
    tables=("examples.SIGNALS_PRESETS",),
)
