"""The lesson “Build a network”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="build",
    title="Build a network",
    section="Networks",
    icon=":material/construction:",
    help="Add, move and change layers in a picture to scale: shortcuts, branches, undo, and what does not fit.",
)
