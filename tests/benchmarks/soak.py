"""A long day in one server: `make bench ONLY=soak`, 40 sessions for 15 minutes (`--minutes 2` for a short one).

Sessions come, wander through all pages, use what they find, close their tab, and others come. Memory, descriptors,
threads and worker processes must be flat. Then everything hostile at once, while learners move sliders.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.load import ServerProcess
from tests.benchmarks.user import User
from tests.benchmarks.walker import Walker
from tests.serving import ROOT, Server, running_app

SESSIONS, MINUTES = 40, 15.0
LEARNERS, ATTACK_SECONDS = 50, 60.0
THINK = 3.0
TWICE = 2.0
VISITS = 6
"""Pages that a session sees before it closes its tab."""
GROWTH = {"memory": 0.10, "descriptors": 0.10, "threads": 0.10, "workers": 0.0}
"""By which part the median of the last fifth may exceed that of the second fifth; by then all that is kept is kept."""


@dataclass
class Sample:
    """What the system tells of the server's process."""

    memory: float
    descriptors: float
    threads: float
    workers: float


@dataclass
class Day:
    """What came of it."""

    samples: list[Sample] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    sessions: int = 0


def sample(pid: int) -> Sample:
    """Look at the process: megabytes, open files, threads, and its children."""
    folder = Path(f"/proc/{pid}")
    children = [one.read_text(encoding="utf-8").split() for one in folder.glob("task/*/children")]
    return Sample(
        ServerProcess(pid).megabytes() or 0.0,
        len(list((folder / "fd").iterdir())),
        len(list((folder / "task").iterdir())),
        sum(map(len, children)),
    )


async def wander(url: str, number: int, until: float, day: Day) -> None:
    """One chair in the hall: somebody sits down, looks around, goes; the next one sits down."""
    chance = random.Random(number)
    while time.monotonic() < until:
        try:
            async with Walker(url) as walker:
                day.sessions += 1
                addresses = sorted(walker.pages)
                for _ in range(VISITS):
                    day.seconds.append(await walker.open(chance.choice(addresses)))
                    for _ in range(chance.randint(1, 4)):
                        await asyncio.sleep(chance.uniform(0.5, 1.5) * THINK)
                        day.seconds.append(await walker.use(chance))
                    if time.monotonic() > until:
                        break
                day.errors += walker.errors
        except Exception as error:  # a load client reports every failure, of whatever kind
            day.errors.append(f"{type(error).__name__}: {error}")
            await asyncio.sleep(1)


async def soak(server: Server, sessions: int, minutes: float) -> Day:
    """All chairs for the whole day."""
    day, until = Day(), time.monotonic() + minutes * 60

    async def watch() -> None:
        while True:
            day.samples.append(sample(server.pid))
            await asyncio.sleep(max(0.5, minutes))

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(wander(server.url, number, until, day) for number in range(sessions)))
    watching.cancel()
    return day


def report(day: Day) -> bool:
    """Print what grew; whether nothing did."""
    print(f"{day.sessions} sessions, {len(day.seconds)} answers, {len(day.errors)} errors")
    for error in sorted(set(day.errors))[:5]:
        print(f"  {day.errors.count(error)} x {error[:300]}")
    fifth = max(1, len(day.samples) // 5)
    flat = True
    for name, allowed in GROWTH.items():
        values = [getattr(one, name) for one in day.samples]
        early, late = statistics.median(values[fifth : 2 * fifth] or values), statistics.median(values[-fifth:])
        grown = late / early - 1 if early else late
        flat &= grown <= allowed
        verdict = "" if grown <= allowed else f"   MISSED: flat means at most {allowed:+.0%}"
        print(f"  {name:12} {early:6.0f} -> {late:6.0f}, highest {max(values):6.0f} ({grown:+.1%}){verdict}")
    return flat and not day.errors


async def sliders(url: str, learners: int, seconds: float, errors: list[str]) -> list[float]:
    """Learners move sliders; the seconds that each answer took."""
    took: list[float] = []
    until = time.monotonic() + seconds

    async def learner(number: int) -> None:
        chance = random.Random(number)
        try:
            async with User(url) as user:
                while time.monotonic() < until:
                    await asyncio.sleep(THINK * chance.uniform(0.5, 1.5))
                    took.append(
                        await user.commit(
                            {"n": chance.choice("6789"), "x": "random", "seed": str(chance.randint(1, 9999))}
                        )
                    )
        except Exception as error:  # as above
            errors.append(f"{type(error).__name__}: {error}")

    await asyncio.gather(*map(learner, range(learners)))
    return took


async def under_attack(server: Server, learners: int, seconds: float) -> bool:
    """The p95 of sliders, quiet and while everything hostile happens at once."""
    errors: list[str] = []
    quiet = await sliders(server.url, learners, seconds, errors)
    attackers = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.attackers", server.url], cwd=ROOT)
    loud = await sliders(server.url, learners, seconds, errors)
    gave_up = attackers.poll() is not None
    attackers.kill()
    attackers.wait()
    before, meanwhile = (statistics.quantiles(one, n=20)[-1] * 1000 for one in (quiet, loud))
    times = meanwhile / before
    print(f"{learners} learners: p95 {before:.0f} ms quiet, {meanwhile:.0f} ms under attack ({times:.1f} times)")
    for error in sorted(set(errors))[:5]:
        print(f"  {error[:300]}")
    if gave_up:
        print("  The attackers ended before the learners did.")
    missed = times > TWICE
    if missed:
        print(f"  MISSED: at most {TWICE:g} times")
    return not errors and not missed and not gave_up


def main(arguments: list[str] | None = None) -> int:
    """Soak, then attack; 1 if something grew or went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.soak", description=__doc__)
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--learners", type=int, default=LEARNERS)
    parser.add_argument("--attack", type=float, default=ATTACK_SECONDS, help="seconds, once quiet and once not")
    chosen = parser.parse_args(arguments or [])
    right = True
    with running_app() as server:
        if chosen.minutes:
            right = report(asyncio.run(soak(server, chosen.sessions, chosen.minutes)))
            faults = server.log().count("Traceback")
            print(f"  {faults} tracebacks in the server's log")
            right &= not faults
        if chosen.attack:
            right &= asyncio.run(under_attack(server, chosen.learners, chosen.attack))
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
