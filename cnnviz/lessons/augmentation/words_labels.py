"""Which labels the augmentations that are on would keep, and which they would break, task by task.

>>> [judged.verdict for judged in judge(AugmentSpec(on=("hflip",))).values()]
['keeps', 'breaks', 'breaks', 'breaks', 'breaks', 'moves', 'keeps']
>>> judge(AugmentSpec(on=("rotate",)).switched("hflip", False))["digit"].verdict
'keeps'
>>> judge(AugmentSpec(on=("rotate",), strengths={"rotate": 180}))["digit"].reasons[0].text
'Rotate ±180°: a 6 on its head is a 9, and a 9 is a 6.'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cnnviz.lessons.augmentation.spec import TASKS, AugmentSpec
from cnnviz.lessons.augmentation.spec_ops import OPS, PLACES

Verdict = Literal["keeps", "careful", "moves", "mixes", "breaks"]

VERDICTS: dict[Verdict, tuple[str, str]] = {
    "keeps": (":material/check_circle:", "Keeps the label"),
    "careful": (":material/warning:", "Keeps it mostly"),
    "mixes": (":material/join_inner:", "Mix the labels"),
    "moves": (":material/open_with:", "Move it along"),
    "breaks": (":material/cancel:", "Breaks the label"),
}
"""Icon and words, from harmless to worst."""
_ORDER = list(VERDICTS)


@dataclass(frozen=True, slots=True)
class Reason:
    """What one augmentation does to a task's label."""

    op: str
    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A task: the worst verdict, and the reasons, the worst first."""

    task: str
    verdict: Verdict
    reasons: tuple[Reason, ...]


def judge(spec: AugmentSpec) -> dict[str, Judged]:
    """Judge every task by what is on."""
    judged = {}
    for task in TASKS:
        reasons = [reason for name in spec.active if (reason := _reason(task, name, spec.strength(name)))]
        reasons.sort(key=lambda reason: -_ORDER.index(reason.verdict))
        judged[task] = Judged(task, reasons[0].verdict if reasons else "keeps", tuple(reasons))
    return judged


def first_broken(judged: dict[str, Judged]) -> str:
    """Give the task to show a sample of: the first one with the worst verdict; digits if all is well."""
    worst = max(judged.values(), key=lambda one: (_ORDER.index(one.verdict), -list(TASKS).index(one.task)))
    return worst.task if worst.verdict != "keeps" else "digit"


def _reason(task: str, name: str, strength: float) -> Reason | None:
    rules = [rule for rule in (*RULES[task].get(name, ()), *EVERYWHERE.get(name, ())) if strength >= rule[0]]
    if task == "box" and name in PLACES:
        rules = [(0, "moves", "the box and the mask must go through the same matrix.")]
    if not rules:
        return None
    _, verdict, text = rules[0]
    return Reason(name, verdict, f"{OPS[name].label} {OPS[name].words(strength)}: {text}")


Rule = tuple[float, Verdict, str]
"""From this strength on, this verdict, for this reason. The first rule that holds counts."""

_MIXED: tuple[Rule, ...] = ((0, "mixes", "λ of one label and 1 − λ of the other."),)
EVERYWHERE: dict[str, tuple[Rule, ...]] = {
    "mix": _MIXED,
    "cutmix": _MIXED,
    "noise": ((35, "careful", "so much noise hides what the label is about."),),
    "salt": ((35, "careful", "so many lost pixels hide what the label is about."),),
    "blur": ((6, "careful", "what is smaller than the blur is gone."),),
    "bright": ((90, "careful", "a factor near 0 gives a black picture."),),
    "contrast": ((90, "careful", "a factor near 0 gives a plain grey picture."),),
    "scale": ((60, "careful", "very small, or mostly out of the picture."),),
    "shift": ((35, "careful", "the thing itself may be out of the picture."),),
}

_SIDE = "left becomes right."
RULES: dict[str, dict[str, tuple[Rule, ...]]] = {
    "animal": {
        "crop": ((70, "careful", "so small a part may not show the animal at all."),),
        "rotate": ((95, "careful", "still that animal, but none stands on its head: wasted effort."),),
        "vflip": ((0, "careful", "still that animal, but none stands on its head: wasted effort."),),
        "hue": ((60, "careful", "a blue cat is a cat, but some birds and frogs are told by their colour."),),
        "cut": ((45, "careful", "the square may hide all of the animal."),),
    },
    "digit": {
        "rotate": (
            (135, "breaks", "a 6 on its head is a 9, and a 9 is a 6."),
            (75, "careful", "lying on its side, nobody can tell a 6 from a 9."),
            (45, "careful", "a 7 or a 4 begins to look like others."),
        ),
        "hflip": ((0, "breaks", "a mirrored 2 looks like a 5; 3, 4, 7 and 9 become no digit at all."),),
        "vflip": ((0, "breaks", "a 2 upside down looks like a 5, and a 6 like a mirrored 9."),),
        "crop": (
            (65, "breaks", "half of an 8 is a 0, half of a 9 is a 1."),
            (30, "careful", "strokes may be cut off."),
        ),
        "shift": ((25, "breaks", "strokes leave the picture: half of an 8 is a 0."),),
        "shear": ((35, "careful", "a leaning 1 looks like a 7."),),
        "cut": ((15, "breaks", "the square may hide the stroke that tells an 8 from a 3."),),
    },
    "text": {
        "rotate": (
            (135, "breaks", "b on its head is q, d is p, n is u."),
            (45, "careful", "a letter on its side is seldom read as itself: N and Z, u and c."),
        ),
        "hflip": ((0, "breaks", "a mirrored b is a d, and p is q."),),
        "vflip": ((0, "breaks", "a b upside down is a p, and d is q."),),
        "crop": (
            (60, "breaks", "a part of a letter is another letter: the foot of a b is an o."),
            (30, "careful", "the stem may be cut off."),
        ),
        "shift": ((25, "breaks", "a part of the letter leaves the picture: an E becomes an F."),),
        "shear": ((35, "careful", "leaning letters become alike."),),
        "cut": ((15, "breaks", "the square may hide what tells an E from an F."),),
    },
    "side": {
        "hflip": ((0, "breaks", f"{_SIDE} A left hand is now a right hand: swap the label as well."),),
        "vflip": ((0, "breaks", "a mirrored left hand is a right hand, and an arrow up points down."),),
        "rotate": (
            (135, "breaks", "an arrow that points left now points right."),
            (60, "breaks", "an arrow that points left may point up or down."),
            (45, "careful", "an arrow half-way between left and up."),
        ),
        "crop": ((70, "careful", "the head of the arrow may be cut off."),),
        "cut": ((30, "careful", "the square may hide the head of the arrow."),),
    },
    "medical": {
        "hflip": ((0, "breaks", f"{_SIDE} The bright disc changes sides: a left eye reads as a right eye."),),
        "vflip": ((0, "breaks", "mirrored like this, the picture is one of the other eye, on its head."),),
        "rotate": (
            (135, "breaks", "on its head, the disc is on the other side: it reads as the other eye."),
            (45, "careful", "no camera stands so askew: the disc leaves its side."),
        ),
        "crop": ((50, "careful", "the disc, or the finding, may be cut off."),),
        "hue": ((25, "careful", "redness and paleness are findings."),),
        "sat": ((60, "careful", "redness and paleness are findings."),),
        "bright": ((60, "careful", "pale and dark spots are findings."),),
        "blur": ((2, "careful", "thin vessels vanish."),),
        "cut": ((10, "careful", "the square may hide the disc or the finding."),),
    },
    "box": {
        "cut": ((10, "careful", "is what the square hides still there? Decide it once, for all masks."),),
        "mix": ((0, "breaks", "two pictures in one: keep both lists of boxes; a mask has no half pixels."),),
        "cutmix": ((0, "moves", "paste the second mask, and cut the boxes that are covered."),),
    },
    "ripe": {
        "hue": ((15, "breaks", "red becomes green: a ripe fruit is unripe now."),),
        "sat": ((70, "breaks", "near 0 all colours are grey: ripe and unripe look the same."),),
        "bright": ((60, "careful", "very dark or very bright, colours are hard to tell."),),
        "contrast": ((70, "careful", "near 0 all colours are alike."),),
        "crop": ((80, "careful", "so small a part may not show the fruit."),),
        "cut": ((45, "careful", "the square may hide the fruit."),),
    },
}
