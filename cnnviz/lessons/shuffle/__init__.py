"""The lesson “Pixel shuffle”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="shuffle",
    title="Pixel shuffle",
    section="Arithmetic",
    icon=":material/shuffle:",
    help="Numbers move between space and channels: pixel shuffle and unshuffle, which lose nothing.",
    tables=("examples.SHUFFLE_PRESETS",),
)
