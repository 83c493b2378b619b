"""Ways to lay out the grids of a layer with several channels; the stage takes the one with the largest cells.

>>> one_layouts((("in0", "k0_0", "m0"), ("in1", "k0_1", "m1")), (), "y0", ("y1",))[0]
((('in0', 'k0_0', 'm0'), ('in1', 'k0_1', 'm1'), ('y0',), ('y1',)),)
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from cnnviz.stage.scene import Arrangement

Names = tuple[str, ...]
Column = tuple[str, ...]
Item = TypeVar("Item")


@lru_cache(maxsize=512)
def one_layouts(channels: tuple[Names, ...], extra: Names, main: str, others: Names) -> tuple[Arrangement, ...]:
    """One output in full: a column for each channel, in one row or two; or a row for each channel."""
    end = ((*extra, main), *_chunks(others, 3))
    layouts: list[Arrangement] = [((*channels, *end),)]
    if others:
        layouts.append(((*channels, (*extra, main)), *_rows(others, 5)))
    if len(channels) > 3:
        half = (len(channels) + 1) // 2
        layouts.append((channels[:half], (*channels[half:], *end)))
        layouts.append((*_chunks(channels, 3), end))
    rows = tuple(tuple((name,) for name in channel) for channel in channels)
    last = tuple((name,) for name in (*extra, main))
    layouts.append((*rows, *_chunks((*last, *((name,) for name in others)), 4)))
    if len(channels) > 2:
        layouts.append((*_chunks(channels, 2), end))
    return tuple(layouts)


@lru_cache(maxsize=512)
def all_layouts(inputs: Names, kernels: Names, maps: Names, extra: Names, outputs: Names) -> tuple[Arrangement, ...]:
    """All maps: inputs, kernels and outputs as columns; or the inputs in rows, and under them each kernel's map."""
    middle: list[Column] = [column for column in (maps, extra) if column]
    layouts: list[Arrangement] = [
        ((inputs, kernels, *middle, outputs),),
        ((*_chunks(inputs, 3), kernels, *middle, *_chunks(outputs, 3)),),
    ]
    top = _rows(inputs, 3)
    if maps:
        stacks = tuple(zip(inputs, kernels, maps, strict=True))
        triples = tuple(_flat(stack) for stack in stacks)
        layouts.insert(0, ((*stacks, *_chunks(extra, 2), *_chunks(outputs, 3)),))
        tail = (tuple((name,) for name in extra),) if extra else ()
        layouts.append((*triples, *tail, *_rows(outputs, 3)))
        layouts.append((*top, *_rows(kernels, 3), *_rows(maps, 3), *tail, *_rows(outputs, 3)))
    else:
        alone = (tuple((name,) for name in extra),) if extra else ()
        pairs = tuple(((kernel,), (output,)) for kernel, output in zip(kernels, outputs, strict=True))
        layouts.append((*top, *pairs, *alone))
        layouts.append((*_rows(inputs, 2), *pairs, *alone))
        layouts.append((*top, *_rows(kernels, 4), *_rows((*extra, *outputs), 2)))
        doubled = tuple(tuple(column for pair in two for column in pair) for two in _chunks(pairs, 2))
        layouts.append((_flat(inputs), *doubled, *alone))
        layouts.append(((*_chunks(inputs, 2), *_chunks(kernels, 3), *middle, *_chunks(outputs, 3)),))
        layouts.append((*top, *_rows(kernels, 2), *_rows((*extra, *outputs), 3)))
    return tuple(layouts)


def _flat(names: Names) -> tuple[Column, ...]:
    return tuple((name,) for name in names)


def _rows(names: Names, most: int) -> tuple[tuple[Column, ...], ...]:
    return tuple(_flat(row) for row in _chunks(names, most))


def _chunks(items: tuple[Item, ...], most: int) -> tuple[tuple[Item, ...], ...]:
    """Split evenly into as few parts as possible, none longer than `most`, the longer ones first.

    >>> _chunks((1, 2, 3, 4), 3), _chunks((1, 2, 3), 2)
    (((1, 2), (3, 4)), ((1, 2), (3,)))
    """
    parts = -(-len(items) // most)
    bounds = [-(-len(items) * part // parts) for part in range(parts + 1)] if parts else []
    return tuple(items[low:high] for low, high in pairwise(bounds))
