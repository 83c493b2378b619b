"""The lesson “Where it looks”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="where_it_looks",
    title="Where it looks",
    section="What networks see",
    icon=":material/center_focus_strong:",
    help="Which pixels speak for a class? The gradient, Grad-CAM and covered patches, and a test of all three.",
    tables=("examples.WHERE_PRESETS",),
)
