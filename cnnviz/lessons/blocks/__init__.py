"""The lesson “Batch norm and shortcuts”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="blocks",
    title="Batch norm and shortcuts",
    section="What networks see",
    icon=":material/alt_route:",
    help="The same layers with and without: what becomes of the maps, and where the gradient goes.",
    tables=("examples.BLOCKS_PRESETS",),
)
