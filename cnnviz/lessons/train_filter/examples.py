"""Examples of the Train a filter page.

>>> [preset.name for preset in TRAIN_FILTER_PRESETS][:2]
['lecture', 'other-sign']
"""

from __future__ import annotations

from cnnviz.state.preset import Preset


def _preset(name: str, title: str, link: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group="What networks see", note=note, source="Lecture")


TRAIN_FILTER_PRESETS = (
    _preset(
        "lecture",
        "The lecture’s network, 11×11",
        "k=11",
        "Nobody tells it what a diagonal is. Press Play: out of noise a stroke grows, and the scores part.",
    ),
    _preset(
        "other-sign",
        "Another seed: the other diagonal",
        "k=11&seed=0",
        "The last weight happens to start below zero, so the network looks for what the other pictures have, and "
        "counts it against them. It is right as often.",
    ),
    _preset(
        "stuck",
        "A start from which there is no way",
        "k=11&other=noise&seed=0",
        "Now the other pictures have nothing that could be found, and the last weight starts below zero: it would "
        "have to cross it, and meanwhile there is nothing to learn. With seed 1 it works.",
    ),
    _preset(
        "strokes",
        "One filter against three directions",
        "k=11&other=strokes&seed=2&steps=600",
        "With a weight below zero, one filter has to answer three strokes at once: it becomes a mixture, and errs.",
    ),
    _preset(
        "seven",
        "A 7×7 filter, small enough for the stage",
        "k=7&seed=2",
        "When it is trained, open it on the stage below, on the numbers of one of its pictures.",
    ),
    _preset(
        "noisy",
        "Much noise",
        "k=11&noise=0.5&wd=1&steps=800&pace=60",
        "The eye hardly sees the strokes any more. The filter sums eleven pixels of each, and noise averages out.",
    ),
    _preset(
        "few",
        "Ten pictures are too few",
        "k=11&n=10&noise=0.4&steps=400&pace=60",
        "The loss goes to zero all the same: ten pictures can be learned by heart. Held-out pictures tell.",
    ),
    _preset(
        "too-fast",
        "Steps that are too long",
        "k=11&lr=30&steps=200",
        "Each step jumps past the valley and lands higher up: after some steps the loss is no number any more.",
    ),
)
