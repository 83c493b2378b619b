"""Examples of the Fine-tuning page.

>>> [preset.name for preset in FINE_TUNING_PRESETS][:2]
['lecture', 'head']
"""

from __future__ import annotations

from cnnviz.state.preset import Preset


def _preset(name: str, title: str, link: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group="What networks see", note=note, source="Lecture")


FINE_TUNING_PRESETS = (
    _preset(
        "lecture",
        "Hearts, moons, arrows: five of each",
        "c=heart.moon.arrow",
        "Four ways to learn what the network has never seen. Which parameters move, and what becomes of the old task?",
    ),
    _preset(
        "head",
        "Keep the features, replace the head",
        "c=heart.moon.arrow&ways=head&steps=200&lr=0.01",
        "195 parameters learn, the others do not change in a single bit; the old head reads its ten classes as before.",
    ),
    _preset(
        "forget",
        "Forgetting: frozen against free",
        "c=heart.moon.arrow&ways=head.all&n=10",
        "Watch the third chart: nobody shows the ten old classes any more, and features that move lose them.",
    ),
    _preset(
        "gentle",
        "A small learning rate forgets less",
        "c=heart.moon.arrow&ways=block.all&n=10&lr=0.0001&steps=100",
        "Everything may move, but only a little: the new task is learned as well, and more of the old one stays.",
    ),
    _preset(
        "known",
        "Old classes, new head",
        "c=circle.star.stripes&ways=head.scratch&n=3",
        "The features were made for these: a new head learns them from three pictures each.",
    ),
    _preset(
        "one",
        "One picture a class",
        "c=heart.arrow&n=1",
        "The loss goes to zero at once: two pictures are soon learned by heart. The held-out ones tell more.",
    ),
    _preset(
        "deep",
        "From conv2_1 on",
        "c=heart.moon.arrow&from=conv2_1&ways=head.block&n=20",
        "Only the first edges stay as they are. With twenty pictures a class there is more to learn from.",
    ),
)
