"""The lesson “Train a filter”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="train_filter",
    title="Train a filter",
    section="What networks see",
    icon=":material/model_training:",
    help="Watch a filter learn: loss, accuracy and the filter itself move, step by step; beside the hand-made one.",
    tables=("examples.TRAIN_FILTER_PRESETS",),
)
