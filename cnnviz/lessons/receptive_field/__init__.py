"""The lesson “Receptive field”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="receptive_field",
    title="Receptive field",
    section="Networks",
    icon=":material/filter_center_focus:",
    help="What one unit of a network sees of your photo: exactly, in how many ways, and how much each pixel counts.",
    tables=("examples.RECEPTIVE_FIELD_PRESETS",),
)
