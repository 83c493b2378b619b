"""Two kernels in sequence: panels, controls and words."""

from __future__ import annotations

from cnnviz.engine.grids import Pair
from cnnviz.engine.pictures.kernels import SIGMAS
from cnnviz.engine.settings import Array
from cnnviz.lessons.filter_chains.spec import BORDERS, FilterChainsSpec
from cnnviz.lessons.filter_chains.trace import Grey, Kernel, SequenceTrace, combine, kernel_of, trace_sequence
from cnnviz.lessons.filter_chains.view_part import Part, pixel_mark, reach_of
from cnnviz.lessons.filter_chains.words import (
    cost_formula,
    explain_cost,
    explain_sequence,
    say_difference,
    say_pixel,
    say_size,
    size_formula,
    weight_formula,
)
from cnnviz.state.kernels import KernelSource
from cnnviz.ui.viewer import Choice, Control, Kind, Mark, Panel, Slider, Switch

SHOWS = {"one": "Step by step", "two": "Two steps against one", "all": "All six"}
PANELS = {
    "one": ("picture", "between", "steps", "kernel"),
    "two": ("steps", "once", "difference", "kernel"),
    "all": ("picture", "between", "steps", "once", "difference", "kernel"),
}


def sequence_part(plane: Grey, spec: FilterChainsSpec, alt: str) -> Part:
    """Filter twice and once, and show what was asked for."""
    trace = trace_sequence(plane, spec)
    made = _panels(plane, trace, alt)
    return Part(
        [made[name] for name in PANELS[spec.show]],
        _controls(spec),
        say_difference(trace),
        [
            ("One kernel instead of two", explain_sequence(trace), size_formula(trace), weight_formula(trace)),
        ],
        [
            ("What two small kernels save", f"{explain_cost(trace)}\n\n{say_pixel(trace)}", cost_formula(trace)),
        ],
    )


def before_click(spec: FilterChainsSpec, panel: int, row: int, column: int) -> Pair:
    """Turn a click into a pixel of the result: without padding the picture has a margin that the result has not."""
    name = PANELS[spec.show][min(panel, len(PANELS[spec.show]) - 1)]
    if spec.mode != "valid" or name not in {"picture", "between"}:
        return row, column
    first, second = kernel_of(spec.first), kernel_of(spec.second)
    margin = combine(first, second) if name == "picture" else second
    return max(0, row - margin.before[0]), max(0, column - margin.before[1])


def _panels(plane: Grey, trace: SequenceTrace, alt: str) -> dict[str, Panel]:
    relu = " and the ReLU" if trace.spec.relu else ""
    mark = pixel_mark(trace.at)
    padded = trace.spec.mode != "valid"
    before = [a + b if padded else 0 for a, b in zip(trace.first.before, trace.second.before, strict=True)]
    window = _window(trace.at, (-before[0], -before[1]), trace.combined.shape, plane.shape)

    def one(title: str, array: Array, kernel: Kernel, words: str, offset: tuple[float, float]) -> Panel:
        kind, low, high = _look(kernel, array)
        return Panel(
            title, array, kind, alt=f"{alt}: {words}", offset=offset, low=low, high=high, click=True,
            marks=mark if offset == trace.offset else (),
        )  # fmt: skip

    return {
        "picture": Panel("Picture", plane, alt=f"{alt}, in grey", marks=[window], click=True),
        "between": one(
            f"After the first kernel{relu}", trace.between, trace.first, f"after the first kernel{relu}",
            trace.between_offset,
        ),
        "steps": one("After both", trace.steps, trace.combined, "after both kernels", trace.offset),
        "once": one("At once", trace.once, trace.combined, "after the combined kernel", trace.offset),
        "difference": Panel(
            "Difference", trace.difference, "signed", alt=say_difference(trace), offset=trace.offset, click=True,
            marks=mark,
        ),
        "kernel": _kernel_panel(trace.combined),
    }  # fmt: skip


def _kernel_panel(kernel: Kernel) -> Panel:
    """Show the combined kernel: whole numbers over a divisor where it is exact."""
    size, tidy = say_size(kernel), kernel.reduced()
    over = f", over {tidy.divisor:,}" if tidy.divisor > 1 else ""
    return Panel(
        f"Combined {size}{over}",
        tidy.numbers,
        "signed",
        linked=False,
        alt=f"The kernel that does both at once, {size} weights{over}",
    )


def _window(at: Pair, corner: Pair, size: Pair, shape: tuple[int, ...]) -> Mark:
    """Frame what the combined kernel reads for a pixel, as far as it lies in the picture."""
    top, left = (max(0, place + start) for place, start in zip(at, corner, strict=True))
    bottom, right = (
        min(most, place + start + reach) for place, start, reach, most in zip(at, corner, size, shape, strict=True)
    )
    return Mark(top, left, max(1, bottom - top), max(1, right - left))


def _look(kernel: Kernel, array: Array) -> tuple[Kind, float | None, float | None]:
    """Choose how to draw a result: as a picture if brightness stays, else with zero in the middle."""
    total = float(kernel.values.sum())
    if abs(total - 1) < 0.05:
        return "grey", 0.0, 255.0
    if kernel.values.min() >= 0 and total > 0:
        return "grey", 0.0, 255 * total
    return "signed", None, reach_of(array)


def _controls(spec: FilterChainsSpec) -> list[Control]:
    controls: list[Control] = [
        Choice("show", "Panels", SHOWS, spec.show),
        Choice("mode", "Border", BORDERS, spec.mode, "What stands outside the picture, in each of the steps"),
    ]
    for number, word, source in (("1", "First", spec.first), ("2", "Second", spec.second)):
        controls += _sliders(number, word, source)
    controls.append(Switch("relu", "ReLU in between", spec.relu))
    return controls


def _sliders(number: str, word: str, source: KernelSource) -> list[Control]:
    """Give a kernel that comes in sizes its sliders."""
    entry = source.entry
    if entry is None or not entry.sizes:
        return []
    first, last = entry.sizes[0], entry.sizes[-1]
    step = entry.sizes[1] - first
    made: list[Control] = [Slider(f"n{number}", f"{word} size", first, last, source.own_size, step)]
    if entry.sigma:
        made.append(Slider(f"s{number}", f"{word} σ", SIGMAS[0], SIGMAS[1], source.own_sigma, 0.1))
    return made
