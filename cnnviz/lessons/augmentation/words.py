r"""The words and formulas of the Augmentation page.

>>> import numpy as np
>>> from cnnviz.lessons.augmentation.trace import trace_augment
>>> trace = trace_augment(np.zeros((40, 60, 3), np.uint8), AugmentSpec(on=("rotate", "bright")))
>>> drawn_rows(trace)
[('Rotate', '±30°', '18.8° against the clock'), ('Brightness', '±30%', '× 1.111')]
>>> mix_formula(0.73, "Cat", "Coffee").split("= ")[2]
'0.73 \\cdot \\text{Cat} + 0.27 \\cdot \\text{Coffee} \\end{aligned}'
"""

from __future__ import annotations

from collections.abc import Callable

from cnnviz.explain.notation import minus
from cnnviz.lessons.augmentation.spec import RUNGS, AugmentSpec
from cnnviz.lessons.augmentation.spec_ops import OPS
from cnnviz.lessons.augmentation.trace import AugmentTrace, Change
from cnnviz.lessons.augmentation.trace_draw import Drawn, Size, cut_box, flip_number, kept, paste_box


def number(value: float, digits: int = 3) -> str:
    """Write a number with a true minus sign.

    >>> number(-0.12345), number(12.0), number(1.2344)
    ('−0.123', '12', '1.234')
    """
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else minus(text)


def drawn_rows(trace: AugmentTrace) -> list[tuple[str, str, str]]:
    """For each augmentation that is on: its name, its range, and what was drawn for the chosen variant."""
    spec = trace.spec
    return [
        (OPS[name].label, OPS[name].words(spec.strength(name)), _SAY[name](trace.drawn, trace.size))
        for name in spec.active
    ]


def _turned(angle: float, way: str, other: str) -> str:
    return f"{number(abs(angle), 1)}° {way if angle >= 0 else other}"


def _say_crop(drawn: Drawn, size: Size) -> str:
    if not drawn.crop:
        return "nothing"
    top, left, height, width = drawn.crop
    rows, columns = height * size[0], width * size[1]
    return (
        f"{number(100 * height * width, 0)}% of the area: {number(rows, 1)} × {number(columns, 1)} pixels "
        f"from row {number(top * size[0], 1)}, column {number(left * size[1], 1)}"
    )


def _say_shift(drawn: Drawn, size: Size) -> str:
    down, right = drawn.shift[0] * size[0], drawn.shift[1] * size[1]
    return f"{number(abs(down), 1)} rows {'down' if down >= 0 else 'up'}, {number(abs(right), 1)} columns to the " + (
        "right" if right >= 0 else "left"
    )


def _say_box(box: tuple[int, int, int, int] | None, nothing: str) -> str:
    if not box or not box[2] or not box[3]:
        return nothing
    return f"{box[2]} × {box[3]} pixels from row {box[0]}, column {box[1]}"


def _say_mix(drawn: Drawn, size: Size) -> str:
    return f"λ = {number(drawn.weight)}" if drawn.weight != 1 else "not in this variant"


def _say_paste(drawn: Drawn, size: Size) -> str:
    if not drawn.paste:
        return "not in this variant"
    return f"{_say_box(paste_box(drawn, size), 'nothing')}; λ = {number(kept(drawn, size))}"


