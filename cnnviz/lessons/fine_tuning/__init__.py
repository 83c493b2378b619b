"""The lesson “Fine-tuning”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="fine_tuning",
    title="Fine-tuning",
    section="What networks see",
    icon=":material/lock_open_right:",
    help="Freeze the features, replace the head, learn a new task: which parameters move, and what is forgotten.",
    tables=("examples.FINE_TUNING_PRESETS",),
)
