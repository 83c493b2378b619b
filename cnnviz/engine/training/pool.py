"""The trainings of all learners: at most two at once, the others in a queue, each ended when its learner has gone.

Sessions reach it through `session`.

Worker processes are started when the first learner trains, kept while somebody does, and ended when idle, or when the
server ends. A page asks for `progress` several times a second while something runs; a training that nobody asked for
in `AWAY` seconds is stopped, and a `Training` that its session has let go is forgotten.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from cnnviz.engine.training.experiments import ACTIVE, LIVE, Arrays, Progress, Settings, State, checked
from cnnviz.engine.training.process import WorkerProcess
from cnnviz.engine.training.run import Run

MOST_AT_ONCE = 2
MOST_WAITING = 200
MOST_HELD = 8
"""Trainings that a worker remembers, playing or paused."""
AWAY = 15.0
"""Seconds after which a playing or waiting training that nobody looks at is stopped."""
PAUSED = 600.0
IDLE = 60.0
"""Seconds for which a worker without trainings is kept."""
STUCK = 20.0
"""Seconds that a worker may compute without a word of the training that plays; what a busy machine makes it wait
does not count."""
SILENT = 180.0
"""Seconds without any word after which a worker is ended; that long it may take to get ready, too."""
WATCHED_EVERY = 0.5

GONE = "You were away for a while, so this training made room for others. Restart it when you like."
FULL = "{count} others wait for a place to train already, and no more can. Try again in a few minutes."
DIED = "The process that trained has ended unexpectedly ({how}). Nothing else is lost: restart the training."
NO_SIGN = "it gave no sign of life"
NO_STEP = f"it computed for {STUCK:.0f} seconds without finishing a step"
NO_START = "A training could not be started on this server: {why}. Tell whoever runs it."


class Pool:
    """All trainings of this process; `launch` starts a worker and is given where to report."""

    def __init__(
        self,
        launch: Callable[[Callable[..., None], Callable[..., None]], WorkerProcess] = WorkerProcess,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._launch, self._clock = launch, clock
        self._lock = threading.RLock()
        self._runs: dict[int, Run] = {}
        self._queue: list[Run] = []
        self._workers: list[WorkerProcess] = []
        self._numbers = itertools.count(1)
        self.let_go: deque[int] = deque()
        """Numbers of trainings that no session holds any more; a collector may append at any moment."""
        self._watch: threading.Thread | None = None
        self._no_start = ""

    # What a session asks for

    def make(self, name: str, settings: Settings, first: Progress, owner: Hashable = None) -> Run:
        """Make a training that may begin; `first` is what there is to see before it does."""
        curves = {one: (curve.steps.tolist(), curve.values.tolist()) for one, curve in first.curves.items()}
        good = checked(settings)
        self._forget()
        rates = [(0, float(good["rate"]))]
        return Run(next(self._numbers), name, good, first.arrays, curves, rates, self._clock(), owner)

    def play(self, run: Run) -> None:
        """Give it a place, or the next one that is free; what else its owner trains or waits for has to rest."""
        with self._lock:
            if run.state not in ("new", "paused"):
                return
            for other in [one for one in self._runs.values() if run.owner is not None and one.owner == run.owner]:
                self.pause(other)
            run.message = FULL.format(count=len(self._queue)) if len(self._queue) >= MOST_WAITING else ""
            if not run.message:
                self._runs[run.number] = run
                run.state, run.touched = "waiting", self._clock()
                self._queue.append(run)
                self._serve_queue()

    def pause(self, run: Run) -> None:
        """Let it rest; its place is free."""
        with self._lock:
            if run.state in ACTIVE:
                self._leave(run)
                run.state = "paused" if run.worker else "new"
                self._tell(run, "pause")
                self._serve_queue()

    def step(self, run: Run, count: int) -> None:
        """Take single steps. They need no place: a worker does them between two steps of another training."""
        with self._lock:
            if run.state in ("new", "paused"):
                self._runs[run.number] = run
                run.state, run.touched, run.due = "starting", self._clock(), run.step + count
                worker = self._least_busy()
                if worker is None:
                    self._end(run, "failed", self._no_start)
                else:
                    self._settle(run, worker)
                    self._tell(run, "step", count=count)

    def turn(self, run: Run, changes: Settings) -> None:
        """Change what may be changed while it learns."""
        changes = {name: value for name, value in changes.items() if name in LIVE and run.settings.get(name) != value}
        with self._lock:
            run.settings = checked({**run.settings, **changes})
            if run.worker is None and run.step == 0:
                run.rates = [(0, float(run.settings["rate"]))]
            if changes:
                self._tell(run, "set", **{name: value for name, value in changes.items() if name != "pace"})
                self._keep_pace()

    def stop(self, run: Run) -> None:
        """End it for good."""
        with self._lock:
            self._end(run, "stopped", "")
            self._serve_queue()

    def progress(self, run: Run) -> Progress:
        """Say how far it is, and note that somebody looks."""
        with self._lock:
            run.touched = self._clock()
            return run.progress(place=self._queue.index(run) + 1 if run in self._queue else 0, training=self.busy())

    def busy(self) -> int:
        """Count the places that are taken."""
        return sum(run.plays for run in self._runs.values())

    def warm(self) -> None:
        """Start one worker if there is none, so that whoever is about to train need not wait for it."""
        with self._lock:
            if not self._workers:
                self._hire()

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            for worker in self._workers:
                worker.close()
            self._workers.clear()
            for run in list(self._runs.values()):
                self._end(run, "stopped", GONE)

    # Who has which place

    def _serve_queue(self) -> None:
        """Give free places to those who wait, first come, first served."""
        for run in list(self._queue):
            if self.busy() >= MOST_AT_ONCE or run not in self._queue:
                continue
            free = [worker for worker in self._workers if not self._on(worker, plays=True)]
            if run.worker is None and not free:
                free = [worker for worker in [self._hire()] if worker]
                if not free:
                    self._end(run, "failed", self._no_start)
            if run.worker in free if run.worker else free:
                self._leave(run)
                run.plays, run.state = True, "starting"
                self._settle(run, run.worker or min(free, key=lambda one: len(self._on(one))))
                self._tell(run, "play")
        self._keep_pace()

    def _keep_pace(self) -> None:
        """Nobody learns slowly for the eye's sake while others wait."""
        for run in self._runs.values():
            pace = 0 if self._queue else run.settings.get("pace", 0)
            if run.worker and pace != run.pace:
                run.pace = pace
                self._tell(run, "set", pace=pace)

    def _settle(self, run: Run, worker: WorkerProcess) -> None:
        """See to it that a worker holds the run; if it holds too many, the one that rests longest has to go."""
        if run.worker is None:
            resting = [one for one in self._on(worker) if not one.plays]
            if len(resting) >= MOST_HELD:
                self._end(min(resting, key=lambda one: one.touched), "stopped", GONE)
            run.worker, run.pace = worker, run.settings.get("pace", 0)
            self._tell(run, "start", experiment=run.name, settings=run.settings)
        run.spent = worker.spent

    def _on(self, worker: WorkerProcess, *, plays: bool = False) -> list[Run]:
        return [run for run in self._runs.values() if run.worker is worker and (run.plays or not plays)]

    def _least_busy(self) -> WorkerProcess | None:
        if not self._workers:
            self._hire()
        return min(self._workers, key=lambda one: len(self._on(one)), default=None)

    def _hire(self) -> WorkerProcess | None:
        """Start a worker, or remember why that failed."""
        try:
            worker = self._launch(self._heard, self._lost)
        except OSError as error:
            self._no_start = NO_START.format(why=error.strerror or "no process")
            return None
        worker.since = worker.used = worker.heard = self._clock()
        self._workers.append(worker)
        if self._watch is None:
            self._watch = threading.Thread(target=self._keep_watch, name="trainings", daemon=True)
            self._watch.start()
        return worker

    def _leave(self, run: Run) -> None:
        run.plays = False
        if run in self._queue:
            self._queue.remove(run)

    def _end(self, run: Run, state: State, message: str) -> None:
        self._leave(run)
        self._tell(run, "drop")
        if run.state not in ("done", "failed"):
            run.state, run.message = state, message
        if run.worker:
            run.worker.used = self._clock()
        run.worker = None
        self._runs.pop(run.number, None)

    def _tell(self, run: Run, do: str, **about: Any) -> None:
        if run.worker:
            run.worker.send({"do": do, "run": run.number, **about})

    # What workers report, from their reading threads

    def _heard(self, worker: WorkerProcess, head: Mapping[str, Any], arrays: Arrays) -> None:
        with self._lock:
            worker.ready, worker.heard, worker.spent = True, self._clock(), float(head["spent"])
            run = self._runs.get(head["run"])
            if run is None or run.worker is not worker:
                return
            run.spent = worker.spent
            run.hear(head, arrays)
            if head["state"] in ("done", "failed", "stopped"):
                self._end(run, head["state"], head["message"])
                self._serve_queue()

    def _lost(self, worker: WorkerProcess, how: str) -> None:
        with self._lock:
            if worker in self._workers:
                self._workers.remove(worker)
            for run in self._on(worker):
                run.worker = None
                self._end(run, "failed", DIED.format(how=how))
            self._serve_queue()

    # What nobody asks for

    def _keep_watch(self) -> None:
        while True:
            time.sleep(WATCHED_EVERY)
            with self._lock:
                self.look_after()
                if not self._workers and not self._queue:
                    self._watch = None
                    return

    def look_after(self) -> None:
        """Stop what nobody looks at, end what hangs, and let idle workers go."""
        with self._lock:
            now = self._clock()
            self._forget()
            for run in list(self._runs.values()):
                if now - run.touched > (AWAY if run.state in ACTIVE else PAUSED):
                    self._end(run, "stopped", GONE)
            for worker in list(self._workers):
                on = self._on(worker)
                plays = [run for run in on if run.plays]
                silent = now - (worker.heard if worker.ready else worker.since) > SILENT and (plays or not worker.ready)
                hangs = worker.ready and any(worker.spent - run.spent > STUCK for run in plays)
                if silent or hangs:
                    worker.kill()
                    self._lost(worker, NO_SIGN if silent else NO_STEP)
                elif not on and now - worker.used > IDLE:
                    self._workers.remove(worker)
                    worker.close()
            self._serve_queue()

    def _forget(self) -> None:
        """End what no session holds any more."""
        with self._lock:
            while self.let_go:
                if gone := self._runs.get(self.let_go.popleft()):
                    self._end(gone, "stopped", GONE)
