"""The lesson “Augmentation”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="augmentation",
    title="Augmentation",
    section="Pictures",
    icon=":material/auto_awesome_motion:",
    help="Many new pictures out of one: turn, crop, colour, noise, mix-up. Which labels survive it, and which do not.",
    tables=("examples.AUGMENT_PRESETS",),
)
