r"""The words and formulas of the page "Match a template".

>>> import numpy as np
>>> from cnnviz.lessons.matching.trace import trace_matching
>>> pixels = np.zeros((4, 6, 3), np.uint8)
>>> pixels[1:3, 2] = 255
>>> trace = trace_matching(pixels, None, (1, 2, 2, 2), MatchingSpec(score="multiply"))
>>> print(score_formula(trace))
\begin{aligned} s(1, 2) &= \dots + 1 \cdot 1 + 0 \cdot 0 \\[2pt] &= \mathbf{2} \end{aligned}
>>> say_matches(trace)
'15 scores. Best: 2 at row 1, column 2, 100 % of a perfect match. 1 window passes 80 %; the best one is marked.'
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.grids import Pair
from cnnviz.explain.notation import minus
from cnnviz.lessons.matching.spec import MatchingSpec  # noqa: F401 - the doctest makes a spec
from cnnviz.lessons.matching.trace import MatchingTrace
from cnnviz.lessons.matching.trace_scores import Scores

WHITE = 255
RULES = {
    "multiply": r"s(r, c) = \sum_{i,j} t_{ij} \, x_{r+i,\,c+j}",
    "zero": r"s(r, c) = \sum_{i,j} (t_{ij} - \bar t) \, x_{r+i,\,c+j}",
    "ncc": r"s(r, c) = \frac{\sum (t - \bar t)(x - \bar x)}{\lVert t - \bar t \rVert \; \lVert x - \bar x \rVert}",
    "ssd": r"s(r, c) = \sum_{i,j} (t_{ij} - x_{r+i,\,c+j})^2",
}
SHORT = {"multiply": "Multiply and sum", "zero": "Zero-mean", "ncc": "NCC", "ssd": "Squared diff."}


def number(value: float) -> str:
    """Write a number for reading: four digits, more only for large ones.

    >>> number(1523.26), number(0.98004), number(-2.0), number(1e-17), number(float("nan"))
    ('1,523', '0.98', '−2', '0', 'no value')
    """
    if math.isnan(value):
        return "no value"
    if abs(value) < 5e-5:
        return "0"
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return minus(text)


def percent(share: float) -> str:
    """Write a share of a perfect match.

    >>> percent(1.0), percent(0.9996), percent(-0.213), percent(float("nan"))
    ('100 %', '99.96 %', '−21.3 %', 'no value')
    """
    if math.isnan(share):
        return "no value"
    places = 2 if 0.9905 < share < 1 - 5e-5 else 1
    text = f"{share * 100:.{places}f}"
    return minus(f"{text.rstrip('0').rstrip('.') if '.' in text else text} %")


def place(at: Pair) -> str:
    """Name a window by its first pixel.

    >>> place((3, 4))
    'row 3, column 4'
    """
    return f"row {at[0]}, column {at[1]}"


def byte_words() -> list[str]:
    """Write each byte on the scale 0..1.

    >>> byte_words()[0], byte_words()[128], byte_words()[255]
    ('0', '0.502', '1')
    """
    return [f"{byte / WHITE:.3f}".rstrip("0").rstrip(".") for byte in range(WHITE + 1)]


def say_matches(trace: MatchingTrace) -> str:
    """Say in one line what was found."""
    spec = trace.spec
    score = float(trace.scores[trace.best])
    told = f"{trace.scores.size:,} scores. Best: {number(score)} at {place(trace.best)}"
    share = trace.share(score)
    told += f", {percent(share)} of a perfect match." if not math.isnan(share) else "."
    passes = "1 window passes" if trace.above == 1 else f"{trace.above:,} windows pass"
    told += f" {passes} {spec.threshold} %"
    count = len(trace.matches)
    if not count:
        return f"{told}: no match."
    return f"{told}; {'the best one is' if count == 1 else f'{count} matches are'} marked."


def explain_score(trace: MatchingTrace) -> str:
    """Say what the score asks, and what it is blind to."""
    perfect = trace.perfect
    match trace.spec.score:
        case "multiply":
            return (
                "Lay the template on a window, multiply the numbers that lie on each other, add them up: this is "
                "what a convolutional layer does at every position. But every pixel counts with a positive weight, "
                "so **more light is always a higher score**, whatever there is to see."
            )
        case "zero":
            if not perfect.zero:
                return (
                    "The template is one single colour. Without its mean nothing is left of it: "
                    "every score is 0, and no place is better than another."
                )
            return (
                "The template without its mean has positive and negative weights that add up to 0, like an edge "
                "filter: a plain area scores 0, bright or dark. It still likes contrast: twice the contrast is twice "
                "the score."
            )
        case "ncc":
            told = (
                "Window and template both lose their mean and are divided by their length: the score is a correlation "
                "from −1 to 1. "
                "Brightness and contrast no longer matter, only the pattern; −1 is the negative of the template."
            )
            if trace.flat:
                windows = "window is" if trace.flat == 1 else "windows are"
                told += (
                    f" {trace.flat:,} {windows} one single colour: the length is 0, 0 / 0 has no value, and "
                    "the map is empty there."
                )
            return told
    return (
        "The differences, squared and summed: 0 is a perfect match, and **the smallest score is the best** (dark on "
        "the map). No window is better only because it is bright; but a darker photo of the same thing is far away."
    )


def score_formula(trace: MatchingTrace) -> str:
    """Write the score of the window that is looked at with its numbers, narrow enough for a phone."""
    first, count = _middle(trace)
    t, x = (
        part.reshape(-1, part.shape[2])[first : first + count, 0] / WHITE
        for part in (trace.template, trace.window(trace.at))
    )
    scores, kind = trace.scores_at(trace.at), trace.spec.score
    head = rf"s({trace.at[0]}, {trace.at[1]})"
    result = rf"\mathbf{{{_tex(scores.of(kind))}}}"
    if kind == "ncc":
        own, length = math.sqrt(trace.perfect.zero), _length(trace.window(trace.at))
        below = rf"{_tex(own)} \cdot {_tex(length)}"
        end = rf"{result}" if length else r"\text{no value}"
        return rf"{head} = \frac{{{_tex(scores.zero)}}}{{{below}}} = {end}"
    mean = trace.template.mean(axis=(0, 1))[0] / WHITE
    terms = {
        "multiply": [rf"{_tex(a)} \cdot {_tex(b)}" for a, b in zip(t, x, strict=True)],
        "zero": [rf"({_tex(a)} - {_tex(mean)}) \cdot {_tex(b)}" for a, b in zip(t[:1], x[:1], strict=True)],
        "ssd": [rf"({_tex(a)} - {_tex(b)})^2" for a, b in zip(t, x, strict=True)],
    }[kind]
    before, after = first > 0, first + len(terms) < trace.template.size
    shown = [*([r"\dots"] if before else []), *terms, *([r"\dots"] if after else [])]
    return rf"\begin{{aligned}} {head} &= {' + '.join(shown)} \\[2pt] &= {result} \end{{aligned}}"


def _middle(trace: MatchingTrace) -> Pair:
    """Choose the products to write out: two neighbours in the middle, where there is something to see."""
    height, width = trace.template.shape[:2]
    first = height // 2 * width + (width - 1) // 2
    return (first, 2) if first + 1 < height * width else (0, height * width)


def _tex(value: float) -> str:
    text = number(round(value, 3) if abs(value) < 1 else value)
    return r"\text{no value}" if text == "no value" else text.replace("−", "-").replace(",", r"{,}")


def _length(window: NDArray[np.uint8]) -> float:
    values = window.astype(np.float64) / WHITE
    return float(np.linalg.norm(values - values.mean(axis=(0, 1))))


def rule(trace: MatchingTrace) -> str:
    """Give the rule of the score."""
    return RULES[trace.spec.score]


def places_of_interest(trace: MatchingTrace) -> list[tuple[str, Pair]]:
    """Name the windows worth comparing; a window with several names is listed once."""
    named: list[tuple[str, Pair]] = [] if trace.home is None else [("Where it was cut out", trace.home)]
    named += [(f"Best by {_lower(SHORT[trace.spec.score])}", trace.best), ("Brightest window", trace.brightest)]
    if trace.spec.at:
        named.append(("The window you chose", trace.at))
    seen: dict[Pair, str] = {}
    for name, at in named:
        seen[at] = f"{seen[at]}; {_lower(name)}" if at in seen else name
    return [(name, at) for at, name in seen.items()]


def _lower(name: str) -> str:
    return name if name.startswith("NCC") else name[0].lower() + name[1:]


def comparison(trace: MatchingTrace) -> list[list[str]]:
    """For each window of interest: its name and place, its brightness, and all four scores; the best in bold."""
    rows = [(f"{name} ({at[0]}, {at[1]})", trace.scores_at(at)) for name, at in places_of_interest(trace)]
    told = [["The template on itself", *_cells(trace.perfect)]]
    cells = [[name, *_cells(scores)] for name, scores in rows]
    for column, kind in enumerate(SHORT, start=2):
        values = [scores.of(kind) * (-1 if kind == "ssd" else 1) for _, scores in rows]
        best = np.nanmax(values) if not all(map(math.isnan, values)) else math.nan
        for row, value in zip(cells, values, strict=True):
            if len(rows) > 1 and value == best:
                row[column] = f"**{row[column]}**"
    return told + cells


def _cells(scores: Scores) -> list[str]:
    return [number(part) for part in (scores.mean, scores.multiply, scores.zero, scores.ncc, scores.ssd)]


def explain_brightness(trace: MatchingTrace) -> str:
    """Show with numbers why plain multiply and sum prefers bright places."""
    own, brightest = trace.perfect.multiply, trace.scores_at(trace.brightest)
    white = trace.perfect.mean * trace.template.size
    told = (
        f"Multiply and sum gives the template on itself Σ t² = {number(own)}. On plain white it would give "
        f"Σ t · 1 = {number(white)}, "
    )
    told += "which is more" if white > own * (1 + 1e-9) else "as much"
    if brightest.multiply > own * (1 + 1e-9):
        more = (brightest.multiply / own - 1) * 100 if own else math.inf
        gain = f"{more:.3g} % more" if math.isfinite(more) else "more"
        return (
            f"{told}. Here the brightest window ({place(trace.brightest)}) has {number(brightest.multiply)}: "
            f"{gain} than a perfect match, with an NCC of only {number(brightest.ncc)}."
            if not brightest.ncc > 0.9
            else f"{told}. Here the brightest window ({place(trace.brightest)}) has {number(brightest.multiply)}: "
            f"{gain} than a perfect match."
        )
    return f"{told}. Here the brightest window ({place(trace.brightest)}) has {number(brightest.multiply)}."
