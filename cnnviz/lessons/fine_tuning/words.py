"""What moves, what it brings and what it costs when a network learns a new task, in words and with its numbers.

>>> numbers = {"head new": 0.74, "head old": 1.0, "all new": 0.56, "all old": 0.3}
>>> old_words(numbers, "conv4_1").split(". ")[0]
'The old head still reads the ten old classes on frozen features: **100 %**; all of it **30 %**'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cnnviz.lessons.fine_tuning.spec import WAYS, FineTuningSpec
from cnnviz.lessons.fine_tuning.trace_ways import FEATURES, learning


def way_name(way: str, start: str) -> str:
    """Name a way by what learns."""
    return WAYS[way].format(start=start)


def _inside(way: str, start: str) -> str:
    """Name a way in the middle of a sentence."""
    said = way_name(way, start)
    return said[0].lower() + said[1:]


def share(value: float) -> str:
    """Write a share in per cent.

    >>> share(0.744)
    '74 %'
    """
    return f"{100 * value:.0f} %"


def new_words(numbers: Mapping[str, float], spec: FineTuningSpec, step: int) -> str:
    """Compare the ways on the new task's held-out pictures."""
    told = {way: numbers[f"{way} new"] for way in spec.ways if f"{way} new" in numbers}
    chance = share(1 / len(spec.kinds))
    if not step:
        return (
            f"Nothing is learned yet: every new head is random, and so are the answers; by chance {chance} are right. "
            "All trained ways begin as the same network, with the same head."
        )
    said = ", ".join(f"{_inside(way, spec.start)} **{share(value)}**" for way, value in told.items())
    said = f"Held-out pictures of the new task: {said}; chance {chance}. "
    others = [value for way, value in told.items() if way != "scratch"]
    if "scratch" in told and others and max(others) - told["scratch"] > 0.1:
        said += (
            f"With {spec.count} pictures a class, random weights do not find features of their own; those that were "
            "learned for ten other classes serve here, too."
        )
    return said


def old_words(numbers: Mapping[str, float], start: str) -> str:
    """Say what the old head still makes of the features."""
    told = {way: numbers[f"{way} old"] for way in WAYS if f"{way} old" in numbers}
    if not told:
        return "From scratch there is nothing to forget."
    moved = [way for way in told if way != "head"]
    rest = ", ".join(f"{_inside(way, start)} **{share(told[way])}**" for way in moved)
    if "head" in told:
        said = f"The old head still reads the ten old classes on frozen features: **{share(told['head'])}**"
        said += f"; {rest}. " if rest else "."
    else:
        said = f"What the old head still reads of the ten old classes: {rest}. "
    if any(told[way] < 0.9 for way in moved):
        said += "Features that move leave the old head behind: the network **forgets** what it is not shown any more."
    return said


def cost_words(ways: Sequence[str], seconds: Sequence[float], start: str) -> str:
    """Say what a step costs.

    >>> cost_words(["head", "all"], [0.0005, 0.02], "conv4_1").split(". ")[0]
    'A step of 8 pictures takes: new head only **0.5 ms**, all of it **20.0 ms**'
    """
    told = ", ".join(
        f"{_inside(way, start)} **{1000 * one:.1f} ms**" for way, one in zip(ways, seconds, strict=True)
    )  # fmt: skip
    kept = " What is frozen is computed once a picture, and then kept." if {"head", "block"} & set(ways) else ""
    return f"A step of 8 pictures takes: {told}.{kept}"


def head_formula(classes: int) -> str:
    r"""Write the parameters of the new head.

    >>> head_formula(3)
    '\\texttt{nn.Linear(64, 3)}: 64 \\cdot 3 + 3 = 195'
    """
    return rf"\texttt{{nn.Linear({FEATURES}, {classes})}}: {FEATURES} \cdot {classes} + {classes} = " + str(
        learning("head", "conv4_1", classes)
    )
