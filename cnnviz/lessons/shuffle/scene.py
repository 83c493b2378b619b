"""The scene of a pixel shuffle: the large side, the channels of the small one, and which number goes where.

>>> from cnnviz.lessons.shuffle.trace import trace_shuffle
>>> from cnnviz.lessons.shuffle.spec import ShuffleSpec
>>> scene = shuffle_scene(trace_shuffle(ShuffleSpec()))
>>> scene.shape, [grid.name for grid in scene.grids]
('1×6×6 → 4×3×3', ['fine0', 'coarse0', 'coarse1', 'coarse2', 'coarse3'])
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from cnnviz.lessons.shuffle.trace import ShuffleTrace
from cnnviz.stage.scene import Arrangement, AxisLinks, Grid, Link, Scene

NO_SIZE = "\N{ZERO WIDTH SPACE}"
"""The small side has one size for all of its channels: the scene's shape says it."""


def shuffle_scene(trace: ShuffleTrace) -> Scene:
    """Draw a trace: a grid for every channel of both sides."""
    unshuffles = trace.spec.way == "unshuffle"
    fine, coarse = _fine_grids(trace), _coarse_grids(trace)
    grids = (*fine, *coarse) if unshuffles else (*coarse, *fine)
    return Scene(
        grids=grids,
        links=tuple(_links(trace)),
        shape=f"{_times(trace.source.shape)} → {_times(trace.result.shape)}",
        notes=(f"{trace.fine.size} numbers on either side: they move, and none is lost.",),
        alt=alt_text(trace),
        arrangements=_arrangements(trace),
        signs=("",) * (len(grids) - 1),
        steps="fine0",
        tall_phone=len(coarse) > 8,
    )


def alt_text(trace: ShuffleTrace) -> str:
    """Say the whole picture in one sentence, for those who cannot see it."""
    way = "Pixel unshuffle" if trace.spec.way == "unshuffle" else "Pixel shuffle"
    before, after = (f"{_channels(shape[0])} of {shape[1]} by {shape[2]}" for shape in _shapes(trace))
    return f"{way} by {trace.spec.factor}: {before} become{'s' if trace.source.shape[0] == 1 else ''} {after}."


def _shapes(trace: ShuffleTrace) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return trace.source.shape, trace.result.shape


def _channels(count: int) -> str:
    return f"{count} channel{'' if count == 1 else 's'}"


def _times(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))


def _fine_grids(trace: ShuffleTrace) -> list[Grid]:
    """Make the grids of the large side, parted into blocks."""
    unshuffles, factor = trace.spec.way == "unshuffle", trace.spec.factor
    letter = "x" if unshuffles else "z"
    return [
        Grid(
            f"fine{channel}",
            f"{'Input' if unshuffles else 'Output'}{f' {channel}' if len(trace.fine) > 1 else ''}",
            "input" if unshuffles else "output",
            values,
            blocks=(factor, factor),
            editable=unshuffles and channel == 0,
            symbol=f"{letter}[{channel}]" if len(trace.fine) > 1 else letter,
            scale="one",
            rule="copy",
        )
        for channel, values in enumerate(trace.fine)
    ]


def _coarse_grids(trace: ShuffleTrace) -> list[Grid]:
    """Make the grids of the small side, one a channel."""
    unshuffles = trace.spec.way == "unshuffle"
    letter = "z" if unshuffles else "x"
    return [
        Grid(
            f"coarse{channel}",
            f"{letter}[{channel}]",
            "output" if unshuffles else "input",
            values,
            size=NO_SIZE,
            symbol=f"{letter}[{channel}]",
            scale="one",
            rule="copy",
        )
        for channel, values in enumerate(trace.coarse)
    ]


def _links(trace: ShuffleTrace) -> list[Link]:
    """Link each small channel with its place in the blocks of a large one."""
    factor, (channels, height, width) = trace.spec.factor, trace.fine.shape
    links = []
    for channel, row, column in product(range(channels), range(factor), range(factor)):
        fine, coarse = f"fine{channel}", f"coarse{(channel * factor + row) * factor + column}"
        if trace.spec.way == "unshuffle":
            links.append(Link(fine, coarse, rows=apart(height, factor, row), columns=apart(width, factor, column)))
        else:
            links.append(Link(coarse, fine, rows=joined(height, factor, row), columns=joined(width, factor, column)))
    return links


@lru_cache(maxsize=256)
def apart(size: int, factor: int, place: int) -> AxisLinks:
    """Link every cell of a small axis with the cell of the large one that it takes.

    >>> apart(6, 2, 1).reads
    ((1,), (3,), (5,))
    """
    return AxisLinks(size, tuple((cell,) for cell in range(place, size, factor)), (0,))


@lru_cache(maxsize=256)
def joined(size: int, factor: int, place: int) -> AxisLinks:
    """Link every cell of a large axis with the cell of the small one that it takes, if it takes any.

    >>> joined(4, 2, 1).reads
    ((), (0,), (), (1,))
    """
    reads = tuple((cell // factor,) if cell % factor == place else () for cell in range(size))
    return AxisLinks(size // factor, reads, tuple((0,) if read else () for read in reads))


def _rows(names: list[str], length: int) -> list[tuple[tuple[str], ...]]:
    return [tuple((name,) for name in names[start : start + length]) for start in range(0, len(names), length)]


def _arrangements(trace: ShuffleTrace) -> tuple[Arrangement, ...]:
    """Lay the small channels out as their cells lie in a block; the large channels stand beside or above them."""
    factor, channels = trace.spec.factor, len(trace.fine)
    fine = [f"fine{channel}" for channel in range(channels)]
    names = [f"coarse{channel}" for channel in range(channels * factor**2)]
    columns = [tuple(names[column::factor]) for column in range(factor)]
    flat = _rows(names, factor**2)
    square = _rows(names, factor)
    one: Arrangement = ((tuple(fine), *columns),)
    two: Arrangement = (tuple((name,) for name in fine), *flat)
    three: Arrangement = (tuple((name,) for name in fine), *square)
    if trace.spec.way == "unshuffle":
        return one, two, three
    return ((*columns, tuple(fine)),), (*two[1:], two[0]), (*three[1:], three[0])
