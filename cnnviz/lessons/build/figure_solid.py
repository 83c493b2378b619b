"""A network as solid blocks that can be turned: what the browser needs to draw it from every side.

>>> from cnnviz.lessons.build.trace_parts import find_parts
>>> from cnnviz.engine.networks.trace import trace_network
>>> from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
>>> trace = trace_network(ARCHITECTURES["lecture_cnn"])
>>> message = solid_message(trace, find_parts(trace), chosen="conv", dark=False, turn=(-35, 25, 1))
>>> [(block["key"], block["shape"]) for block in message["blocks"]][:2]
[('input', '1×32×32'), ('conv', '1×30×30')]
>>> message["turn"], message["chosen"], sorted(message["families"])[:2]
([-35, 25, 1], 'conv', ['act', 'conv'])

A block is as wide as its map has channels (their logarithm), as high and as deep as its map (square roots); lines lie
in the plane through the middles of all blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnnviz.engine.networks.trace import NetworkTrace
from cnnviz.explain.network import say_shape
from cnnviz.figures.chart import INK
from cnnviz.lessons.build.figure import CHOSEN, FAULT, LOOKS, PAPER, block_title, join_sign, works
from cnnviz.lessons.build.figure_layout import Box, lay_out
from cnnviz.lessons.build.trace_parts import Part
from cnnviz.lessons.build.words import FAMILIES, part_lines, picture_alt


def solid_message(
    trace: NetworkTrace, parts: Sequence[Part], *, chosen: str, dark: bool, turn: tuple[int, int, int]
) -> dict[str, Any]:
    """Write everything the picture is drawn from; `turn` says from where it is seen first."""
    layout = lay_out(trace, parts, deep=True)
    faulty = trace.faulty.name if trace.faulty else ""
    families = dict.fromkeys(box.family for box in layout.boxes)
    titles = {"input": "Input", **FAMILIES}
    return {
        "turn": list(turn),
        "chosen": chosen,
        "alt": picture_alt(trace, list(parts)),
        "colours": {"ink": INK[dark], "paper": PAPER[dark], "chosen": CHOSEN[dark], "fault": FAULT[dark]},
        "families": {
            name: {"title": titles[name], "colour": LOOKS[name][dark], "pattern": LOOKS[name][2]} for name in families
        },
        "blocks": [_block(box, faulty) for box in layout.boxes],
        "lines": [[[round(x, 3), round(y, 3)] for x, y in line] for line in (*layout.near, *layout.far)],
    }


def _block(box: Box, faulty: str) -> dict[str, Any]:
    shape = say_shape(box.shape) if box.shape else ""
    return {
        "key": box.key,
        "title": block_title(box),
        "shape": shape if works(box) and box.family != "join" else "",
        "lines": part_lines(box.part) if box.part else ["Input", shape],
        "family": box.family,
        "column": box.column,
        "at": [round(box.x, 3), round(box.y, 3)],
        "size": [round(box.width, 3), round(box.height, 3), round(box.depth, 3)],
        "full": bool(box.shape) and works(box),
        "faulty": box.part is not None and any(node.name == faulty for node in box.part.nodes),
        "sign": join_sign(box) if box.family == "join" else "",
    }
