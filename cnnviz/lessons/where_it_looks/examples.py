"""Examples of the page Where it looks.

>>> [preset.name for preset in WHERE_PRESETS][:2]
['seven', 'why_not']
"""

from __future__ import annotations

from cnnviz.state.preset import Preset

GROUP = "What networks see"


def _preset(name: str, title: str, link: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group=GROUP, note=note, source="Lecture")


WHERE_PRESETS = (
    _preset(
        "seven", "What makes it a 7", "net=digits_lenet",
        "The gradient sits on the strokes' edges, Grad-CAM on the corner and the stem. Click elsewhere to cover that.",
    ),
    _preset(
        "why_not", "What would make it a 9?", "net=digits_lenet&class=9",
        "Ask about another class: what speaks for it, and what speaks against? Blue numbers would be lost, orange won.",
    ),
    _preset(
        "star", "Points make a star", "net=shapes_vgg",
        "Cover one point after another: which of them does the network need?",
    ),
    _preset(
        "texture", "A texture is everywhere", "net=shapes_vgg&see=waves.3",
        "No place is special: any patch of it would do, and covering one costs little.",
    ),
    _preset(
        "random", "A network that learned nothing", "net=shapes_vgg&random=1",
        "With random weights some maps still show edges. A map that looks right proves nothing: test it below.",
    ),
)  # fmt: skip
