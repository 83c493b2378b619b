"""What the page "Match a template" says about its curve, its threshold and what it found.

>>> from cnnviz.lessons.matching.trace_curve import Curve
>>> curve = Curve((-10, 0, 10), (0.5, 1.0, 0.25), 0, 1.0)
>>> curve_alt(curve)
'The score is highest, 100 %, at 0, and lowest, 25 %, at 10.'
"""

from __future__ import annotations

import math

from cnnviz.engine.grids import Pair
from cnnviz.engine.pictures.gallery import DIGIT_SIDE
from cnnviz.lessons.matching.spec import NO_SUPPRESSION
from cnnviz.lessons.matching.trace import MatchingTrace
from cnnviz.lessons.matching.trace_curve import MIDDLE, Curve
from cnnviz.lessons.matching.words import number, percent


def explain_changes(trace: MatchingTrace, curve: Curve) -> str:
    """Say what the curve shows."""
    spec = trace.spec
    rest = curve.values.index(MIDDLE[spec.against]) if MIDDLE[spec.against] in curve.values else 0
    start = curve.shares[rest]
    verdict = {
        "turn": (
            "A template is not turn-invariant: it fits only the angle it was cut at. To find turned copies, search "
            "with many turned templates; a network learns filters for several angles."
        ),
        "size": (
            "A template is not scale-invariant: nearer or farther, the same thing no longer lies on it. Searching in "
            "a pyramid of smaller and smaller copies of the picture helps; so do pooling and depth in a network."
        ),
        "light": "A brighter template keeps its NCC until pixels run against 255; squared differences pay for it.",
        "contrast": (
            "NCC divides contrast away. Twice the contrast is twice the zero-mean score, but four times a perfect "
            "match, so its share halves."
        ),
        "noise": "Noise adds up to little in a sum over many pixels: large templates stand it better than small ones.",
    }[spec.against]
    inside = [
        value
        for value, share in zip(curve.values, curve.shares, strict=True)
        if not math.isnan(share) and not math.isnan(start) and share >= 0.8 * start > 0
    ]
    told = ""
    if inside and spec.against in {"turn", "size"} and trace.own:
        unit = "°" if spec.against == "turn" else " %"
        low, high = _run(curve.values, inside, MIDDLE[spec.against])
        if (low, high) == (curve.values[0], curve.values[-1]):
            return (
                "Through the whole range the score stays above 80 % of its start: either the template looks the same "
                "from everywhere, like a disc, or this score hardly looks at the pattern."
            )
        told = f"The score stays above 80 % of its start only from {number(low)}{unit} to {number(high)}{unit}. "
    if trace.patch.clipped:
        share = trace.patch.clipped * 100
        told = f"{share:.2g} % of the template’s numbers ran against 0 or 255 and lost what they knew. {told}"
    return told + verdict


def _run(values: tuple[int, ...], inside: list[int], rest: int) -> Pair:
    """Give the ends of the run of values round the rest."""
    at = values.index(rest)
    low = high = at
    while low > 0 and values[low - 1] in inside:
        low -= 1
    while high + 1 < len(values) and values[high + 1] in inside:
        high += 1
    return values[low], values[high]


def curve_alt(curve: Curve) -> str:
    """Say what the curve looks like."""
    known = [(value, share) for value, share in zip(curve.values, curve.shares, strict=True) if not math.isnan(share)]
    if not known:
        return "No part of the curve has a value."
    (top, most), (bottom, least) = (choose(known, key=lambda point: point[1]) for choose in (max, min))
    return (
        f"The score is highest, {percent(most)}, at {number(top)}, and lowest, {percent(least)}, at {number(bottom)}."
    )


def explain_threshold(trace: MatchingTrace) -> str:
    """Say what the threshold is a share of, and what suppression does."""
    spec, perfect = trace.spec, trace.perfect
    whole = {
        "multiply": f"a perfect match has Σ t² = {number(perfect.multiply)}, and that is 100 %; light has more",
        "zero": f"a perfect match has Σ (t − t̄)² = {number(perfect.zero)}, and that is 100 %",
        "ncc": "a perfect match has 1, and that is 100 %",
        "ssd": f"100 % is a perfect match, 0; plain paper of the template’s mean colour has {number(perfect.zero)}, "
        "and that is 0 %",
    }[spec.score]
    told = f"The threshold: {whole}. "
    if spec.overlap == NO_SUPPRESSION:
        return told + "Nothing is suppressed: the best windows are all neighbours of one place."
    return told + (
        "The best window is taken first; every window that shares more than "
        f"{spec.overlap} % with it is dropped; then the best of the rest, and so on (non-maximum suppression)."
    )


def digit_at(trace: MatchingTrace, at: Pair) -> int:
    """Which digit stands in the middle of a window of the sample "digits"."""
    width: int = trace.template.shape[1]
    return (at[1] + width // 2) // DIGIT_SIDE


def say_digits(trace: MatchingTrace) -> str:
    """Count which digits were found, on the sample "digits"."""
    found = [str(digit_at(trace, (match.row, match.column))) for match in trace.matches]
    return f"The matches, best first, stand on the digits {', '.join(found)}." if found else ""
