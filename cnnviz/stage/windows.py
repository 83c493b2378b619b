"""What all stages with windows draw alike: the padded input, the links of each window, and the cells that none reads.

>>> from cnnviz.engine.windows import axis_windows
>>> window_links(axis_windows(5, kernel=3, stride=2)).reads
((0, 1, 2), (2, 3, 4))
>>> origin_list(axis_windows(3, kernel=2, padding=1))
(-1, 0, 1, 2, -1)
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol

from numpy.typing import NDArray

from cnnviz.engine.windows import AxisWindows
from cnnviz.stage.scene import AxisLinks, Grid, copy_of
from cnnviz.state.numbers import fraction_text

SIDES = (("top", "bottom"), ("left", "right"))
NAMES = ("row", "column")
OF_INPUT = " of the input"


def fraction_texts(weight: NDArray[Any]) -> tuple[str, ...] | None:
    """Write 1/9 and 3/64 where the decimals would be longer; integers need no texts of their own."""
    if weight.dtype.kind != "f":
        return None
    texts = tuple(map(fraction_text, weight.ravel().tolist()))
    return texts if any("/" in text for text in texts) else None


class Mapped(Protocol):
    """Any trace that maps the rows and the columns of its input."""

    @property
    def axes(self) -> tuple[AxisWindows, AxisWindows]:
        """Both index maps, rows first."""
        ...


def unread_notes(trace: Mapped) -> list[str]:
    """Name the cells that no window reads: lost at the end, or stepped over in between."""
    return list(_unread_notes(trace.axes))


@lru_cache(maxsize=2048)
def _unread_notes(axes: tuple[AxisWindows, AxisWindows]) -> tuple[str, ...]:
    notes = []
    lost = [_lost(axis, kind) for kind, axis in enumerate(axes)]
    ends = [phrase for phrase, _ in filter(None, lost)]
    if ends:
        several = len(ends) > 1 or any(many for _, many in filter(None, lost))
        verb, them = ("are", "them") if several else ("is", "it")
        if all(phrase.endswith(OF_INPUT) for phrase in ends):
            ends[:-1] = [phrase.removesuffix(OF_INPUT) for phrase in ends[:-1]]
        sentence = " and ".join(ends)
        notes.append(f"{sentence[0].upper()}{sentence[1:]} {verb} never read: the stride steps past {them}.")
    gaps = [len(axis.unread) - _lost_data(axis) for axis in axes]
    if any(gaps):
        phrases = [f"{count} {_plural(name, count)}" for name, count in zip(NAMES, gaps, strict=True) if count]
        spread = any(count and axis.dilation > 1 for count, axis in zip(gaps, axes, strict=True))
        between = "the cells that are read" if spread else "the windows"
        verb = "is" if sum(gaps) == 1 else "are"
        notes.append(f"Between {between}, {' and '.join(phrases)}{OF_INPUT} {verb} stepped over.")
    return tuple(notes)


def _lost(axis: AxisWindows, kind: int) -> tuple[str, bool] | None:
    """Name what lies behind the last window, and whether it is more than one thing: data first, then padding."""
    if not axis.lost:
        return None
    name, end = NAMES[kind], SIDES[kind][1]
    if data := _lost_data(axis):
        count = "the last" if data == 1 else f"the last {data}"
        return f"{count} {_plural(name, data)}{OF_INPUT}", data > 1
    padding = min(axis.lost, axis.padding[1])
    if not padding:
        return None
    count = "the last" if padding == 1 else f"the last {padding}"
    return f"{count} padding {_plural(name, padding)} on the {end}", padding > 1


def _lost_data(axis: AxisWindows) -> int:
    """Count the input cells at the end that no window reaches, and of which no copy is read either."""
    behind = min(max(axis.n + axis.padding[1] - axis.lost, 0), axis.n)
    kept = next((cell for cell in range(axis.n - 1, behind - 1, -1) if axis.coverage[cell]), behind - 1)
    return axis.n - 1 - kept


def _plural(name: str, count: int) -> str:
    return name if count == 1 else f"{name}s"


@lru_cache(maxsize=2048)
def window_links(axis: AxisWindows, flip: bool = False) -> AxisLinks:
    """Turn an index map into links; the cache hands the same object to every scene that shares an axis."""
    taps = tuple(range(axis.kernel))
    reads = tuple(map(tuple, axis.reads.tolist()))
    return AxisLinks(axis.padded_size, reads, taps[::-1] if flip else taps)


@lru_cache(maxsize=2048)
def origin_list(axis: AxisWindows) -> tuple[int, ...]:
    """Say of every padded position what it shows: a data cell, a copy of one, or an added zero.

    >>> from cnnviz.engine.windows import axis_windows
    >>> origin_list(axis_windows(3, kernel=2, padding=1))
    (-1, 0, 1, 2, -1)
    >>> origin_list(axis_windows(3, kernel=2, padding=1, mode="reflect"))
    (-3, 0, 1, 2, -3)
    """
    first = axis.padding[0]
    data = range(first, first + axis.n)
    return tuple(
        cell if position in data or cell < 0 else copy_of(cell) for position, cell in enumerate(axis.origin.tolist())
    )


def padded_grid(
    name: str, title: str, padded: NDArray[Any], axes: tuple[AxisWindows, AxisWindows], *, symbol: str = "x"
) -> Grid:
    """Make the grid of a padded input, which says of every cell where its number comes from."""
    rows, columns = axes
    ring = (*rows.padding, *columns.padding)
    origins = (origin_list(rows), origin_list(columns)) if any(ring) else None
    return Grid(name, title, "input", padded, ring=ring, origins=origins, editable=True, symbol=symbol)
