"""Where the blocks of a network's picture stand: one column a step, one lane a branch, and the lines between them.

>>> from cnnviz.lessons.build.trace_parts import find_parts
>>> from cnnviz.engine.networks.trace import trace_network
>>> from cnnviz.engine.networks.graph import Draft
>>> draft = Draft("", "", (3, 32, 32))
>>> _ = draft.chain([Conv(16, 3, padding=1), Conv(16, 3, padding=1)])
>>> _ = draft.add("add", Add(), "1", "0")
>>> layout = lay_out(trace := trace_network(draft.done()), find_parts(trace))
>>> [(box.key, box.column, box.lane) for box in layout.boxes]
[('input', 0, 0), ('0', 1, 0), ('1', 2, 0), ('add', 3, 0)]
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cnnviz.engine.networks.graph import INPUT, Shape
from cnnviz.engine.networks.layers.kinds import Add, Conv
from cnnviz.engine.networks.trace import NetworkTrace
from cnnviz.lessons.build.trace_parts import Part
from cnnviz.lessons.build.words import family_of, spatial

LEAST_HEIGHT = 0.1
LEAST_WIDTH = 0.12
GAP = 0.34
LANE_GAP = 0.22
LIST_HEIGHT = 0.55
ROOM = 0.35
"""How much of a block's depth the next one keeps away, where blocks have a depth."""
STEPS = 14


