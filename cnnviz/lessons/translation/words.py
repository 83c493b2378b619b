r"""The words and formulas of the Translation page: filter and move, in both orders.

>>> from cnnviz.lessons.translation.trace import trace_move
>>> picture = np.arange(36, dtype=np.uint8).reshape(6, 6)
>>> say_difference(trace_move(picture, TranslationSpec(right=2)).numbers["all"])
'no difference in any of 36 pixels'
>>> name_move(TranslationSpec(down=-2, right=3, part=0.5, turn=90))
'turn by 90°, move up by 2 and right by 3.5'
"""

from __future__ import annotations

import numpy as np

from cnnviz.engine.grids import Pair
from cnnviz.explain.notation import minus
from cnnviz.lessons.translation.spec import Mode, TranslationSpec
from cnnviz.lessons.translation.trace import MoveTrace, Numbers, is_same_turned, is_whole
from cnnviz.state.kernels import kernel_rows

PARTS = {"all": "All pixels", "inside": "Inside", "ring": "Border ring"}
FILLS: dict[Mode, str] = {
    "zeros": "zeros come in",
    "reflect": "the mirrored picture comes in",
    "replicate": "copies of the outermost pixels come in",
    "circular": "what leaves on one side comes in on the other",
}


def amount(value: float) -> str:
    """Write a difference: short, and never 0 if it is not.

    >>> amount(0), amount(0.0001), amount(12.5), amount(1020), amount(0.0456)
    ('0', '< 0.001', '12.5', '1020', '0.046')
    """
    if value == 0:
        return "0"
    if abs(value) < 0.001:
        return "< 0.001"
    text = f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
    return minus(text.rstrip("0").rstrip("."))


def percent(share: float) -> str:
    """Write a share in per cent; only nothing is 0, and only everything is 100.

    >>> percent(0), percent(0.00001), percent(0.1234), percent(0.99999), percent(1)
    ('0 %', '< 0.1 %', '12.3 %', '> 99.9 %', '100 %')
    """
    if share in {0, 1}:
        return f"{share * 100:.0f} %"
    if share < 0.0005:
        return "< 0.1 %"
    return "> 99.9 %" if share > 0.9995 else f"{share * 100:.1f} %"


def name_move(spec: TranslationSpec) -> str:
    """Say what happens to the picture."""
    said = [minus(f"turn by {spec.turn}°")] if spec.turn else []
    said += [f"scale to {spec.zoom} %"] if spec.zoom != 100 else []
    ways = [
        f"{word} by {abs(value):g}"
        for value, word in (
            (spec.down, "down" if spec.down > 0 else "up"),
            (spec.columns, "right" if spec.columns > 0 else "left"),
        )
        if value
    ]
    said += [f"move {' and '.join(ways)}"] if ways else []
    return ", ".join(said) or "leave it where it is"


def capital(words: str) -> str:
    """Begin a line with a capital; the rest stays.

    >>> capital("stride 2, Sobel")
    'Stride 2, Sobel'
    """
    return words[:1].upper() + words[1:]


def say_difference(numbers: Numbers) -> str:
    """Say how much two results differ, in one line."""
    if not numbers.changed:
        return f"no difference in any of {numbers.pixels:,} pixels"
    return (
        f"largest difference {amount(numbers.largest)}, mean {amount(numbers.mean)}, "
        f"{percent(numbers.share)} of {numbers.pixels:,} pixels differ"
    )


def numbers_table(parts: dict[str, Numbers]) -> list[list[str]]:
    """Give rows of a table: what is measured, the largest and the mean difference, and how many pixels differ."""
    return [
        [name, amount(one.largest), amount(one.mean), percent(one.share)] for name, one in parts.items() if one.pixels
    ]


def move_table(trace: MoveTrace) -> list[list[str]]:
    """Give the table of a move: all pixels, the inside, the ring."""
    return numbers_table({label: trace.numbers[name] for name, label in PARTS.items()})


def move_formula(trace: MoveTrace) -> str:
    """Write both paths and their difference at the chosen pixel."""
    row, column = chosen_pixel(trace.difference, trace.spec.at)
    one, other = float(trace.moved_before[row, column]), float(trace.moved_after[row, column])
    gap = float(trace.difference[row, column])
    equal = "=" if trace.rounding == 0 or gap else r"\approx"
    return (
        r"\begin{aligned} A &= T(f(x)) \\ B &= f(T(x)) \\[4pt] "
        rf"B_{{{row},{column}}} - A_{{{row},{column}}} &= {_tex(one)} - {_bracket(other)} \\ &{equal} {_tex(gap)}"
        r" \end{aligned}"
    )


