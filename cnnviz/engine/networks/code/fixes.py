"""What would mend pasted code: each change is made in the text, read again, and offered only if it then works.

>>> text = "nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Linear(100, 10))"
>>> mend = mend_code(read_code(text, (3, 8, 8)))[0]
>>> mend.sentence, mend.line, mend.text
('Make “2” take 288 numbers: in_features=288.', 1, \
'nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Linear(288, 10))')
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cnnviz.engine.networks.code.budget import MOST_WORK
from cnnviz.engine.networks.code.edits import all_arguments, edited, put_before, wrapped
from cnnviz.engine.networks.code.reader import Parsed
from cnnviz.engine.networks.code.sized import read_code
from cnnviz.engine.networks.fixes import Fix, find_fixes
from cnnviz.engine.networks.graph import Network
from cnnviz.engine.networks.layers.kinds import View
from cnnviz.engine.networks.trace import trace_network

MOST_MENDS = 3
MOST_READING = MOST_WORK
"""What all further readings may do together: as much as one."""


@dataclass(frozen=True, slots=True)
class Mend:
    """A change of the text that makes the layer that failed work."""

    sentence: str
    line: int
    text: str


def mend_code(parsed: Parsed) -> list[Mend]:
    """Find the smallest changes of the text."""
    if parsed.network is None:
        return []
    trace = trace_network(parsed.network)
    if trace.faulty is None:
        return []
    works = len(trace.rows)
    mends: list[Mend] = []
    done = 0
    for fix in find_fixes(trace):
        for line, text in _texts(parsed, parsed.network, fix):
            if done + parsed.work > MOST_READING:
                return mends
            again = read_code(text, parsed.network.input)
            done += again.work
            if again.network is None or len(again.problems) > len(parsed.problems):
                continue
            after = trace_network(again.network)
            further = len(after.rows) > works and (after.faulty is None or after.faulty.name != trace.faulty.name)
            if further and all(text != mend.text for mend in mends):
                mends.append(Mend(fix.sentence, line, text))
                break
        if len(mends) == MOST_MENDS:
            break
    return mends


def _texts(parsed: Parsed, network: Network, fix: Fix) -> Iterator[tuple[int, str]]:
    """Write a change into the text: where the layer is made, or where it is called."""
    place, call = parsed.places.get(fix.node), parsed.calls.get(fix.node)
    if fix.before:
        if call is not None and call.args:
            yield call.lineno, wrapped(parsed.text, call, "torch.flatten(", ", 1)")
        if place is not None:
            yield place.call.lineno, put_before(parsed.text, place.call, "nn.Flatten(), ")
        return
    layer = network[fix.node].layer
    if isinstance(layer, View):
        if call is not None:
            sizes = ", ".join(str(one) for one in fix.value)
            first = "x.size(0)" if fix.value == (-1,) else "-1"
            yield call.lineno, all_arguments(parsed.text, call, f"{first}, {sizes}")
        return
    if place is not None:
        yield place.call.lineno, edited(parsed.text, place, fix.field, fix.value)