_SAY: dict[str, Callable[[Drawn, Size], str]] = {
    "crop": _say_crop,
    "rotate": lambda drawn, size: _turned(drawn.angle, "against the clock", "with the clock"),
    "shift": _say_shift,
    "scale": lambda drawn, size: f"× {number(drawn.scale)}",
    "shear": lambda drawn, size: _turned(drawn.shear, "to the right at the foot", "to the left at the foot"),
    "hflip": lambda drawn, size: "mirrored" if drawn.hflip else "not mirrored",
    "vflip": lambda drawn, size: "upside down" if drawn.vflip else "not turned over",
    "bright": lambda drawn, size: f"× {number(drawn.bright)}",
    "contrast": lambda drawn, size: f"× {number(drawn.contrast)}",
    "sat": lambda drawn, size: f"× {number(drawn.sat)}",
    "hue": lambda drawn, size: f"{'+' if drawn.hue >= 0 else ''}{number(drawn.hue, 1)}°",
    "blur": lambda drawn, size: f"σ = {number(drawn.blur, 2)} pixels",
    "noise": lambda drawn, size: f"σ = {number(255 * drawn.noise, 1)} of 255, drawn for every number",
    "salt": lambda drawn, size: f"each pixel: {number(50 * drawn.salt, 2)}% black, {number(50 * drawn.salt, 2)}% white",
    "cut": lambda drawn, size: _say_box(cut_box(drawn, size), "nothing"),
    "mix": _say_mix,
    "cutmix": _say_paste,
}


def rung_title(spec: AugmentSpec, drawn: Drawn, index: int, size: Size) -> str:
    """Name a step of the ladder by its value.

    >>> from cnnviz.lessons.augmentation.trace_draw import draw_rung
    >>> rung_title(AugmentSpec(one="hue"), draw_rung(AugmentSpec(), "hue", 0.5), 2, (9, 9))
    'Hue +10°'
    """
    if index == 0:
        return "Picture"
    op, part = OPS[spec.one], index / (RUNGS - 1)
    short = {
        "crop": lambda: f"{number(100 * drawn.crop[2] * drawn.crop[3], 1)}% of the area" if drawn.crop else "all",
        "rotate": lambda: f"{number(drawn.angle, 1)}°",
        "shear": lambda: f"{number(drawn.shear, 1)}°",
        "shift": lambda: f"{number(100 * drawn.shift[0], 1)}% down",
        "blur": lambda: f"σ = {number(drawn.blur, 2)} px",
        "noise": lambda: f"σ = {number(100 * drawn.noise, 2)}%",
        "salt": lambda: f"{number(100 * drawn.salt, 2)}%",
        "cut": lambda: f"{number(100 * drawn.cut[2], 1)}%" if drawn.cut else "nothing",
        "mix": lambda: f"λ = {number(kept(drawn, size))}",
        "cutmix": lambda: f"λ = {number(kept(drawn, size))}",
        "hflip": lambda: f"p = {number(part * spec.strength('hflip'), 1)}%: {'yes' if drawn.hflip else 'no'}",
        "vflip": lambda: f"p = {number(part * spec.strength('vflip'), 1)}%: {'yes' if drawn.vflip else 'no'}",
    }
    say = short.get(spec.one)
    return f"{op.label} {say() if say else _SAY[spec.one](drawn, size)}"


def say_ladder(spec: AugmentSpec) -> str:
    """Say what the steps of the ladder are."""
    if spec.one in {"hflip", "vflip"}:
        drawn = flip_number(spec, spec.one)
        return f"A flip has no half-way. One number u = {number(drawn)} was drawn: it flips where u < p."
    if spec.one in {"mix", "cutmix"}:
        return "From the first picture alone (λ = 1) to half of each (λ = 0.5). The sheet draws λ from Beta(α, α)."
    return "Five steps from nothing to the largest that this range allows. Click one to look at its numbers."


def say_change(change: Change) -> str:
    """Say in one line how far the variant is from the picture."""
    outside = f"; {100 * change.outside:.0f}% came from outside the picture" if change.outside >= 0.005 else ""
    return f"mean change {number(change.mean, 1)} of 255, {100 * change.share:.0f}% of the numbers differ{outside}"


def change_rows(change: Change) -> list[tuple[str, str]]:
    """List what changed, as rows of a table."""
    (mean, std), (mean_after, std_after) = change.level(0), change.level(1)
    return [
        ("Mean distance of a number", f"{number(change.mean, 2)} of 255"),
        ("Numbers that are not the same", f"{100 * change.share:.1f}%"),
        ("Pixels that came from outside", f"{100 * change.outside:.1f}%"),
        ("Mean grey", f"{number(mean, 1)} → {number(mean_after, 1)}"),
        ("Standard deviation", f"{number(std, 1)} → {number(std_after, 1)}"),
    ]


