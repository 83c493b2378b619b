"""Scale space: panels, controls and words of its four sights."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.settings import Array
from cnnviz.lessons.filter_chains.spec import LEVELS, MOST_DETAILS, RATIO, SIGMA, WHATS, FilterChainsSpec
from cnnviz.lessons.filter_chains.trace import Grey
from cnnviz.lessons.filter_chains.trace_scale import pyramid, trace_alias, trace_dog, trace_laplace
from cnnviz.lessons.filter_chains.view_part import Part, reach_of
from cnnviz.lessons.filter_chains.words_scale import (
    LAPLACE_FORMULA,
    bell_formula,
    dog_formula,
    explain_alias,
    explain_dog,
    explain_laplace,
    explain_pyramid,
    halving_formula,
    say_alias,
    say_dog,
    say_laplace,
)
from cnnviz.ui.viewer import Choice, Control, Kind, Panel, Slider

DOG_SHOWS = {"one": "Pictures", "two": "Kernels", "all": "All six"}
DOG_PANELS = {
    "one": ("picture", "dog", "log"),
    "two": ("dog", "log", "dog_kernel", "log_kernel"),
    "all": ("narrow", "wide", "dog", "log", "dog_kernel", "log_kernel"),
}


def scale_part(plane: Grey, spec: FilterChainsSpec, alt: str) -> Part:
    """Compute the sight that was asked for."""
    make = {"alias": _alias_part, "pyramid": _pyramid_part, "laplace": _laplace_part, "dog": _dog_part}[spec.what]
    return make(plane, spec, alt)


def _alias_part(plane: Grey, spec: FilterChainsSpec, alt: str) -> Part:
    trace = trace_alias(plane, spec)
    return Part(
        [
            _picture(plane, alt),
            _level(f"Level {spec.levels}, blurred first", trace.blurred, spec.levels, alt),
            _level(f"Level {spec.levels}, no blur", trace.dropped, spec.levels, alt),
        ],
        [*_common(spec), _levels(spec, "Level")],
        say_alias(trace),
        [("Aliasing", explain_alias(trace))],
        [("The sizes", "", halving_formula(_size(plane), spec.levels), bell_formula(spec.sigma))],
    )


def _pyramid_part(plane: Grey, spec: FilterChainsSpec, alt: str) -> Part:
    levels = pyramid(plane, spec.levels, spec.sigma)
    panels = [_level(f"Level {number}", level, number, alt) for number, level in enumerate(levels) if number]
    sizes = " → ".join("×".join(map(str, level.shape)) for level in levels)
    return Part(
        [_picture(plane, alt), *panels],
        [*_common(spec), _levels(spec)],
        sizes,
        [("Gaussian pyramid", explain_pyramid(spec, _size(plane)))],
        [("The sizes", "", halving_formula(_size(plane), spec.levels), bell_formula(spec.sigma))],
    )


def _laplace_part(plane: Grey, spec: FilterChainsSpec, alt: str) -> Part:
    trace = trace_laplace(plane, spec)
    panels = [
        _level(f"Detail {number}{' (left out)' if number < spec.dropped else ''}", detail, number, alt, "signed")
        for number, detail in enumerate(trace.details)
    ]
    rest = _level(f"Rest: level {spec.details}", trace.rest, spec.details, alt)
    rebuilt = Panel("Put together again", trace.rebuilt, alt=f"{alt}: put together again out of its details")
    drop = Slider("drop", "Fine details left out", 0, spec.details, spec.dropped)
    return Part(
        [*panels, rest, rebuilt],
        [*_common(spec), _levels(spec, most=MOST_DETAILS), drop],
        say_laplace(trace),
        [("Details and a rest", explain_laplace(trace), LAPLACE_FORMULA)],
        [("The sizes", "", halving_formula(_size(plane), spec.details))],
    )


def _dog_part(plane: Grey, spec: FilterChainsSpec, alt: str) -> Part:
    trace = trace_dog(plane, spec)
    reach = reach_of(trace.dog, trace.log)
    high = float(max(np.abs(trace.dog_kernel).max(), np.abs(trace.log_kernel).max()))
    made = {
        "picture": _picture(plane, alt),
        "narrow": Panel(f"Blurred, σ = {spec.sigma:g}", trace.narrow_blur, alt=f"{alt}, blurred a little"),
        "wide": Panel(f"Blurred, σ = {trace.wide:.3g}", trace.wide_blur, alt=f"{alt}, blurred more"),
        "dog": Panel("Difference", trace.dog, "signed", high=reach, alt=f"{alt}: wide less narrow blur"),
        "log": Panel("Laplacian", trace.log, "signed", high=reach, alt=f"{alt}: its Laplacian; almost the same"),
        "dog_kernel": _kernel("Two bells", trace.dog_kernel, high),
        "log_kernel": _kernel("Laplacian", trace.log_kernel, high),
    }
    ratio = Slider("ratio", "Ratio of the σ", *RATIO, spec.ratio, 0.1)
    return Part(
        [made[name] for name in DOG_PANELS[spec.show]],
        [*_common(spec), ratio, Choice("show", "Panels", DOG_SHOWS, spec.show)],
        say_dog(trace),
        [("Difference of Gaussians", explain_dog(trace))],
        [("What it comes close to", "", dog_formula(trace))],
    )


def _common(spec: FilterChainsSpec) -> list[Control]:
    return [
        Choice("what", "Scale space", WHATS, spec.what),
        Slider("sigma", "Blur, σ", *SIGMA, spec.sigma, 0.1),
    ]


def _levels(spec: FilterChainsSpec, label: str = "Levels", most: int = LEVELS[1]) -> Slider:
    return Slider("n", label, LEVELS[0], most, min(spec.levels, most))


def _picture(plane: Grey, alt: str) -> Panel:
    return Panel("Picture", plane, alt=f"{alt}, in grey")


def _level(title: str, array: Array, level: int, alt: str, kind: Kind = "grey") -> Panel:
    """Lay a level over the picture: each of its pixels stands over the one that it was taken from."""
    step = 2**level
    high = reach_of(array) if kind == "signed" else None
    return Panel(title, array, kind, alt=f"{alt}: {title}", step=(step, step), offset=((1 - step) / 2,) * 2, high=high)


def _kernel(title: str, array: Array, high: float) -> Panel:
    size = "×".join(map(str, array.shape))
    return Panel(
        f"{title}, {size}", array, "signed", high=high, linked=False, alt=f"{title}: a kernel of {size} weights"
    )


def _size(plane: Grey) -> tuple[int, int]:
    return int(plane.shape[0]), int(plane.shape[1])
