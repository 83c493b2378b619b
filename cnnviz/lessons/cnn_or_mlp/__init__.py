"""The lesson “CNN or MLP”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="cnn_or_mlp",
    title="CNN or MLP",
    section="What networks see",
    icon=":material/swipe_right:",
    help="Two networks of one size learn a few digits: what becomes of each when the digits are moved.",
    tables=("examples.CNN_OR_MLP_PRESETS",),
)
