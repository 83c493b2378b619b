"""The lesson “Pixels”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="pixels",
    title="Pixels",
    section="Pictures",
    icon=":material/photo:",
    help="A photo is numbers: zoom in until you can read them; scales, histogram, channels, and their order in memory.",
    tables=("examples.PIXELS_PRESETS",),
)
