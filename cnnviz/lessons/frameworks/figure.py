"""One axis under every framework's padding: cells, padding, the first and the last windows and their centres, as SVG.

>>> from cnnviz.lessons.frameworks.trace import place_all, same_frames
>>> groups = same_frames(place_all(FrameworksSpec()))
>>> [(part.title, part.first, part.last) for part in parts_of(groups)]
[('The beginning', -3, 18), ('The end', 205, 226)]
>>> html = drawing(FrameworksSpec(), groups, dark=False)
>>> html.count("<img"), html.count("alt='")
(8, 8)

The drawing says nothing by colour alone: padding is hatched and dashed, what hangs over is dotted, taps are dots and
centres are diamonds.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from cnnviz.explain.notation import minus
from cnnviz.lessons.frameworks.spec import FrameworksSpec
from cnnviz.lessons.frameworks.trace import Placed
from cnnviz.lessons.frameworks.words import frame_words, say_place

CELL = 16
GUTTER = 40
TOP = 16
LINE = 13
MOST_CELLS = 30
PART = 22
WINDOWS = 3
ACCENTS = {False: ("#1f4e9e", "#b3470a"), True: ("#8fb5ff", "#f2a25c")}
"""Centres, and PyTorch's centre through all rows."""
INK = {False: "#14203a", True: "#e8edf7"}
FONT = "Source Sans, Source Sans Pro, Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the axis, and whether its windows are the last ones."""

    title: str
    first: int
    last: int
    end: bool


def parts_of(groups: tuple[tuple[Placed, ...], ...]) -> tuple[Part, ...]:
    """Show a short axis whole, a long one by its two ends."""
    low = -max(group[0].before for group in groups)
    ends = [group[0].axis - 1 + group[0].after + group[0].overhang for group in groups]
    high = max(ends)
    if high - low < MOST_CELLS:
        return (Part("The whole axis", low, high, end=False),)
    axes = [group[0].axis for group in groups]
    apart = min(max(axes) - min(axes), PART)  # outputs of a transposed convolution do not all end at one place
    end = Part("The end", high - PART - apart + 1, high, end=True)
    return Part("The beginning", low, low + PART - 1, end=False), end


def drawing(spec: FrameworksSpec, groups: tuple[tuple[Placed, ...], ...], *, dark: bool) -> str:
    """Draw a row for each group of conventions that do the same, PyTorch's own first."""
    if not groups:
        return ""
    parts = parts_of(groups)
    torch = next((one for group in groups for one in group if one.name == "torch"), None)
    rows = []
    for group in groups:
        names = "; ".join(f"<b>{escape(one.framework)}</b> {escape(one.setting)}" for one in group)
        strips = "".join(
            f"<figure><figcaption>{part.title}</figcaption>{_strip(spec, group[0], part, torch, dark=dark)}</figure>"
            for part in parts
        )
        words = escape(frame_words(group[0], spec.operation))
        rows.append(f"<section><p>{names}</p><p>{words}</p><div>{strips}</div></section>")
    return f"<div class='cnv-frames'>{''.join(rows)}</div>"


def _outputs(row: Placed, part: Part) -> list[int]:
    """Choose the windows to draw: the first, the last, or both ends of a short axis."""
    if part.end:
        return list(range(max(row.windows - WINDOWS, 0), row.windows))
    if part.title == "The beginning" or row.windows <= WINDOWS:
        return list(range(min(row.windows, WINDOWS)))
    return [0, 1, row.windows - 1]


def _strip(spec: FrameworksSpec, row: Placed, part: Part, torch: Placed | None, *, dark: bool) -> str:
    """Draw one stretch of one row."""
    blue, orange = ACCENTS[dark]
    chosen = _outputs(row, part)
    width, height = GUTTER + (part.last - part.first + 1) * CELL, TOP + CELL + 6 + WINDOWS * LINE
    pieces = [_cell(row, part, cell) for cell in range(part.first, part.last + 1)]
    if torch:
        shown = torch.windows - 1 if part.end else 0
        x = _x(part, torch.centre + shown * spec.stride)
        pieces.append(
            f"<line x1='{x:g}' x2='{x:g}' y1='{TOP - 4}' y2='{height}' stroke='{orange}' stroke-width='1.5' "
            "stroke-dasharray='4 3'/>"
        )
    for level, output in enumerate(chosen):
        pieces += _window(spec, row, part, output, TOP + CELL + 8 + level * LINE, blue)
    alt = _alt(spec, row, part, chosen)
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{width}' height='{height}' "
        f"color='{INK[dark]}' font-family='{FONT}'>{''.join(pieces)}</svg>"
    )
    data = b64encode(svg.encode()).decode()  # as a picture, for Streamlit takes drawings out of a page's own HTML
    return (
        f"<img src='data:image/svg+xml;base64,{data}' alt='{escape(alt, quote=True)}' "
        f"style='max-width:{width * 1.5:g}px'>"
    )


