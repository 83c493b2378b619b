"""All presets of the Convolution page, and which of them a link shows.

>>> preset = find_preset({"n": "6", "x": "window", "w": "cross", "p": "same"})
>>> preset.name, preset.source
('same-x', 'Lecture: padding and pooling')
>>> find_preset({"n": "6", "x": "window", "w": "cross", "p": "2"}) is None
True
"""

from __future__ import annotations

from collections.abc import Mapping

from cnnviz.lessons.convolution.examples_guide import GUIDE_PRESETS
from cnnviz.lessons.convolution.examples_lectures import LECTURE_PRESETS
from cnnviz.lessons.convolution.spec import ConvolutionSpec
from cnnviz.state.preset import Preset

CONVOLUTION_PRESETS: tuple[Preset, ...] = GUIDE_PRESETS + LECTURE_PRESETS
"""In the order of their groups."""


def find_preset(state: Mapping[str, str]) -> Preset | None:
    """Find the preset that a query shows, however the query is written; what is not part of the spec is ignored.

    >>> find_preset({"n": "4x4", "k": "3", "view": "projector"}).title
    'No padding'
    """
    spec, _ = ConvolutionSpec.from_query(state)
    canonical = spec.to_query()
    return next((preset for preset in CONVOLUTION_PRESETS if preset.state == canonical), None)
