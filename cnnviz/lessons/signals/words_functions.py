r"""The words and formulas of a convolution of two functions.

>>> explain_pair("gaussian", "gaussian")[:48]
'Two Gaussians give a wider Gaussian: the squares'
>>> alt_text("box", "decay", 0.5, 0.632)
'Box stands still; exponential decay, turned, is moved to 0.5. The area under their product is 0.632.'
"""

from __future__ import annotations

from cnnviz.lessons.signals.spec_functions import FUNCTIONS

DEFINITION = r"(f * g)(t) = \int f(s)\, g(t - s)\, \mathrm{d}s"
SUM = r"(x * w)[t] = \sum_s x[s]\, w[t - s]"

PAIRS = {
    frozenset({"box"}): "Two boxes give a triangle: the overlap grows steadily, then shrinks as steadily.",
    frozenset({"gaussian"}): (
        "Two Gaussians give a wider Gaussian: the squares of their widths add up, 0.5² + 0.5² = 0.71²."
    ),
    frozenset({"box", "decay"}): (
        "The output climbs while the box feeds it, 1 − e^(−(t + 0.5)), and dies away after the box: a capacitor that "
        "is charged and discharged."
    ),
    frozenset({"box", "triangle"}): "The box averages the triangle over a width of 1: its corners become round.",
    frozenset({"box", "gaussian"}): "A smoothed box: the Gaussian rounds off both edges.",
    frozenset({"decay"}): "Two decays give t·e^(−t): it starts at 0, climbs to its peak at t = 1, and dies away.",
    frozenset({"sine"}): (
        "At t = 0 the sine meets its own mirror image, and every product is negative; half a period on, they agree."
    ),
}


def explain_pair(f: str, g: str) -> str:
    """Say what to look at, for two functions in either order."""
    found = PAIRS.get(frozenset({f, g}))
    if found:
        return found
    if "sine" in (f, g):
        return "The sine has as much below as above 0, so the areas largely cancel where the other function is flat."
    return "The result is wider and smoother than either function: each value is an area, taken over a whole stretch."


def alt_text(still: str, moving: str, shift: float, area: float) -> str:
    """Say the whole picture in words, for those who cannot see it."""
    return alt_template(still, moving).format(t=f"{shift:g}", area=f"{area:.3f}")


def alt_template(still: str, moving: str) -> str:
    """Say the picture at any shift; `{t}` and `{area}` stand for the numbers."""
    return (
        f"{FUNCTIONS[still]} stands still; {FUNCTIONS[moving].lower()}, turned, is moved to {{t}}. "
        "The area under their product is {area}."
    )
