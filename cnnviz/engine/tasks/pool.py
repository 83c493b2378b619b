"""The processes in which texts and files of strangers are read: two, warm, limited, replaced when they end.

    pool().ask("code", text="nn.Sequential(nn.ReLU())", size=(3, 8, 8))       # waits for the answer

Whoever asks waits; who came first is served first. A process that computes or grows too much ends (`limits`); one
that gives no answer in `WALL` seconds is ended here, and so is one that grew where its system let it. Then another one
takes its place before anybody asks for it. What a task refuses is a `CnnvizError`; a task that no process finished is a
`WorkerError`, whose `cause` says why:

    time memory     it took more than it may: it would again
    failed died     reading it went wrong, or its process ended
    silent busy     there was no answer, or no room, in time: another attempt may help
    start           no process could be started
"""

from __future__ import annotations

import atexit
import contextlib
import subprocess
import threading
import time
import traceback
from collections import deque
from functools import lru_cache
from typing import Any

from cnnviz.engine.child import start_module
from cnnviz.engine.tasks.limits import MEGABYTES, SECONDS, ended_by_time, memory
from cnnviz.engine.tasks.wire import WireError, read, write
from cnnviz.errors import CnnvizError, WorkerError

COUNT = 2
MODULE = "cnnviz.engine.tasks.worker"
WALL = 120.0
"""Seconds without an answer after which a process is ended: many times its processor time, for a busy machine."""
START = 60.0
"""Seconds that a process may take to get ready."""
PATIENCE = 60.0
"""Seconds that somebody waits for a free process."""
MOST_WAITING = 500
WATCHED_EVERY = 0.25
RESIDENT = 1
AGAIN = {"time", "memory"}
"""Causes that the same task would meet again."""
CAUSES = {
    "time": f"it takes more than {SECONDS:.0f} seconds of computing",
    "memory": f"it takes more than {MEGABYTES} MB of memory",
    "failed": "something in it could not be followed; the server’s log says what",
    "died": "the process that read it has ended",
    "silent": f"there was no answer in {WALL:.0f} seconds",
    "busy": "the server is reading for too many others right now",
    "start": "this server could not start a process for it",
}


class Job:
    """One task, and what became of it."""

    def __init__(self, task: str, about: dict[str, Any]) -> None:
        self.line = write({"task": task, "about": about})
        self.done = threading.Event()
        self.error: CnnvizError | None = None
        self.value: Any = None

    def finish(self, value: Any = None, error: CnnvizError | None = None) -> None:
        """Hand over what there is."""
        self.value, self.error = value, error
        self.done.set()


class Seat:
    """A place for one process at a time, and for the thread that talks to it."""

    def __init__(self, module: str, wall: float) -> None:
        self._module, self._wall = module, wall
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._until = self._room = 0.0
        self._ended_for = ""
        self._closed = False

    @property
    def pid(self) -> int:
        """The number of its process; 0 without one."""
        process = self._process
        return process.pid if process else 0

    def prepare(self) -> bool:
        """See to it that a process is ready; tell whether one is."""
        if self._process and self._process.poll() is None:
            return True
        self.end()
        if self._closed:
            return False
        try:
            self._process = start_module(self._module)
            self._exchange(b"", START)
        except (OSError, WorkerError):
            self.end()
        if self._closed:  # meanwhile
            self.end()
        # A little more than it allows itself: where it can, it says so before it is ended.
        self._room = memory(self.pid, RESIDENT) + 1.25 * MEGABYTES * 2**20
        return self._process is not None

    def do(self, job: Job) -> None:
        """Let the process do it."""
        try:
            answer = self._exchange(job.line, self._wall)
        except WorkerError as error:
            job.finish(error=error)
            self.end()
            return
        if "refused" in answer:
            job.finish(error=CnnvizError(str(answer["refused"])))
        elif "value" in answer:
            job.finish(answer["value"])
        else:
            job.finish(error=failure("memory" if "over" in answer else "failed"))
        if answer.get("last"):
            self.end()

    def end(self) -> None:
        """End the process at once, and give back all that it had."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):  # what was left to write has no reader any more
                if pipe:
                    pipe.close()

    def close(self) -> None:
        """End the process, and let no other take its place."""
        self._closed = True
        self.end()

    def watch(self) -> None:
        """End the process if it is silent, or larger than it may be; called from another thread."""
        with self._lock:
            process = self._process
            if not process or not self._until:
                return
            if time.monotonic() > self._until:
                self._ended_for = "silent"
            elif self._room and memory(process.pid, RESIDENT) > self._room:
                self._ended_for = "memory"
            else:
                return
            process.kill()

    def _exchange(self, line: bytes, seconds: float) -> dict[str, Any]:
        """Say something and wait for what the process says; `watch` sees to it that this ends."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:  # closed meanwhile
            raise failure("died")
        with self._lock:
            self._ended_for, self._until = "", time.monotonic() + seconds
        message = None
        try:
            process.stdin.write(line)
            process.stdin.flush()
            message = read(process.stdout)  # type: ignore[arg-type]
        except (WireError, OSError, ValueError):
            process.kill()
            self._ended_for = self._ended_for or "died"
        finally:
            with self._lock:
                self._until = 0.0
        if message is None:
            code = process.wait()
            raise failure(self._ended_for or ("time" if ended_by_time(code) else "died"))
        return message


