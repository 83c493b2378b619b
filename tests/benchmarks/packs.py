"""How long does the server think before it answers? `make bench ONLY=packs`, for every page with a stage.

A pack is everything that a commit asks of the server but Streamlit's own part: the picture, the pictures of all
neighbours, written as JSON and compressed. "New numbers" is a state of which only the numbers are new, as when one
class after the other looks at the same sizes; "all new" is the first one after the start, when nothing is known.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import _lru_cache_wrapper
from typing import Any
from urllib.parse import parse_qsl

from cnnviz.stage.operation import Operation, pack
from cnnviz.stage.pack import seal
from cnnviz.state.view import View
from tests.benchmarks.lessons import STAGES

Query = Mapping[str, str]
ROUNDS = 5
COLD_ROUNDS = 3
TARGET, WORST, LARGEST = 12.0, 20.0, 60.0


@dataclass(frozen=True)
class Cost:
    """What one state costs: processor time in milliseconds, and kilobytes."""

    state: str
    known: float
    cold: float
    size: float


def main(arguments: list[str] | None = None) -> int:
    pages = [name for name in arguments or [] if not name.startswith("-")] or [stage.page for stage in STAGES]
    print(f"{'milliseconds of processor time':14} {'new numbers':>24} {'all new':>24} {'sealed, KB':>20}")
    print(f"{'page':14} {'packs':>6}" + f" {'median':>10} {'worst':>10}" * 3 + "   worst with new numbers")
    every: list[Cost] = []
    for stage in STAGES:
        if stage.page in pages:
            costs = [measured(stage.operation, state) for state in states(stage.operation, stage.largest)]
            report(stage.page, costs)
            every += costs
    report("all", every)
    print(f"Targets: median {TARGET:.0f} ms, worst {WORST:.0f} ms, at most {LARGEST:.0f} KB.")
    return 0


def states(operation: Operation[Any], largest: tuple[str, ...]) -> Iterator[str]:
    """List the default, the examples and the largest settings."""
    yield ""
    for preset in operation.presets:
        yield "&".join(f"{name}={value}" for name, value in preset.state.items())
    yield from largest


def measured(operation: Operation[Any], state: str) -> Cost:
    query = dict(parse_qsl(state.replace("+", "%2B"), keep_blank_values=True))
    cold = min(_cold(operation, query) for _ in range(COLD_ROUNDS))
    known, sizes = [], []
    for number in range(ROUNDS + 1):
        fresh = query | ({"x": "random"} if number else {}) | {"seed": str(100 + number)}
        milliseconds, size = _once(operation, fresh)
        if number:
            known.append(milliseconds)
        sizes.append(size)
    # The least of several: whoever shares the processor can only add to it.
    return Cost(state, min(known), cold, max(sizes) / 1024)


def _cold(operation: Operation[Any], query: Query) -> float:
    """Forget everything, as after a start, and answer."""
    for function in _caches():
        function.cache_clear()
    return _once(operation, query)[0]


def _caches() -> list[Any]:
    """Find the caches of the program. What Python itself caches stays."""
    # By type, not isinstance: that asks the object itself, and a weak reference whose object is gone cannot answer.
    found = (one for one in gc.get_objects() if type(one) is _lru_cache_wrapper)
    return [one for one in found if getattr(one, "__module__", "").startswith("cnnviz.")]


def _once(operation: Operation[Any], query: Query) -> tuple[float, int]:
    """Answer a state as a page does; milliseconds and bytes."""
    begin = time.thread_time()
    spec, _ = operation.read(query)
    view, _ = View.from_query(query)
    apart, sides = view.apart or operation.apart(spec), view.sides or operation.sides(spec)
    state = spec.to_query() | view.to_query()
    sealed = seal(pack(operation, spec, apart=apart, sides=sides), {"seq": 1, "state": state, "messages": []})
    return (time.thread_time() - begin) * 1000, len(sealed)


def report(page: str, costs: list[Cost]) -> None:
    """Print one line for a page."""
    worst = max(costs, key=lambda cost: cost.known)
    columns = [[cost.known for cost in costs], [cost.cold for cost in costs], [cost.size for cost in costs]]
    cells = "".join(f" {statistics.median(column):>10.1f} {max(column):>10.1f}" for column in columns)
    print(f"{page:14} {len(costs):>6}{cells}   {worst.state or 'default'}", flush=True)
    if "-v" in sys.argv:
        for cost in sorted(costs, key=lambda cost: -cost.known)[:8]:
            print(f"      {cost.known:8.1f} {cost.cold:8.1f} {cost.size:8.1f}  {cost.state}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
