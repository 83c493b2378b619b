"""The lesson “Lecture topics”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="lectures",
    title="Lecture topics",
    section="For lecturers",
    icon=":material/school:",
    help="Every topic of the lectures, with links that open it with the lecture's own numbers.",
)