def chosen_pixel(difference: np.ndarray, at: Pair | None) -> Pair:
    """Give the pixel that was clicked, kept inside; else the one where two results differ most, or the middle."""
    if at:
        return min(at[0], difference.shape[0] - 1), min(at[1], difference.shape[1] - 1)
    size = np.abs(difference)
    if not size.any():
        return difference.shape[0] // 2, difference.shape[1] // 2
    row, column = np.unravel_index(size.argmax(), size.shape)
    return int(row), int(column)


def explain_move(trace: MoveTrace) -> list[str]:
    """Say whether the filter is equivariant to this move, and why, from what was measured."""
    spec, everything = trace.spec, trace.numbers["all"]
    within, ring = trace.numbers["inside"], trace.numbers["ring"]
    if not (spec.turn or spec.zoom != 100 or spec.down or spec.columns):
        return ["Nothing moves yet. Move, turn or scale the picture with the sliders."]
    said = []
    if spec.turn or spec.zoom != 100:
        said.append(_turned(trace))
    elif not everything.changed:
        said.append(
            "Both paths give the same picture, pixel for pixel: the filter is **equivariant** to this move. It does "
            "the same everywhere, so it does not matter where the picture lies."
        )
    elif not within.changed:
        said.append(
            "Inside, both paths agree: there the filter is **equivariant** to the move. Only the border ring differs, "
            f"because {FILLS[spec.mode]}, and the two paths see that at different moments."
        )
    elif within.pixels:
        said.append(f"Inside, {percent(within.share)} of the pixels differ, by at most {amount(within.largest)}.")
    if spec.part and not spec.turn and spec.zoom == 100 and not within.changed:
        said.append(
            "A part of a pixel mixes two neighbours with fixed weights. That is a convolution too, and two "
            "convolutions may change places."
        )
    if ring.changed and within.changed:
        said.append(f"In the border ring {percent(ring.share)} differ, by at most {amount(ring.largest)}.")
    if not within.pixels:
        said.append("No pixel is far enough from the border to be called inside: move or scale less.")
    if trace.rounding:
        said.append(
            f"Differences up to {trace.rounding:.2g} are rounding in float32, which depends on the order of the sums; "
            "they count as 0."
        )
    return said


def _turned(trace: MoveTrace) -> str:
    """Say what a turn or a scale does to a kernel that stays as it is."""
    spec, within = trace.spec, trace.numbers["inside"]
    title = spec.kernel.title
    if spec.zoom != 100:
        end = "" if within.changed or not within.pixels else " Here the picture has nothing inside that shows it."
        return (
            "The picture grows or shrinks, the kernel keeps its size. So the filter is **not equivariant** to "
            f"scaling: what was {len(trace.rows[0])} pixels wide is not any more.{end}"
        )
    if spec.turn % 90 == 0 and is_same_turned(kernel_rows(spec.kernel), spec.turn):
        if not within.changed:
            return (
                f"“{title}” turned by {spec.turn}° is itself, and this turn carries pixels onto pixels: "
                "here both paths agree. Try a kernel that prefers a direction, such as Sobel."
            )
        return f"“{title}” turned by {spec.turn}° is itself, but its middle lies between pixels: the result shifts."
    if spec.turn % 90 == 0:
        return (
            f"The picture turns, the kernel does not: “{title}” looks along one direction. So the filter is "
            "**not equivariant** to turning. Kernels that look the same from all four sides are, at quarter turns."
        )
    return (
        "The filter is **not equivariant** to turning: a square of weights has no direction in between, and the "
        "picture is mixed anew from its neighbours. The rounder the kernel, the smaller the difference."
    )


def move_alt(trace: MoveTrace, path: str) -> str:
    """Say what one of the panels shows."""
    order = {
        "after": f"filtered with {trace.spec.kernel.title}, then: {name_move(trace.spec)}",
        "before": f"{name_move(trace.spec)}, then filtered with {trace.spec.kernel.title}",
        "difference": f"The second path less the first: {say_difference(trace.numbers['all'])}",
    }
    return order[path] + (", every pixel on a pixel" if path != "difference" and is_whole(trace.spec) else "")


def _tex(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"


def _bracket(value: float) -> str:
    return f"({_tex(value)})" if value < 0 else _tex(value)
