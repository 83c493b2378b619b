"""Every lesson, in the order of the menu.

>>> LESSONS["pooling"].title, LESSONS["pooling"].section
('Pooling', 'Arithmetic')
>>> LESSONS["convolution"].example("lost").title
'A row and a column are lost'

Lessons open each other by their names here, and need nothing else of one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from cnnviz.lessons.lesson import Lesson

MENU = (
    "convolution",
    "transposed",
    "channels",
    "volumes",
    "pooling",
    "downsampling",
    "shuffle",
    "solver",
    "matrix",
    "signals",
    "backward",
    "properties",
    "pixels",
    "filters",
    "translation",
    "filter_chains",
    "matching",
    "augmentation",
    "networks",
    "your_code",
    "build",
    "receptive_field",
    "frameworks",
    "feature_maps",
    "where_it_looks",
    "learned_kernels",
    "train_filter",
    "cnn_or_mlp",
    "fine_tuning",
    "blocks",
    "lectures",
)
"""The folders of the lessons; those of a section stand together."""


def _lesson(key: str) -> Lesson:
    lesson: Lesson = import_module(f"cnnviz.lessons.{key}").LESSON
    return lesson


LESSONS: Mapping[str, Lesson] = MappingProxyType({key: _lesson(key) for key in MENU})
