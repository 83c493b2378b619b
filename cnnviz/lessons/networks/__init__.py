"""The lesson “Networks”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="networks",
    title="Networks",
    section="Networks",
    icon=":material/account_tree:",
    help="Published networks layer by layer: sizes, parameters, operations, memory, and why tools disagree about them.",
    tables=("examples.NETWORKS_PRESETS",),
)
