"""Examples of the Augmentation page.

>>> [preset.name for preset in AUGMENT_PRESETS][:3]
['still', 'rotate', 'crop']
"""

from __future__ import annotations

from cnnviz.state.preset import Preset

GROUP = "Pictures"


def _preset(name: str, title: str, link: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group=GROUP, note=note, source="Lecture")


AUGMENT_PRESETS = (
    _preset(
        "still",
        "Still an astronaut",
        "on=crop.rotate.scale.hflip.bright.contrast.sat",
        "Sixteen new pictures out of one, and the label has not changed. Click one to see what was drawn for it.",
    ),
    _preset(
        "rotate",
        "Rotate, step by step",
        "view=ladder&rotate=90",
        "A convolution does not know that a turned astronaut is one: it has to see her turned.",
    ),
    _preset(
        "crop",
        "Random resized crop",
        "img=cat&on=crop.hflip&crop=80",
        "The most used of all: a part of the picture, enlarged to full size. Is each of them still a cat?",
    ),
    _preset(
        "colour",
        "Colour shift",
        "img=coffee&on=bright.contrast.sat.hue&hue=40&also=diff",
        "Nothing moves, every number changes. For “which drink?” that is fine; for “is it ripe?” it is not.",
    ),
    _preset(
        "affine",
        "Shift, scale, shear",
        "img=cat&on=shift.scale.shear&border=reflect",
        "What comes from outside must be made up: here the picture is mirrored at its edge. Try black.",
    ),
    _preset(
        "flip",
        "Flip: a bird stays a bird, a b becomes a d",
        "img=cat&on=hflip&task=text",
        "Half of the variants are mirrored. Look below at which tasks that breaks.",
    ),
    _preset(
        "noise",
        "Noise, salt and pepper, blur",
        "img=camera&on=blur.noise.salt&n=9",
        "Poor cameras, made up. Zoom in to see single pixels: each number has got its own noise.",
    ),
    _preset(
        "cutout",
        "Cut-out",
        "img=cat&on=cut&cut=40",
        "A square is hidden, so that the network cannot rely on one part of the cat alone.",
    ),
    _preset(
        "mixup",
        "Mix-up: the label is mixed too",
        "img=cat&on=mix&mix=1&pick=2",
        "λ parts cat and 1 − λ parts coffee, as picture and as label. With a small α, λ is mostly near 0 or 1.",
    ),
    _preset(
        "cutmix",
        "Cut-mix",
        "img=cat&on=cutmix",
        "A part is pasted; the label gets the share of the area.",
    ),
    _preset(
        "six",
        "A 6 is no 9",
        "img=digits&on=rotate&rotate=180",
        "Turned by up to 180°, some of these 6s are 9s, but the label still says 6. With ±15° all is well.",
    ),
    _preset(
        "mirrored",
        "Mirrored digits",
        "img=digits&on=hflip&digit=2",
        "A mirrored 2 looks like a 5. What is harmless for cats breaks the labels of digits.",
    ),
    _preset(
        "eye",
        "A left eye becomes a right eye",
        "img=retina&on=rotate.hflip&rotate=15&task=medical",
        "Mirrored, the bright disc is on the other side: this is how a right eye looks. In medicine, sides matter.",
    ),
    _preset(
        "box",
        "The box must move along",
        "on=crop.rotate.hflip&box=24.150.170.130&also=mask",
        "The box round the face goes through the same matrix as the pixels. Drag your own on the first picture.",
    ),
)
