"""The lesson “Filter chains”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="filter_chains",
    title="Filter chains",
    section="Pictures",
    icon=":material/filter_2:",
    help="Two kernels are one larger kernel; gradients and their direction; pyramids, and why to blur before halving.",
    tables=("examples.FILTER_CHAINS_PRESETS",),
)
