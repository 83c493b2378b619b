"""Reading pasted code in a process of its own, so that a text that freezes it cannot freeze the tests.

with Child() as child:
    answer = child.read("nn.Sequential(nn.ReLU())", (3, 8, 8))
"""

from __future__ import annotations

import multiprocessing
import time
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Self

WATCHDOG = 20.0
"""Seconds after which a text counts as one that freezes: ten times what any may take."""


@dataclass(frozen=True)
class Answer:
    """What came of a text: the sentences, or the error that should never have been."""

    sentences: tuple[str, ...] = ()
    layers: int = 0
    error: str = ""
    seconds: float = 0
    """Processor time."""
    megabytes: float = 0
    """The most memory that the process has had since it started to read."""


class Child:
    """A process that reads texts one by one; it is replaced if one freezes it."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()
        assert self.pipe.poll(60), "the process that reads did not start"
        self.pipe.recv()

    def read(self, text: str, size: tuple[int, ...] | None = None) -> Answer:
        """Read a text, and do all that pages do with what was read."""
        self.pipe.send((text, size))
        try:
            if self.pipe.poll(WATCHDOG):
                return self.pipe.recv()
            error = f"no answer within {WATCHDOG} seconds"
        except EOFError:
            error = "the process died"
        self.close()
        self._start()
        return Answer(error=error)

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.join()
        self.pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def work_with(text: str, size: tuple[int, ...] | None) -> tuple[tuple[str, ...], int]:
    """Read a text, and do all that pages do with what was read; gives the sentences and the number of layers."""
    import pickle

    from cnnviz.engine.networks.code.fixes import mend_code
    from cnnviz.engine.networks.code.sized import read_code, write_code
    from cnnviz.engine.networks.trace import trace_network

    parsed = read_code(text, size)
    sentences = tuple(problem.message for problem in parsed.problems)
    pickle.dumps(parsed)  # Streamlit keeps it like this
    "\n".join(sentences).encode()
    if parsed.network is None:
        return sentences, 0
    trace = trace_network(parsed.network)
    trace.peak()
    write_code(trace).encode()
    mend_code(parsed)
    return sentences, len(parsed.network)


def _peak() -> float:
    import resource  # these tests run on Linux

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _serve(pipe: Connection) -> None:
    work_with("nn.Sequential(nn.Conv2d(3, 8, 3), nn.Conv2d(4, 8, 3))", (3, 8, 8))
    before = _peak()
    pipe.send("ready")
    while True:
        text, size = pipe.recv()
        start = time.process_time()
        found: dict[str, Any] = {}
        try:
            found["sentences"], found["layers"] = work_with(text, size)
        except BaseException:
            found["error"] = traceback.format_exc()
        pipe.send(Answer(**found, seconds=time.process_time() - start, megabytes=_peak() - before))
