"""The lesson “Feature maps”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="feature_maps",
    title="Feature maps",
    section="What networks see",
    icon=":material/grid_view:",
    help="Draw a digit or take a photo: every map of every layer, the scores, and each number traced back.",
    tables=("examples.FEATURE_MAPS_PRESETS",),
)
