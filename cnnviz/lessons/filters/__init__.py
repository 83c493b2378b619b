"""The lesson “Filters”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="filters",
    title="Filters",
    section="Pictures",
    icon=":material/blur_on:",
    help="Blur, sharpen, find edges: a kernel over your own photo, and every pixel of the result written out.",
    tables=("examples.FILTERS_PRESETS",),
)
