r"""The words and formulas of the Translation page: a template that lies still against one that slides.

>>> trace = trace_template(TranslationSpec(digit=7, digit_right=5))
>>> say_scores(trace)
'still 2.39 · sliding 8.38'
"""

from __future__ import annotations

import numpy as np

from cnnviz.engine.pictures.gallery import DIGIT_SIDE
from cnnviz.lessons.translation.spec import TranslationSpec  # noqa: F401 - doctest
from cnnviz.lessons.translation.trace_template import DIGITS, REACH, TemplateTrace, trace_template  # noqa: F401 - doctest
from cnnviz.lessons.translation.words import percent

PLACES = 2 * REACH + 1
"""How many places the template slides over along each axis."""


def say_scores(trace: TemplateTrace) -> str:
    """Give both scores of the digit's own template."""
    digit = trace.spec.digit
    return f"still {trace.dense[digit]:.2f} · sliding {trace.sliding[digit]:.2f}"


def moved_by(trace: TemplateTrace) -> tuple[int, int]:
    """Say where the peak lies, seen from the template's own place."""
    return trace.peak[0] - REACH, trace.peak[1] - REACH


def template_formula(trace: TemplateTrace) -> str:
    """Write both scores with their numbers."""
    digit, (down, right) = trace.spec.digit, moved_by(trace)
    return (
        rf"\begin{{aligned}} \text{{still: }} \sum_{{i,j}} w_{{i,j}}\, x_{{i,j}} &= {trace.dense[digit]:.2f} \\[4pt] "
        rf"\text{{sliding: }} \max_{{u,v}} \sum_{{i,j}} w_{{i,j}}\, x_{{i+u,\,j+v}} &= {trace.sliding[digit]:.2f}"
        rf" \\ \text{{at }} (u, v) &= ({down}, {right}) \end{{aligned}}"
    )


def weights_formula(trace: TemplateTrace) -> str:
    """Count the weights: one place, all places each with its own, all places shared, without the empty margin."""
    side, weights = DIGIT_SIDE, DIGIT_SIDE**2
    height, width = strokes(trace)
    return (
        rf"\begin{{aligned}} \text{{one dense unit}} &: {side} \cdot {side} = {weights} \\ "
        rf"\text{{a unit for each place}} &: {weights} \cdot {PLACES} \cdot {PLACES} = {_spaced(weights * PLACES**2)}"
        rf" \\ \text{{one that slides}} &: {side} \cdot {side} = {weights} \\ "
        rf"\text{{cut to its strokes}} &: {height} \cdot {width} = {height * width} \end{{aligned}}"
    )


def strokes(trace: TemplateTrace) -> tuple[int, int]:
    """Give the rows and columns that the digit's strokes fill."""
    ink = trace.digit > 0
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1


def explain_template(trace: TemplateTrace) -> list[str]:
    """Say what the move did to both."""
    spec = trace.spec
    digit, (down, right) = spec.digit, moved_by(trace)
    best = float((trace.digit**2).sum()) ** 0.5
    dense, sliding = float(trace.dense[digit]), float(trace.sliding[digit])
    if not (spec.digit_down or spec.digit_right):
        return [
            f"The digit lies where the template expects it: both score {dense:.2f}, the most that any template of "
            "this length can. Now move the digit."
        ]
    said = [
        f"The dense unit multiplies each pixel by the weight in the same place, so its score falls from {best:.2f} to "
        f"**{dense:.2f}**: {percent(dense / best)} of it are left.",
        f"The sliding template finds the digit again: its peak moved along, by ({down}, {right}), and the maximum is "
        f"**{sliding:.2f}**" + (", as before." if abs(sliding - best) < 0.005 else "."),
    ]
    if trace.lost > 0.0005:
        said.append(f"{percent(trace.lost)} of the ink left the picture; what is cut off nobody can find.")
    return said


def explain_winners(trace: TemplateTrace) -> str:
    """Say which digit each network would answer."""
    digit, dense, sliding = trace.spec.digit, trace.dense_winner, trace.sliding_winner
    still = "right" if dense == digit else "wrong"
    slid = "right" if sliding == digit else "wrong"
    return (
        f"The digit is a **{digit}**. Ten dense units answer **{dense}** ({still}); ten sliding templates, each with "
        f"its maximum, answer **{sliding}** ({slid})."
    )


def scores_alt(trace: TemplateTrace) -> str:
    """Say what the bars show."""
    rows = ", ".join(f"{digit}: {trace.dense[digit]:.1f} and {trace.sliding[digit]:.1f}" for digit in range(DIGITS))
    return f"Scores of the ten templates, still and sliding. {rows}."


def shift_alt(trace: TemplateTrace) -> str:
    """Say what the curves show."""
    still = [pair[0] for pair in trace.curve]
    slid = [pair[1] for pair in trace.curve]
    return (
        f"Scores of the {trace.spec.digit}’s own template for moves to the right from −12 to 12. Still: from "
        f"{min(still):.1f} to {max(still):.1f}, with one peak. Sliding: from {min(slid):.1f} to {max(slid):.1f}."
    )


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", r"\,")
