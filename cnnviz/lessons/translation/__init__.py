"""The lesson “Translation”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="translation",
    title="Translation",
    section="Pictures",
    icon=":material/open_with:",
    help="Move, turn and scale a photo: filter before or after, what a stride breaks, and templates that slide.",
    tables=("examples.TRANSLATION_PRESETS",),
)