def matrix_formula(trace: AugmentTrace) -> str:
    """Write where a pixel goes: the rows of the matrix, and where the rectangle's first pixel goes."""
    (a, b, down), (c, d, right) = trace.matrix.tolist()
    row, column = trace.moved.before[:2]
    place = (a * row + b * column + down, c * row + d * column + right)
    lines = [
        rf"{name}' &= {_tex(one)}\,r {_signed(other)}\,c {_signed(shift)}"
        for name, one, other, shift in (("r", a, b, down), ("c", c, d, right))
    ]
    lines.append(rf"({row},\ {column}) &\to ({_tex(place[0], 1)},\ {_tex(place[1], 1)})")
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"


def _signed(value: float) -> str:
    return f"{'-' if value < 0 else '+'} {_tex(abs(value))}"


def mix_formula(weight: float, first: str, second: str) -> str:
    """Write the mixed label, with the numbers in."""
    one, other = (number(value) for value in (round(weight, 3), round(1 - round(weight, 3), 3)))
    return (
        r"\begin{aligned} y &= \lambda\, y_1 + (1 - \lambda)\, y_2 \\ &= "
        rf"{one} \cdot \text{{{first}}} + {other} \cdot \text{{{second}}} \end{{aligned}}"
    )


def say_weights(trace: AugmentTrace) -> str:
    """Say where the weights of the labels come from, and those of all variants."""
    spec = trace.spec
    if trace.sheet is None:
        return "On the ladder λ goes down to a half; in training it is drawn anew for every batch or picture."
    mixing = [name for name in ("mix", "cutmix") if spec.is_on(name)]
    weights = ", ".join(number(kept(drawn, trace.size), 2) for drawn in trace.sheet.drawn)
    ranges = " or ".join(
        f"{OPS[name].label.lower()} from Beta({spec.strength(name):g}, {spec.strength(name):g})" for name in mixing
    )
    small = " With a small α, λ is mostly near 0 or near 1." if min(map(spec.strength, mixing)) < 1 else ""
    return f"λ is drawn for {ranges}; on this sheet: {weights}.{small}"


def say_box(trace: AugmentTrace) -> str:
    """Say where the marked rectangle went, and what the label must become."""
    moved = trace.moved
    row, column, height, width = moved.before
    start = f"The rectangle of {height} × {width} pixels from row {row}, column {column}"
    corners = ", ".join(f"({number(down, 1)}, {number(along, 1)})" for down, along in moved.corners)
    if moved.box is None:
        return f"{start} is out of the picture now: its corners went to {corners}. The box must be dropped."
    if moved.box == moved.before and moved.seen > 1 - 1e-9:
        return f"{start} stays where it is: nothing that is on moves pixels."
    top, left, rows, columns = moved.box
    sentence = (
        f"{start}: its corners went to {corners}. The new box round them has {rows} × {columns} pixels "
        f"from row {top}, column {left}"
    )
    sentence += f"; {100 * moved.seen:.0f}% of the shape is still in the picture." if moved.seen < 1 - 1e-9 else "."
    if rows * columns > 1.1 * _shoelace(moved.corners) * moved.seen:
        sentence += " A turned rectangle needs a larger box: it now holds some background. A mask moves exactly."
    return sentence


def _shoelace(points: tuple[tuple[float, float], ...]) -> float:
    pairs = zip(points, (*points[1:], *points[:1]), strict=True)
    return abs(sum(a[0] * b[1] - a[1] * b[0] for a, b in pairs)) / 2


def _tex(value: float, digits: int = 3) -> str:
    return number(value, digits).replace("−", "-")
