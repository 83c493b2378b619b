"""One worker process as the server sees it: commands in, messages out, and the news of its end.

Nothing here waits for the worker: commands go through a small queue and a thread of their own, because a pipe to a
process that hangs would one day be full, and a learner's click must not wait for that.
"""

from __future__ import annotations

import contextlib
import json
import queue
import threading
from collections.abc import Callable, Mapping
from typing import Any

from cnnviz.engine.child import start_module
from cnnviz.engine.training.experiments import Arrays
from cnnviz.engine.training.wire import WireError, decode

MODULE = "cnnviz.engine.training.worker"

Heard = Callable[["WorkerProcess", Mapping[str, Any], Arrays], None]
Lost = Callable[["WorkerProcess", str], None]


class WorkerProcess:
    """A running worker; `heard` and `lost` are called from threads of their own."""

    def __init__(self, heard: Heard, lost: Lost) -> None:
        self.ready = False
        self.since = self.used = 0.0
        """When it was started, and when it last held a training, by the pool's clock."""
        self.heard = self.spent = 0.0
        """When it spoke last, by the pool's clock, and how many seconds it had computed then."""
        self._tell, self._lost = heard, lost
        self._commands: queue.SimpleQueue[Mapping[str, Any] | None] = queue.SimpleQueue()
        self._process = start_module(MODULE)
        for work in (self._write, self._read):
            threading.Thread(target=work, name=f"training {self.pid}", daemon=True).start()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def send(self, command: Mapping[str, Any]) -> None:
        """Hand over a command."""
        self._commands.put(command)

    def close(self) -> None:
        """Let it end: it does when its input closes."""
        self._commands.put(None)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def wait(self, seconds: float) -> int:
        """Wait for its end, and give its exit code."""
        return self._process.wait(seconds)

    def _write(self) -> None:
        assert self._process.stdin
        with contextlib.suppress(OSError, ValueError):  # it has ended: the reading thread tells
            while (command := self._commands.get()) is not None:
                self._process.stdin.write(json.dumps(command).encode() + b"\n")
                self._process.stdin.flush()
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def _read(self) -> None:
        assert self._process.stdout
        how = ""
        try:
            while (message := decode(self._process.stdout)) is not None:  # type: ignore[arg-type]
                self._tell(self, *message)
        except (WireError, KeyError, TypeError, ValueError, OSError) as error:
            how = f"its answer could not be read: {type(error).__name__}"
            self._process.kill()
        self._process.stdout.close()
        code = self._process.wait()
        self._commands.put(None)
        self._lost(self, how or f"code {code}")
