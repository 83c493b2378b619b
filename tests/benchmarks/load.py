"""A lecture hall without browsers: N learners move sliders, and each checks that the answer is its own.

`make bench ONLY=load`, or with other numbers:
`python -m tests.benchmarks.load --users 300 --think 10 --commits 10 [--url http://localhost:8501]`
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.user import User
from tests.serving import ROOT, running_app

CONNECT_SECONDS = 20.0
TARGET_P95 = 0.300
FLAT = 0.05
# What a hand does on the stage: every state is written as the page writes it, so that it must come back unchanged.
SIZES = ("6", "8", "9", "10", "12")
KERNELS = ("2", "4", "5")
STRIDES = ("2", "3")
PADDINGS = ("1", "2")
LARGEST_SEED = 9999
ENOUGH_FOR_MEMORY = 3000  # commits; below that the caches still fill


@dataclass
class Tally:
    """What all learners saw together."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    bytes_received: int = 0
    cpu: float | None = None
    others: float | None = None
    memory: list[tuple[int, float]] = field(default_factory=list)


@dataclass(frozen=True)
class Load:
    """How many learners, how long each thinks between two moves, and how often each moves."""

    users: int
    think: float
    commits: int


class ServerProcess:
    """Processor time and memory of the server, and how busy the machine is, where the system tells (Linux)."""

    def __init__(self, pid: int | None) -> None:
        self._folder = Path(f"/proc/{pid}") if pid and Path(f"/proc/{pid}/stat").exists() else None

    def cpu_seconds(self) -> float | None:
        if self._folder is None:
            return None
        after_name = (self._folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")

    def machine_seconds(self) -> float:
        """Processor time of the whole machine, of everybody's processes together."""
        times = [int(time) for time in Path("/proc/stat").read_text(encoding="utf-8").split("\n", 1)[0].split()[1:9]]
        return (sum(times) - times[3] - times[4]) / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float | None:
        if self._folder is None:
            return None
        pages = int((self._folder / "statm").read_text(encoding="utf-8").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def state_of(move: int, chance: random.Random) -> dict[str, str]:
    """A state that no other move has: its seed is the number of the move among all moves of all learners."""
    state = {"x": "random", "seed": str(1 + move % LARGEST_SEED)}
    for name, choices in (("n", SIZES), ("k", KERNELS), ("s", STRIDES), ("p", PADDINGS)):
        if chance.random() < 0.5:
            state[name] = chance.choice(choices)
    return state


async def learner(url: str, number: int, load: Load, tally: Tally, begin: asyncio.Event) -> None:
    """One learner's lecture. Whatever goes wrong is counted, and ends it."""
    chance = random.Random(number)
    try:
        await asyncio.sleep(CONNECT_SECONDS * number / load.users)
        async with User(url) as user:
            await begin.wait()
            # Spread over the first pause, as hands are; later pauses vary by a half.
            await asyncio.sleep(chance.uniform(0, load.think))
            for step in range(load.commits):
                tally.seconds.append(await user.commit(state_of(number * load.commits + step, chance)))
                await asyncio.sleep(load.think * chance.uniform(0.5, 1.5))
            tally.bytes_received += user.received
    except Exception as error:  # a load client reports every failure, of whatever kind
        tally.errors.append(f"{type(error).__name__}: {error}")


async def lecture(url: str, load: Load, process: ServerProcess) -> Tally:
    """All learners together; what they saw, and what it cost the server."""
    tally, begin = Tally(), asyncio.Event()
    learners = [asyncio.create_task(learner(url, number, load, tally, begin)) for number in range(load.users)]
    await asyncio.sleep(CONNECT_SECONDS + 2)
    server, machine, own, clock = process.cpu_seconds(), 0.0, time.process_time(), time.perf_counter()
    if server is not None:
        machine = process.machine_seconds()
    watch = asyncio.create_task(watch_memory(process, tally))
    begin.set()
    await asyncio.gather(*learners)
    watch.cancel()
    if server is not None:
        tally.cpu = (process.cpu_seconds() or server) - server
        ours = tally.cpu + time.process_time() - own
        passed = (time.perf_counter() - clock) * (os.cpu_count() or 1)
        tally.others = max(0.0, process.machine_seconds() - machine - ours) / passed
    return tally


async def watch_memory(process: ServerProcess, tally: Tally) -> None:
    while True:
        memory = process.megabytes()
        if memory is not None:
            tally.memory.append((len(tally.seconds), memory))
        await asyncio.sleep(0.5)


def growth(memory: list[tuple[int, float]], commits: int) -> float:
    """By which part the memory grew since a quarter of the commits were done (by then the caches are full)."""
    first = [megabytes for done, megabytes in memory if commits * 0.2 <= done < commits * 0.3]
    last = [megabytes for done, megabytes in memory if done >= commits * 0.9]
    return statistics.median(last) / statistics.median(first) - 1 if first and last else float("nan")


def report(load: Load, tally: Tally) -> bool:
    """Print one line for people; whether nothing was wrong."""
    done = len(tally.seconds)
    print(
        f"{load.users} users, {load.think:g} s think time: {done} commits, {len(tally.errors)} errors or wrong answers"
    )
    if done > 1:
        cuts = statistics.quantiles(tally.seconds, n=100, method="inclusive")
        verdict = "" if cuts[94] < TARGET_P95 else f"   MISSED: the target is {TARGET_P95 * 1000:.0f} ms"
        print(f"  p50 {cuts[49] * 1000:.0f} ms, p95 {cuts[94] * 1000:.0f} ms, worst {max(tally.seconds) * 1000:.0f} ms")
        print(f"  {tally.bytes_received / 1024 / done:.1f} KB received per commit (connecting included){verdict}")
    if tally.cpu is not None and done:
        grown = growth(tally.memory, load.users * load.commits)
        verdict = f"   MISSED: flat means under {FLAT:.0%}" if grown > FLAT and done >= ENOUGH_FOR_MEMORY else ""
        marks = [tally.memory[int((len(tally.memory) - 1) * part)][1] for part in (0, 0.25, 0.5, 0.75, 1)]
        print(f"  {tally.cpu * 1000 / done:.1f} ms of processor time per commit on the server")
        print(f"  {tally.others or 0:.0%} of the machine was busy with other things meanwhile")
        print(f"  resident memory {' -> '.join(f'{mark:.0f}' for mark in marks)} MB, grew by {grown:+.1%}{verdict}")
    for error in sorted(set(tally.errors))[:5]:
        print(f"  {tally.errors.count(error)} x {error[:300]}")
    return not tally.errors and done == load.users * load.commits


def open_file_limit() -> tuple[int, int] | None:
    """How many files this process may open, and may allow itself to open; None where there is no such limit."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    return resource.getrlimit(resource.RLIMIT_NOFILE)


def raise_open_file_limit(wanted: int = 4096) -> None:
    """Every learner is a socket, and many systems allow a process only 256 or 1024 of them."""
    limit = open_file_limit()
    if limit and limit[0] < wanted:
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if limit[1] < 0 else min(wanted, limit[1]), limit[1]))


def main(arguments: list[str] | None = None) -> int:
    """Measure a seminar of 100 and a lecture of 300, or what the arguments say; 1 if any answer was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.load", description=__doc__)
    parser.add_argument("--users", type=int)
    parser.add_argument("--think", type=float, default=10.0, help="seconds between two moves of one learner")
    parser.add_argument("--commits", type=int, default=10, help="moves of each learner")
    parser.add_argument("--url", help="a server that runs already, instead of one that is started for this")
    parser.add_argument("--app", type=Path, default=ROOT / "app.py")
    chosen = parser.parse_args(arguments or [])
    loads = (
        [Load(chosen.users, chosen.think, chosen.commits)]
        if chosen.users
        else [Load(100, 5.0, 10), Load(300, 10.0, 10)]
    )
    given = open_file_limit()
    right = True
    for load in loads:
        begin = time.perf_counter()
        if chosen.url:
            raise_open_file_limit()
            tally = asyncio.run(lecture(chosen.url, load, ServerProcess(None)))
        else:
            with running_app(app=chosen.app, open_files=given) as server:
                print(f"the server answered {server.started_in:.1f} s after its start")
                raise_open_file_limit()  # ours, not the server's, which began with what the system gives
                tally = asyncio.run(lecture(server.url, load, ServerProcess(server.pid)))
        right &= report(load, tally)
        print(f"  measured in {time.perf_counter() - begin:.0f} s", flush=True)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