class Pool:
    """Processes of one module, and who waits for them."""

    def __init__(self, count: int = COUNT, module: str = MODULE, wall: float = WALL) -> None:
        self.seats = [Seat(module, wall) for _ in range(count)]
        self._waiting: deque[Job] = deque()
        self._news = threading.Condition()
        self._active = 0
        """Seats whose process starts or works: those are watched."""
        self._started = self._closed = False

    def warm(self) -> None:
        """Start the processes, if they are not there."""
        with self._news:
            if self._started or self._closed:
                return
            self._started, self._active = True, len(self.seats)
        for seat in self.seats:
            threading.Thread(target=self._serve, args=(seat,), name="tasks", daemon=True).start()
        threading.Thread(target=self._keep_watch, name="tasks watched", daemon=True).start()

    def ask(self, task: str, **about: Any) -> Any:
        """Wait for a task's result."""
        self.warm()
        job = Job(task, about)
        with self._news:
            if self._closed or len(self._waiting) >= MOST_WAITING:
                raise failure("busy")
            self._waiting.append(job)
            self._news.notify_all()
        if not job.done.wait(PATIENCE):
            with self._news:
                if job in self._waiting:
                    self._waiting.remove(job)
                    raise failure("busy")
            job.done.wait()  # a process has it, so it ends: it is watched
        if job.error:
            raise job.error
        return job.value

    def close(self) -> None:
        """End all processes; who still waits is told."""
        with self._news:
            self._closed = True
            left, self._waiting = self._waiting, deque()
            self._news.notify_all()
        for job in left:
            job.finish(error=failure("busy"))
        for seat in self.seats:
            seat.close()

    def _serve(self, seat: Seat) -> None:
        seat.prepare()
        while job := self._next():
            try:
                if seat.prepare():
                    seat.do(job)
                    seat.prepare()  # for the next one, before there is one
                else:
                    job.finish(error=failure("start"))
            except Exception:  # whoever asked must not wait for good, nor the next ones
                traceback.print_exc()
                job.finish(error=failure("died"))
                seat.end()

    def _next(self) -> Job | None:
        """Wait for whoever waits longest; None: there is nothing to do any more."""
        with self._news:
            self._active -= 1
            self._news.wait_for(lambda: self._waiting or self._closed)
            self._active += 1
            return None if self._closed else self._waiting.popleft()

    def _keep_watch(self) -> None:
        while not self._closed:
            with self._news:
                self._news.wait_for(lambda: self._active or self._waiting or self._closed)
            time.sleep(WATCHED_EVERY)
            for seat in self.seats:
                seat.watch()


def failure(cause: str) -> WorkerError:
    """Say why a task was not finished."""
    return WorkerError(cause, f"{CAUSES[cause][0].upper()}{CAUSES[cause][1:]}.")


@lru_cache(maxsize=1)
def pool() -> Pool:
    """Give the one pool of this process."""
    made = Pool()
    atexit.register(made.close)
    return made