@dataclass(frozen=True)
class Box:
    """One block: where its front stands, and how deep it is drawn."""

    key: str
    part: Part | None
    shape: Shape | None
    family: str
    column: int
    lane: int
    x: float = 0.0
    y: float = 0.0
    width: float = LEAST_WIDTH
    height: float = LEAST_HEIGHT
    depth: float = 0.0

    @property
    def right(self) -> float:
        """Where it ends, and a line leaves it."""
        return self.x + self.width / 2

    @property
    def left(self) -> float:
        """Where it begins, and a line comes in."""
        return self.x - self.width / 2

    @property
    def way_in(self) -> float:
        """Where a line comes in: a circle is of a size in pixels, so lines go on to its middle, below it."""
        return self.x if self.family == "join" else self.left

    @property
    def way_out(self) -> float:
        """Where a line leaves it."""
        return self.x if self.family == "join" else self.right

    @property
    def top(self) -> float:
        """Its highest place."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Layout:
    """Boxes, and lines as lists of points; `far` lines lead past other layers."""

    boxes: tuple[Box, ...]
    near: tuple[tuple[tuple[float, float], ...], ...]
    far: tuple[tuple[tuple[float, float], ...], ...]
    low: float
    high: float
    width: float


def lay_out(trace: NetworkTrace, parts: Sequence[Part], *, deep: bool = False) -> Layout:
    """Place the parts; only `deep` blocks have a depth, and more room between them."""
    columns, lanes = _grid(parts)
    sizes = [trace.input, *(part.rows[-1].output_shape for part in parts if part.rows)]
    largest = max((max(spatial(size)[:2]) for size in sizes), default=1) or 1
    most = math.log2(1 + max((spatial(size)[2] for size in sizes if len(size) > 1), default=1))
    boxes = [_sized(Box(INPUT, None, trace.input, "input", 0, 0), largest, most, deep)]
    for part in parts:
        shape = part.row.output_shape if part.row else part.rows[-1].output_shape if part.rows else None
        family = "stage" if part.folded else family_of(part.nodes[0].layer)
        box = Box(part.key, part, shape, family, columns[part.key], lanes[part.key])
        boxes.append(_sized(box, largest, most, deep))
    placed = _placed(boxes)
    near, far = _lines(placed, parts)
    ys = [y for line in (*near, *far) for _, y in line]
    tops = [box.top for box in placed] + ys
    lows = [box.y - box.height / 2 for box in placed] + ys
    return Layout(tuple(placed), near, far, min(lows), max(tops), max(box.right for box in placed))


def _grid(parts: Sequence[Part]) -> tuple[dict[str, int], dict[str, int]]:
    """Give every part a column (its longest way from the input) and a lane (its branch)."""
    columns, lanes, heir = {INPUT: 0}, {INPUT: 0}, dict[str, str]()
    until: dict[int, int] = {0: 0}
    for part in parts:
        before = [key for key in part.reads if key in columns] or [INPUT]
        column = 1 + max(columns[key] for key in before)
        free = [key for key in before if key not in heir]
        lane = min(lanes[key] for key in before) if len(before) > 1 else lanes[before[0]]
        if len(before) == 1 and not free:  # the branch goes on elsewhere: this is a new one
            lane = next(one for one in range(1, len(parts) + 2) if until.get(one, -1) < column)
        elif until.get(lane, -1) >= column:  # something stands there already
            lane = next(one for one in range(1, len(parts) + 2) if until.get(one, -1) < column)
        for key in before:
            heir.setdefault(key, part.key)
        columns[part.key], lanes[part.key] = column, lane
        until[lane] = max(until.get(lane, 0), column)
    return columns, lanes


def _sized(box: Box, largest: int, most: float, deep: bool) -> Box:
    """Draw a map by its side (square root) and its channels (logarithm), a list of numbers as a thin bar."""
    width, height, depth = 0.34, 0.2, LEAST_WIDTH
    if box.shape is not None and len(box.shape) == 1:
        width, height = LEAST_WIDTH, LIST_HEIGHT * max(math.log2(1 + box.shape[0]) / 13, 0.15)
    elif box.shape is not None:
        high, wide, channels = spatial(box.shape)
        width = LEAST_WIDTH + 0.5 * math.log2(1 + channels) / max(most, 1)
        height = max(math.sqrt(high / largest), LEAST_HEIGHT)
        depth = max(math.sqrt(wide / largest), LEAST_HEIGHT)
    if box.family == "join":
        width, height = 0.3, min(height, 0.3)
    if box.family == "stage":
        width = max(width, 0.5)
    depth = depth if deep else 0.0
    return Box(box.key, box.part, box.shape, box.family, box.column, box.lane, 0, 0, width, height, depth)


def _placed(boxes: Sequence[Box]) -> list[Box]:
    last = max(box.column for box in boxes)
    x, at = 0.0, dict[int, float]()
    for column in range(last + 1):
        here = [box for box in boxes if box.column == column]
        wide = max((box.width for box in here), default=0)
        at[column] = x + wide / 2
        x += wide + GAP + max((box.depth for box in here), default=0) * ROOM
    y, level = 0.0, dict[int, float]()
    for lane in sorted({box.lane for box in boxes}):
        here = [box for box in boxes if box.lane == lane]
        reach = max(box.height / 2 + ROOM * box.depth for box in here)
        y -= reach + LANE_GAP if lane else 0.0
        level[lane] = y
        y -= max(box.height for box in here) / 2 + LANE_GAP
    return [
        Box(b.key, b.part, b.shape, b.family, b.column, b.lane, at[b.column], level[b.lane], b.width, b.height, b.depth)
        for b in boxes
    ]


def _lines(
    boxes: Sequence[Box], parts: Sequence[Part]
) -> tuple[tuple[tuple[tuple[float, float], ...], ...], tuple[tuple[tuple[float, float], ...], ...]]:
    by_key = {box.key: box for box in boxes}
    whole = max(box.right for box in boxes)
    near, far = [], []
    for part in parts:
        for key in part.reads or (INPUT,):
            source, target = by_key[key], by_key[part.key]
            if source.lane != target.lane:
                near.append(_lane_change(source, target))
                continue
            between = [box for box in boxes if box.lane == source.lane and source.column < box.column < target.column]
            if not between:
                near.append(((source.way_out, source.y), (target.way_in, target.y)))
                continue
            top = max(box.top for box in (source, target, *between))
            far.append(_arc(source, target, top + 0.12 + 0.9 * (target.way_in - source.way_out) / (whole + 6)))
    return tuple(near), tuple(far)


def _lane_change(source: Box, target: Box) -> tuple[tuple[float, float], ...]:
    """Leave a lane at once, or keep to it until the end: the curve lies in a gap, the straight part in the branch."""
    room = GAP * 0.9
    if target.lane > source.lane:
        curve = _curve(source.way_out, source.y, min(source.way_out + room, target.way_in), target.y)
        return (*curve, (target.way_in, target.y))
    start = max(target.way_in - room, source.way_out)
    return ((source.way_out, source.y), *_curve(start, source.y, target.way_in, target.y))


def _curve(x0: float, y0: float, x1: float, y1: float) -> tuple[tuple[float, float], ...]:
    steps = [i / STEPS for i in range(STEPS + 1)]
    return tuple((x0 + (x1 - x0) * t, y0 + (y1 - y0) * t * t * (3 - 2 * t)) for t in steps)


def _arc(source: Box, target: Box, peak: float) -> tuple[tuple[float, float], ...]:
    """Lead over the blocks: up beside the first, along, down beside the last."""
    x0, x1 = source.way_out + GAP / 2, target.way_in - GAP / 2
    points = [(source.way_out, source.y)]
    for i in range(2 * STEPS + 1):
        angle = math.pi * (1 - i / (2 * STEPS))
        bend = abs(math.cos(angle)) ** 0.5 * math.copysign(1, math.cos(angle))
        rise = math.sin(angle) ** 0.5 if 0 < i < 2 * STEPS else 0.0
        base = source.y + (target.y - source.y) * i / (2 * STEPS)
        points.append(((x0 + x1) / 2 + bend * (x1 - x0) / 2, base + (peak - base) * rise))
    return (*points, (target.way_in, target.y))


__all__ = ["Add", "Box", "Conv", "Layout", "lay_out"]
