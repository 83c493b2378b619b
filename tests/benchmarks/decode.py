"""How fast pictures are decoded, how much memory the worst of them take, and 100,000 broken ones.

`make bench ONLY=decode`, or with other numbers: `python -m tests.benchmarks.decode --mutations 1000000 --seed 3`
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.heavy import HEAVY, measure
from tests.hostile.seeds import mutated, outcome, seeds

MOST_MB = 200.0
# Seconds: a 12 Mpx upload must be on the screen within 2 s, and decoding is one part of that.
MOST_SECONDS = {"jpeg_12": 0.5, "png_24": 2.0}


def worst(repeats: int = 3) -> bool:
    """Time and memory of the most expensive pictures that are accepted, each in a process of its own."""
    right = True
    with tempfile.TemporaryDirectory() as folder:
        for name, maker in HEAVY.items():
            file = Path(folder) / name
            file.write_bytes(maker())
            runs = [measure(file) for _ in range(repeats)]
            seconds = sorted(float(run["seconds"]) for run in runs)[repeats // 2]
            peak = max(float(run["peak"]) for run in runs)
            accepted = str(runs[0]["outcome"]).startswith("(")
            fine = accepted and peak < MOST_MB and seconds < MOST_SECONDS.get(name, 10.0)
            size = file.stat().st_size / 2**20
            print(f"{name:24} {size:5.1f} MB {1000 * seconds:6.0f} ms {peak:5.0f} MB  {'' if fine else 'NOT RIGHT'}")
            if not accepted:
                print(f"    {runs[0]['outcome']}")
            right = right and fine
            file.unlink()
    return right


def broken(mutations: int, seed: int) -> bool:
    """Mutate sound pictures; only our own error may come out."""
    names, found, slowest, wrong = sorted(seeds()), Counter[str](), (0.0, ""), 0
    memory, start = _resident(), time.perf_counter()
    with _quiet():
        for number in range(mutations):
            chance = random.Random(f"{seed} {number}")
            name = chance.choice(names)
            data = mutated(seeds()[name], chance)
            begun = time.perf_counter()
            try:
                found["pictures" if outcome(data) == "picture" else "sentences"] += 1
            except Exception as error:
                wrong += 1
                print(f"{name}, mutation {number} of seed {seed}: {error!r}")
            slowest = max(slowest, (time.perf_counter() - begun, f"{name}, mutation {number}"))
    seconds = time.perf_counter() - start
    print(
        f"{mutations:,} mutations in {seconds:.0f} s: {found['pictures']:,} pictures, {found['sentences']:,} sentences"
        f", {wrong} other errors; slowest {1000 * slowest[0]:.0f} ms ({slowest[1]}); "
        f"memory {(_resident() - memory) / 2**20:+.1f} MB"
    )
    return not wrong


def _resident() -> int:
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if status.exists() else 0


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without what the TIFF library writes to the terminal by itself."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutations", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments or [])
    fast_and_small = worst() if Path("/proc/self/clear_refs").exists() else True
    return 0 if broken(chosen.mutations, chosen.seed) and fast_and_small else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
