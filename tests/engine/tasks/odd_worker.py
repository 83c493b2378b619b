"""A worker whose tasks do what no task should: `python -m tests.engine.tasks.odd_worker`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from cnnviz.engine.tasks import worker as task_worker
from cnnviz.errors import SpecError

OUT = os.dup(sys.stdout.fileno())


def say(value: Any) -> Any:
    return value


def note(path: str, word: str) -> None:
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(f"{word}\n")


def wait_for(path: str) -> None:
    while not Path(path).exists():
        time.sleep(0.01)


def compute() -> None:
    10 ** (10**9)  # in C, where no Python is asked


def compute_twice() -> float:
    """Less than the limit each time, more than it together."""
    begin = time.process_time()
    while time.process_time() - begin < 1.2:
        pass
    return 1.2


def grow(megabytes: int) -> int:
    return len(bytes(range(256)) * 4 * 1024 * megabytes)


def repeat(word: str, times: int) -> str:
    return word * times


def keep(megabytes: int) -> None:
    KEPT.append(bytes(range(256)) * 4 * 1024 * megabytes)


def refuse() -> None:
    raise SpecError("size", "That is too large.")


def fail() -> None:
    raise ZeroDivisionError


def leave(code: int) -> None:
    os._exit(code)


def write(text: str, times: int = 1) -> None:
    os.write(OUT, text.encode() * times)


KEPT: list[bytes] = []
TASKS = {
    one.__name__: one
    for one in (say, note, wait_for, compute, compute_twice, grow, repeat, keep, refuse, fail, leave, write)
}  # fmt: skip

if __name__ == "__main__":
    if os.environ.get("ODD_WORKER") == "unlimited":
        # as where a system has no such limit
        vars(task_worker).update(limit_memory=lambda: None, limit_time=lambda seconds: None)
    task_worker.main(TASKS)
