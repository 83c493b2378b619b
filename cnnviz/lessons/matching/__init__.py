"""The lesson “Match a template”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="matching",
    title="Match a template",
    section="Pictures",
    icon=":material/image_search:",
    help="Cut a patch out of the picture and slide it over every place: four scores, their maps, and where they peak.",
    tables=("examples.MATCHING_PRESETS",),
)