def _x(part: Part, place: Fraction | float) -> float:
    """Turn a place on the input into one in the drawing."""
    return GUTTER + (float(place) - part.first + 0.5) * CELL


def _cell(row: Placed, part: Part, cell: int) -> str:
    """Draw an input cell full, a padding cell hatched, one beyond it dotted, and none where there is nothing."""
    x, n = GUTTER + (cell - part.first) * CELL, row.axis
    box = f"<rect x='{x + 0.5}' y='{TOP + 0.5}' width='{CELL - 1}' height='{CELL - 1}' stroke='currentColor'"
    if 0 <= n - row.added <= cell < n:  # no stamp reaches it
        return f"{box} fill='none' stroke-dasharray='1 3'/>"
    if 0 <= cell < n:
        number = ""
        if cell % 5 == 0 or cell == n - 1:
            clear = cell == n - 1 or n - 1 - cell > 1
            number = (
                f"<text x='{x + CELL / 2}' y='{TOP - 4}' text-anchor='middle' font-size='11' "
                f"fill='currentColor'>{cell}</text>"
                if clear
                else ""
            )
        return f"{box} fill='currentColor' fill-opacity='0.16' stroke-opacity='0.6'/>{number}"
    if -row.before <= cell < 0 or n <= cell < n + row.after:
        hatch = f"M{x + 1} {TOP + CELL - 1}L{x + CELL - 1} {TOP + 1}M{x + 1} {TOP + 8}L{x + 8} {TOP + 1}"
        hatch += f"M{x + 8} {TOP + CELL - 1}L{x + CELL - 1} {TOP + 8}"
        cross = ""
        if cell >= n + row.after - row.unread:
            cross = (
                f"<text x='{x + CELL / 2}' y='{TOP - 3}' text-anchor='middle' font-size='13' "
                "fill='currentColor'>×</text>"
            )
        return f"{box} fill='none' stroke-dasharray='3 2'/><path d='{hatch}' stroke='currentColor'/>{cross}"
    if n + row.after <= cell < n + row.after + row.overhang:
        return f"{box} fill='none' stroke-dasharray='1 3'/>"
    return ""


def _window(  # noqa: PLR0917 - one stroke's place and ink
    spec: FrameworksSpec, row: Placed, part: Part, output: int, y: int, colour: str
) -> list[str]:
    """Draw a window as a line with its taps, and a diamond at its middle."""
    start = output * spec.stride - row.before
    left, right = max(start, part.first), min(start + spec.reach - 1, part.last)
    pieces = [
        f"<text x='{GUTTER - 6}' y='{y + 4}' text-anchor='end' font-size='12' fill='currentColor'>{output}</text>"
    ]
    if left <= right:
        pieces.append(
            f"<line x1='{_x(part, left - 0.4):g}' x2='{_x(part, right + 0.4):g}' y1='{y}' y2='{y}' "
            "stroke='currentColor' stroke-width='1.5'/>"
        )
    pieces += [
        f"<circle cx='{_x(part, cell):g}' cy='{y}' r='2.6' fill='currentColor'/>"
        for cell in range(start, start + spec.reach, spec.dilation)
        if part.first <= cell <= part.last
    ]
    centre = row.centre + output * spec.stride
    if part.first <= centre <= part.last:
        x = _x(part, centre)
        pieces.append(f"<path d='M{x:g} {y - 6}l6 6l-6 6l-6 -6z' fill='{colour}'/>")
    return pieces


def _alt(spec: FrameworksSpec, row: Placed, part: Part, chosen: list[int]) -> str:
    """Say what the strip shows."""
    what = "input" if spec.operation == "transposed" else "output"
    centres = ", ".join(f"{what} {j} at {say_place(row.centre + j * spec.stride)}" for j in chosen)
    where = minus(f"{part.title}, cells {part.first} to {part.last}")
    return f"{row.framework}, {row.setting}. {where}. {frame_words(row, spec.operation)} Centres: {centres}."
