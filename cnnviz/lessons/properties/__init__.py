"""The lesson “Properties”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="properties",
    title="Properties",
    section="Under the hood",
    icon=":material/balance:",
    help="Experiments: does convolution commute, add up, move along, factor? Two ways, and their difference.",
    tables=("examples.PROPERTIES_PRESETS",),
)
