"""The lesson “Channels and groups”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="channels",
    title="Channels and groups",
    section="Arithmetic",
    icon=":material/layers:",
    help="Several channels in and out: kernel slices, partial maps, their sum; groups, depthwise and 1×1 convolutions.",
    tables=("examples.CHANNELS_PRESETS",),
)
