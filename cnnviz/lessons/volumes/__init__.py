"""The lesson “Volumes”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="volumes",
    title="Volumes",
    section="Arithmetic",
    icon=":material/view_in_ar:",
    help="One, two and three dimensions: a short film, frame by frame, and kernels that look at several frames.",
    tables=("examples.VOLUMES_PRESETS",),
)
