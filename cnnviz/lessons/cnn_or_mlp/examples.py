"""Examples of the CNN or MLP page.

>>> [preset.name for preset in CNN_OR_MLP_PRESETS][:2]
['lecture', 'still']
"""

from __future__ import annotations

from cnnviz.state.preset import Preset


def _preset(name: str, title: str, link: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group="What networks see", note=note, source="Lecture")


CNN_OR_MLP_PRESETS = (
    _preset(
        "lecture",
        "Five a digit, tested 3 pixels away",
        "n=5",
        "Press Play. Both learn the fifty digits by heart; moved by a few pixels, only the CNN still reads them.",
    ),
    _preset(
        "still",
        "Nothing is moved",
        "n=10&moved=0",
        "When every digit stands in its middle, templates do nearly as well as kernels that slide.",
    ),
    _preset(
        "augmented",
        "Moved digits to learn from, too",
        "n=10&shift=3&steps=300",
        "Augmentation tells the MLP what the CNN has built in. Look at how many steps it takes, and beyond 3 pixels.",
    ),
    _preset(
        "flat",
        "A CNN that flattens its maps",
        "n=10&end=flat",
        "Sliding kernels alone are not enough: the dense layers behind the flattening are tied to places again.",
    ),
    _preset(
        "one",
        "A single example a digit",
        "n=1&steps=80",
        "Ten pictures. How far do they carry? Change the seed: with so few, luck counts.",
    ),
    _preset(
        "many",
        "Thirty a digit, small networks",
        "n=30&h=8&steps=300",
        "More examples help both. What a move of three pixels does to the MLP, they do not mend.",
    ),
    _preset(
        "too-fast",
        "Steps that are too long",
        "n=5&lr=0.1",
        "A large learning rate throws the weights about; look at the templates, and at the loss.",
    ),
)
