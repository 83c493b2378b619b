"""Does the Solver answer within 50 ms? `python -m tests.benchmarks.solver` prints the slowest questions.

An answer is all that the page needs: every operation solved, ranked and counted, the first rows with their code and
links, and for a question without an answer the reason and what works nearby. Nothing is remembered between questions.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial

from cnnviz.lessons.solver import trace as solver
from cnnviz.lessons.solver import trace_reach as solver_reach
from cnnviz.lessons.solver.code import layer_line
from cnnviz.lessons.solver.examples import CHAIN_PRESETS
from cnnviz.lessons.solver.spec import Filters, SolverSpec
from cnnviz.lessons.solver.spec_layer import KINDS, read_chain
from cnnviz.lessons.solver.spec_question import parse_question
from cnnviz.lessons.solver.trace import solve
from cnnviz.lessons.solver.trace_chain import inputs_of_chain, trace_chain
from cnnviz.lessons.solver.trace_links import stage_link
from cnnviz.lessons.solver.words import explain_none

TARGET = 50.0
ROUNDS = 5
SHOWN = 10
QUESTIONS = (
    *("56 -> 112", "224 -> 56", "224 -> 112", "7x5 -> 4x3", "5 -> 100", "1 -> 1", "2 -> 1", "1 -> 9", "9999 -> 1"),
    *("5x1 -> 3x1", "1000 -> 700", "7x5 -> 400x300", "9999 -> 9999", "57x32 -> 29x16"),
)
FILTERS = {
    "none": Filters(),
    "all that adds": Filters(pads="uneven", ceil=True),
    "same": Filters(pads="same", exact=True),
    "narrow": Filters(kernel=3, odd=True, exact=True),
}


def forget() -> None:
    """Empty every cache, so that each round computes all of it."""
    for remembered in (solver.solve, solver.solve_axis, solver_reach.reach_of, solver_reach.nearest_inputs):
        remembered.cache_clear()


def answer(text: str, filters: Filters) -> None:
    question = parse_question(text)
    solutions = {kind: solve(question, kind, filters) for kind in KINDS}
    for kind, solution in solutions.items():
        if not solution.total:
            explain_none(question, kind, filters)
        for one in solution.answers[:SHOWN]:
            layer_line(one.rows, one.columns)
            stage_link(question, one.rows, one.columns)


def chains() -> None:
    for preset in CHAIN_PRESETS:
        spec, _ = SolverSpec.from_query(preset.state)
        layers = read_chain(spec.layers)
        trace = trace_chain(layers, spec.size, spec.channels)
        inputs_of_chain(tuple(layer.axis(0) for layer in layers), trace.output[0])


def median_time(run: Callable[[], None]) -> float:
    """Milliseconds of the median round, with nothing remembered."""
    times = []
    for _ in range(ROUNDS):
        forget()
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def main() -> int:
    print(f"The Solver, median of {ROUNDS} rounds without caches, ms; target {TARGET:.0f}")
    worst = 0.0
    for name, filters in FILTERS.items():
        times = {text: median_time(partial(answer, text, filters)) for text in QUESTIONS}
        slowest = max(times, key=lambda text: times[text])
        worst = max(worst, times[slowest])
        print(
            f"filters {name:14} median {statistics.median(times.values()):5.1f}  worst {times[slowest]:5.1f}  {slowest}"
        )
    all_chains = median_time(chains)
    print(f"all {len(CHAIN_PRESETS)} example chains, forwards and backwards: {all_chains:.1f}")
    worst = max(worst, all_chains)
    print(f"worst {worst:.1f}, target {TARGET:.0f}{'' if worst <= TARGET else '  <- above the target'}")
    return int(worst > TARGET)


if __name__ == "__main__":
    raise SystemExit(main())
