"""What stands above and below the picture of a transposed convolution.

>>> from cnnviz.lessons.transposed.trace import trace_transposed
>>> from cnnviz.lessons.transposed.spec import TransposedSpec
>>> alt_text(trace_transposed(TransposedSpec(stride=(3, 3))))
'Input of 3 by 3, transposed convolution with a kernel of 3 by 3 and stride 3 by 3; output of 9 by 9.'
"""

from __future__ import annotations

from collections.abc import Iterator

from cnnviz.lessons.transposed.trace import TransposedTrace
from cnnviz.state.numbers import show_number

SIDES = ("at the top", "at the bottom", "on the left", "on the right")
LINES = ("row", "row", "column", "column")


def shape_text(trace: TransposedTrace) -> str:
    """Say the sizes of input and output, as on the stage: ``3×3 → 7×7``."""
    rows, columns = trace.axes
    there = f"{rows.size}×{columns.size} → " if trace.trip else ""
    return f"{there}{rows.n}×{columns.n} → {rows.size}×{columns.size}"


def alt_text(trace: TransposedTrace) -> str:
    """Say the whole picture in one sentence, for those who cannot see it."""
    spec, (rows, columns) = trace.spec, trace.axes
    settings = [f"a kernel of {_by(spec.kernel)}"]
    if spec.stride != (1, 1):
        settings.append(f"stride {_by(spec.stride)}")
    if any(map(any, spec.padding)):
        settings.append(f"padding {_sides(spec.padding)}")
    if spec.dilation != (1, 1):
        settings.append(f"dilation {_by(spec.dilation)}")
    if spec.output_padding != (0, 0):
        settings.append(f"output padding {_by(spec.output_padding)}")
    told = _listed(settings)
    output = f"output of {_by((rows.size, columns.size))}"
    if trace.trip:
        picture = _by(trace.trip.picture.shape)
        return (
            f"Picture of {picture}, convolution with {told} to {_by((rows.n, columns.n))}, and its transpose back; "
            f"{output}, which is not the picture."
        )
    return f"Input of {_by((rows.n, columns.n))}, transposed convolution with {told}; {output}."


def notes(trace: TransposedTrace) -> list[str]:
    """Tell what cannot be seen without a hint: what was cut, what no stamp reaches, what overlaps how often."""
    views = {"stamp": _cut, "matrix": _matrix, "all": _matrix, "zeros": _zeros, "overlap": _overlap, "round": _round}
    return [*views[trace.spec.how](trace), *_beyond(trace), *_silent(trace)]


def _cut(trace: TransposedTrace) -> Iterator[str]:
    cells = (*trace.rows.cut, *trace.columns.cut)
    parts = [f"{_count(n, line)} {side}" for n, line, side in zip(cells, LINES, SIDES, strict=True) if n]
    if parts and len(set(cells)) == 1:
        yield f"Padding cuts {_count(cells[0], 'cell')} off each side of what the stamps cover."
    elif parts:
        yield f"Padding cuts {_listed(parts)} off what the stamps cover."


def _zeros(trace: TransposedTrace) -> Iterator[str]:
    if any(axis.start for axis in trace.axes):
        yield "The padding is larger than the kernel's reach less 1, so the first windows begin inside the input."


def _matrix(trace: TransposedTrace) -> Iterator[str]:
    height, width = trace.rows.size * trace.columns.size, trace.rows.n * trace.columns.n
    yield f"Row by row, {_count(height, 'output')}; a column is the stamp of one of {_count(width, 'input')}."


def _overlap(trace: TransposedTrace) -> Iterator[str]:
    rows, columns = (axis.kept_counts for axis in trace.axes)
    low, high = min(rows) * min(columns), max(rows) * max(columns)
    if low == high:
        yield f"Every output gets {_count(low, 'stamp')}."
        return
    even = all(axis.is_even for axis in trace.axes)
    why = "It is even in the middle: only the rim gets fewer." if even else "They alternate: this is the checkerboard."
    yield f"An output gets {low} to {_count(high, 'stamp')}. {why}"


def _round(trace: TransposedTrace) -> Iterator[str]:
    if trace.trip is None:
        return
    wrong = int((abs(trace.trip.difference) > 1e-9).sum())
    cells = trace.trip.difference.size
    if not wrong:
        yield f"The shape comes back, and here all {cells} values do too."
        return
    largest = show_number(float(abs(trace.trip.difference).max()))
    yield f"The shape comes back, but {wrong} of {_count(cells, 'value')} do not: the largest difference is {largest}."


def _beyond(trace: TransposedTrace) -> Iterator[str]:
    parts = [_count(axis.beyond, name) for axis, name in zip(trace.axes, ("row", "column"), strict=True) if axis.beyond]
    if parts:
        several = len(parts) > 1 or max(axis.beyond for axis in trace.axes) > 1
        yield f"No stamp reaches the last {_listed(parts)}: output padding asks for more than padding cuts, so " + (
            "they stay 0." if several else "it stays 0."
        )


def _silent(trace: TransposedTrace) -> Iterator[str]:
    parts = []
    for axis, name in zip(trace.axes, ("row", "column"), strict=True):
        if axis.silent:
            parts.append(_count(len(axis.silent), name))
    if parts:
        verb = "is" if len(parts) == 1 and parts[0].startswith("1 ") else "are"
        yield f"{_listed(parts)} of the input {verb} lost: every stamp is cut away."


def _by(pair: tuple[int, ...]) -> str:
    return " by ".join(map(str, pair))


def _sides(padding: tuple[tuple[int, int], tuple[int, int]]) -> str:
    sides = (*padding[0], *padding[1])
    if len(set(sides)) == 1:
        return str(sides[0])
    return _listed([f"{cells} {side}" for cells, side in zip(sides, SIDES, strict=True)])


def _count(number: int, name: str) -> str:
    return f"{number} {name}" + ("" if number == 1 else "s")


def _listed(parts: list[str]) -> str:
    *firsts, last = parts
    return f"{', '.join(firsts)} and {last}" if firsts else last
