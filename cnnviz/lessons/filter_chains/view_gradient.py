"""The gradient: panels, controls and words."""

from __future__ import annotations

from cnnviz.lessons.filter_chains.spec import BLUR, OPERATORS, THRESHOLD, FilterChainsSpec
from cnnviz.lessons.filter_chains.trace import Grey
from cnnviz.lessons.filter_chains.trace_gradient import GradientTrace, trace_gradient
from cnnviz.lessons.filter_chains.view_part import Part, pixel_mark, reach_of
from cnnviz.lessons.filter_chains.words_gradient import (
    explain_direction,
    explain_pair,
    kernel_formulas,
    say_at,
    say_share,
    slope_formula,
)
from cnnviz.ui.viewer import Choice, Control, Panel, Slider

SHOWS = {"one": "Slopes", "two": "Direction", "all": "All six"}
PANELS = {
    "one": ("picture", "gx", "gy", "magnitude"),
    "two": ("picture", "colours", "angle", "wheel"),
    "all": ("gx", "gy", "magnitude", "colours", "angle", "wheel"),
}


def gradient_part(plane: Grey, spec: FilterChainsSpec, alt: str) -> Part:
    """Compute the gradient, and show what was asked for."""
    trace = trace_gradient(plane, spec)
    made = _panels(plane, trace, alt)
    return Part(
        [made[name] for name in PANELS[spec.show]],
        _controls(spec),
        say_share(trace),
        [
            ("Two slopes", explain_pair(trace), *kernel_formulas(trace)),
            ("How steep, and which way", say_at(trace), slope_formula(trace)),
        ],
        [("Reading the colours", explain_direction(trace))],
    )


def _panels(plane: Grey, trace: GradientTrace, alt: str) -> dict[str, Panel]:
    mark = pixel_mark(trace.at)
    reach = reach_of(trace.gx, trace.gy)

    def signed(title: str, name: str, words: str) -> Panel:
        return Panel(title, getattr(trace, name), "signed", alt=f"{alt}: {words}", marks=mark, click=True, high=reach)

    return {
        "picture": Panel("Picture", plane, alt=f"{alt}, in grey", marks=mark, click=True),
        "gx": signed("Slope to the right", "gx", "its slope along the columns"),
        "gy": signed("Slope downwards", "gy", "its slope down the rows"),
        "magnitude": Panel(
            "Magnitude", trace.magnitude, "grey", alt=f"{alt}: its edges, bright where they are strong", marks=mark,
            click=True, low=0.0, high=trace.full,
        ),
        "colours": Panel(
            "Direction", trace.colours, "rgb", alt=f"{alt}: its edges, coloured by their direction",
            marks=mark, click=True,
        ),
        "angle": Panel(
            "Angle, degrees", trace.angle, "signed", alt=f"{alt}: the angle of each edge; none where it is weak",
            marks=mark, click=True, low=-180.0, high=180.0,
        ),
        "wheel": Panel(
            "Colour of each direction", trace.wheel, "rgb", linked=False,
            alt="A wheel of colours: red on the right, yellow-green below, cyan on the left, violet above",
        ),
    }  # fmt: skip


def _controls(spec: FilterChainsSpec) -> list[Control]:
    return [
        Choice("show", "Panels", SHOWS, spec.show),
        Choice("op", "Pair of kernels", OPERATORS, spec.operator),
        Slider("t", "Threshold", *THRESHOLD, spec.threshold, 0.5, "Weaker gradients have no direction"),
        Slider("blur", "Blur before, σ", *BLUR, spec.blur, 0.5, words={"0": "none"}),
    ]
