"""The processes that read for strangers: over their limits, silent, killed, mad; and who is served when."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cnnviz.engine.tasks import pool as task_pool
from cnnviz.engine.tasks.pool import Pool
from cnnviz.errors import CnnvizError, WorkerError
from tests.serving import ROOT

MODULE = "tests.engine.tasks.odd_worker"
FROZEN = 120.0
"""Seconds after which a test says that something hangs: a busy machine may be slow."""


@contextlib.contextmanager
def made(count: int = 1, **about: Any) -> Iterator[Pool]:
    pool = Pool(count, **{"module": MODULE, **about})
    try:
        yield pool
    finally:
        pool.close()


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with made() as one:
        yield one


def until(condition: Callable[[], Any]) -> None:
    end = time.monotonic() + FROZEN
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def cause(pool: Pool, task: str, **about: Any) -> str:
    with pytest.raises(WorkerError) as caught:
        pool.ask(task, **about)
    assert str(caught.value).endswith(".")
    return caught.value.cause


def well(pool: Pool) -> bool:
    return bool(pool.ask("say", value=[1, ["two", None]]) == (1, ("two", None)))


def test_a_task_is_answered_and_the_process_stays(pool: Pool) -> None:
    assert well(pool)
    before = pool.seats[0].pid
    assert well(pool)
    with pytest.raises(CnnvizError, match="That is too large"):
        pool.ask("refuse")
    assert cause(pool, "fail") == "failed"
    assert cause(pool, "no such task") == "failed"
    assert pool.seats[0].pid == before


def test_too_much_computing_ends_the_process_even_inside_c(pool: Pool) -> None:
    assert cause(pool, "compute") == "time"
    assert well(pool)


def test_each_task_has_its_own_time(pool: Pool) -> None:
    assert well(pool)
    before = pool.seats[0].pid
    assert [pool.ask("compute_twice") for _ in range(2)] == [1.2, 1.2]
    assert pool.seats[0].pid == before


def test_too_much_memory_is_refused(pool: Pool) -> None:
    assert pool.ask("grow", megabytes=100) == 100 * 2**20
    assert cause(pool, "grow", megabytes=400) == "memory"
    assert cause(pool, "repeat", word="x", times=5_000_000) == "memory"  # too long for an answer
    assert well(pool)


def test_a_question_that_is_too_long_is_not_asked(pool: Pool) -> None:
    with pytest.raises(ValueError, match="bytes"):
        pool.ask("say", value="x" * 5_000_000)
    assert well(pool)


def test_a_process_in_which_things_were_left_makes_room_for_another(pool: Pool) -> None:
    assert well(pool)
    before = pool.seats[0].pid
    for _ in range(6):
        assert pool.ask("keep", megabytes=70) is None
    assert well(pool)
    assert pool.seats[0].pid != before


@pytest.mark.parametrize("code", [0, 3])
def test_a_process_that_leaves_is_replaced(pool: Pool, code: int) -> None:
    assert cause(pool, "leave", code=code) == "died"
    assert well(pool)


@pytest.mark.parametrize(
    "garbage",
    ["\n", "nonsense\n", "[1]\n", '{"is": "Path", "args": "."}\n', '{"is": "Node"}\n', "[" * 100_000 + "\n", "\x00\n"],
)
def test_garbage_ends_the_process(pool: Pool, garbage: str) -> None:
    assert cause(pool, "write", text=garbage) == "died"
    assert well(pool)


def test_an_answer_without_an_end_ends_the_process(pool: Pool) -> None:
    assert cause(pool, "write", text="x" * 1000, times=5000) == "died"
    assert well(pool)


def test_killed_between_two_tasks_nobody_notices(pool: Pool) -> None:
    assert well(pool)
    process = pool.seats[0]._process
    assert process
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert well(pool)


def test_killed_in_the_middle_of_a_task(pool: Pool, tmp_path: Path) -> None:
    told: list[str] = []
    asked = threading.Thread(target=lambda: told.append(cause(pool, "wait_for", path=str(tmp_path / "never"))))
    assert well(pool)
    asked.start()
    until(lambda: pool.seats[0]._until)
    os.kill(pool.seats[0].pid, signal.SIGKILL)
    asked.join(FROZEN)
    assert told == ["died"]
    assert well(pool)


def test_a_silent_process_is_ended(tmp_path: Path) -> None:
    with made(wall=1.0) as pool:
        assert cause(pool, "wait_for", path=str(tmp_path / "never")) == "silent"


def test_a_stopped_process_is_ended_though_it_does_not_even_read() -> None:
    with made(wall=1.0) as pool:
        pool.warm()
        until(lambda: pool.seats[0]._room)
        os.kill(pool.seats[0].pid, signal.SIGSTOP)
        assert cause(pool, "say", value="x" * 1_000_000) == "silent"


def test_where_a_system_has_no_limits_the_server_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODD_WORKER", "unlimited")
    with made(wall=5.0) as pool:
        assert cause(pool, "keep", megabytes=100_000) in {"memory", "died"}
        assert cause(pool, "compute") == "silent"


def test_who_came_first_is_served_first(tmp_path: Path) -> None:
    gate, book = tmp_path / "gate", tmp_path / "book"
    with made() as pool:
        first = threading.Thread(target=lambda: pool.ask("wait_for", path=str(gate)))
        first.start()
        until(lambda: pool.seats[0]._room and pool.seats[0]._until and not pool._waiting)
        others = []
        for number in range(20):
            about = {"path": str(book), "word": str(number)}
            others.append(threading.Thread(target=pool.ask, args=("note",), kwargs=about))
            others[-1].start()
            until(lambda: len(pool._waiting) == len(others))
        gate.touch()
        for one in (first, *others):
            one.join(FROZEN)
        assert book.read_text(encoding="utf-8").split() == [str(number) for number in range(20)]


def test_one_that_computes_leaves_room_for_the_others(tmp_path: Path) -> None:
    with made(2) as pool:
        long = threading.Thread(target=lambda: pool.ask("wait_for", path=str(tmp_path / "gate")))
        long.start()
        until(lambda: any(seat._room and seat._until for seat in pool.seats) and not pool._waiting)
        assert well(pool)
        (tmp_path / "gate").touch()
        long.join(FROZEN)


def test_no_more_than_a_hall_full_waits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(task_pool, "MOST_WAITING", 0)
    with made() as pool:
        assert cause(pool, "say", value=1) == "busy"
    monkeypatch.setattr(task_pool, "MOST_WAITING", 5)
    with made() as pool:
        one = threading.Thread(target=lambda: pool.ask("wait_for", path=str(tmp_path / "gate")))
        one.start()
        until(lambda: pool.seats[0]._room and pool.seats[0]._until and not pool._waiting)
        monkeypatch.setattr(task_pool, "PATIENCE", 0.1)
        assert cause(pool, "say", value=1) == "busy"
        assert not pool._waiting
        (tmp_path / "gate").touch()
        one.join(FROZEN)


def test_where_no_process_starts_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with made(module="tests.unit.engine.no_such_module") as pool:
        assert cause(pool, "say", value=1) == "start"
        assert cause(pool, "say", value=1) == "start"

    def refuse(module: str) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(task_pool, "start_module", refuse)
    with made() as pool:
        assert cause(pool, "say", value=1) == "start"


def test_nobody_waits_for_good_if_the_server_itself_goes_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    with made() as pool:
        with monkeypatch.context() as patched:
            patched.setattr(pool.seats[0], "do", lambda job: 1 / 0)
            assert cause(pool, "say", value=1) == "died"
        assert well(pool)


def test_closed_it_leaves_no_process() -> None:
    with made(2) as pool:
        assert well(pool)
        until(lambda: all(seat._room for seat in pool.seats))
        processes = [seat._process for seat in pool.seats]
    assert all(one and one.returncode is not None for one in processes)
    assert cause(pool, "say", value=1) == "busy"
    assert [seat.prepare() for seat in pool.seats] == [False, False]


END = """
from cnnviz.engine.tasks.pool import pool
pool().ask("code", text="nn.Sequential(nn.ReLU())", size=None)
print(*[seat.pid for seat in pool().seats], flush=True)
{then}
"""


@pytest.mark.parametrize("then", ["", "import os; os._exit(1)", "import os, signal; os.kill(os.getpid(), 9)"])
def test_however_a_server_ends_its_processes_end_too(then: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", END.format(then=then)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    pids = [int(one) for one in done.stdout.split()]
    assert len(pids) == 2, done.stderr
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids if pid))
