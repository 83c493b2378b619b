"""Trainings for page tests: the real pool and the real experiments, in this process, moved on by the test."""

from __future__ import annotations

import io
from typing import Any

import pytest
import torch

from cnnviz.engine.training.pool import Pool
from cnnviz.engine.training.wire import decode
from cnnviz.engine.training.worker import Worker


class Bench:
    """A worker that trains when the test says so."""

    pid = 0

    def __init__(self, room: TrainingRoom, heard: Any, lost: Any) -> None:
        self._say, self.lost = heard, lost
        self._room = room
        self.worker = Worker(self._tell, clock=lambda: room.now)
        self.ready = True
        self.since = self.used = self.heard = self.spent = 0.0

    def _tell(self, message: bytes) -> None:
        read = decode(io.BytesIO(message))
        assert read
        self._say(self, *read)

    def send(self, command: dict[str, Any]) -> None:
        self.worker.obey(command)

    def close(self) -> None: ...

    def kill(self) -> None: ...


class TrainingRoom:
    """A pool whose time passes only in `train`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        torch.set_num_threads(1)  # as in a worker: two threads wait for each other on a busy machine
        self.now = 0.0
        self.benches: list[Bench] = []
        self.pool = Pool(launch=self._launch, clock=lambda: self.now)  # type: ignore[arg-type]
        self.pool._watch = self.pool  # type: ignore[assignment]  # nobody watches but the test
        monkeypatch.setattr("cnnviz.engine.training.session.pool", lambda: self.pool)
        monkeypatch.setattr("cnnviz.ui.training.pool", lambda: self.pool)

    def _launch(self, heard: Any, lost: Any) -> Bench:
        self.benches.append(Bench(self, heard, lost))
        return self.benches[-1]

    def train(self, seconds: float = 1e6) -> None:
        """Work until nothing is left to do, or for so long."""
        until = self.now + seconds
        while True:
            waits = [(wait, bench) for bench in self.benches if (wait := bench.worker.wait()) is not None]
            if not waits or self.now + min(waits, key=lambda one: one[0])[0] > until:
                return
            wait, bench = min(waits, key=lambda one: one[0])
            self.now += wait + 0.001
            bench.worker.work()
