"""Examples of the page "Match a template".

>>> [preset.name for preset in MATCHING_PRESETS][:3]
['multiply', 'zero', 'normalised']
"""

from __future__ import annotations

from cnnviz.state.preset import Preset

GROUP = "Pictures"


def _preset(name: str, title: str, link: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group=GROUP, note=note, source="Lecture")


MATCHING_PRESETS = (
    _preset(
        "multiply",
        "Multiply and sum runs to the light",
        "img=camera&score=multiply&n=1",
        "The head is the template, and plain sky scores far more than the head itself: 1,769 against 1,055. "
        "Now press Zero-mean.",
    ),
    _preset(
        "zero",
        "Without its mean it finds itself",
        "img=camera&score=zero&n=1",
        "The weights add up to 0, so plain sky scores near 0. Contrast still counts: it multiplies the score.",
    ),
    _preset(
        "normalised",
        "Normalised: from −1 to 1",
        "img=cat&n=2&th=50",
        "The template is one eye. The other eye, seen from the side, is the second best place in the whole picture.",
    ),
    _preset(
        "sevens",
        "All the sevens",
        "img=digits&box=0.196.28.28&n=20&th=61",
        "One 7 as a template: at 61 % it finds the 7 of all eight hands, and nothing else. Move the threshold.",
    ),
    _preset(
        "threes",
        "A three is almost an eight",
        "img=digits&box=0.84.28.28&n=12&th=60",
        "The fifth best match is an 8, the seventh a 5. One template is one hypothesis; a network learns many.",
    ),
    _preset(
        "ones",
        "A one hides in a four",
        "img=digits&box=0.28.28.28&score=multiply&n=8&th=50",
        "Multiply and sum asks only whether there is light under the 1. Every 4 has such a stroke; press Normalised.",
    ),
    _preset(
        "another",
        "Search where it is not",
        "img=astronaut&from=camera&box=64.164.88.88",
        "A head from another photo. There is always a largest score, here 0.59, and nothing to find: "
        "that is what the threshold is for.",
    ),
    _preset(
        "bricks",
        "Many bricks, each counted once",
        "img=brick&n=20&th=70",
        "1,844 windows pass 70 %, most of them neighbours of each other. Suppression keeps one for each place.",
    ),
    _preset(
        "unsuppressed",
        "The same without suppression",
        "img=brick&n=20&th=70&ov=100",
        "Twenty matches, and almost all of them the same brick, one pixel further. Move Overlap to the left.",
    ),
    _preset(
        "discs",
        "Grey: any disc will do",
        "img=shapes&box=6.6.84.84&th=60",
        "The violet disc fits the black one perfectly: NCC forgives the contrast, and grey has no colour.",
    ),
    _preset(
        "discs-colour",
        "Colour tells them apart",
        "img=shapes&box=6.6.84.84&ch=colour&th=60",
        "With three channels the black disc falls to 85 %: the template has three slices now, like a filter.",
    ),
    _preset(
        "turned",
        "Turned by 20 degrees, lost",
        "img=astronaut&turn=20&n=1",
        "At its own place the score falls to 0.33, and other places win. A template is not turn-invariant.",
    ),
    _preset(
        "scaled",
        "A third larger, lost",
        "img=astronaut&size=130&n=1&vs=size",
        "Nearer to the camera, and the template no longer fits. It is not scale-invariant either.",
    ),
    _preset(
        "brighter",
        "Brighter: squared differences lose it",
        "img=astronaut&score=ssd&light=60&n=1&vs=light",
        "The same face in more light: a plain bright wall is nearer to it now. Press Normalised, and it is found.",
    ),
    _preset(
        "noisy",
        "Noise: found all the same",
        "img=astronaut&noise=60&n=1&th=50&vs=noise",
        "4,096 products stand a lot of noise: half of the score is left, and the place is right.",
    ),
    _preset(
        "large",
        "One million windows",
        "img=retina&n=3&th=60",
        "The bright spot of the eye, looked for at 863,041 places; where all is black there is no value.",
    ),
)
