"""The process in which a stranger's text or file is read: `python -m cnnviz.engine.tasks.worker`, for `pool`.

Tasks come as lines on standard input, answers leave on standard output, as `wire` writes them. A task that takes
too much processor time ends the process; one that takes too much memory is answered so, and then another process takes
its place. The process ends as well when its input closes, so none is left behind when the server ends, however it ends.

    {"task": "code", "about": {"text": "nn.Sequential(nn.ReLU())", "size": [3, 8, 8]}}
    {"value": ...}   {"refused": "a sentence for the learner"}   {"over": "memory"}   {"failed": "TypeError"}
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from cnnviz.engine.networks.code.fixes import Mend, mend_code
from cnnviz.engine.networks.code.sized import read_code
from cnnviz.engine.networks.weights.listing import list_weights
from cnnviz.engine.tasks.limits import MEGABYTES, NICE, SECONDS, limit_memory, limit_time, memory
from cnnviz.engine.tasks.wire import WireError, read, write
from cnnviz.errors import CnnvizError

Task = Callable[..., Any]
MOST_KEPT = MEGABYTES // 4 * 2**20
"""Bytes that tasks may leave behind (caches, scattered memory) before another process takes over."""
OUT_OF_MEMORY = write({"over": "memory", "last": True})


def find_mends(text: str, size: Sequence[int] | None) -> list[Mend]:
    """Read a text and mend it."""
    return mend_code(read_code(text, size))


def list_file(path: str) -> dict[str, Any]:
    """List the tensors of a file of weights."""
    return list_weights(Path(path))


TASKS: Mapping[str, Task] = {"code": read_code, "mends": find_mends, "weights": list_file}
"""All that this process can be asked for."""


def serve(source: BinaryIO, sink: BinaryIO, tasks: Mapping[str, Task]) -> None:
    """Answer tasks until `source` closes, or until this process should make room for a new one."""

    def tell(line: bytes) -> None:
        sink.write(line)
        sink.flush()

    tell(write({"ready": os.getpid()}))
    most = memory("self", 0) + MOST_KEPT
    while (message := read(source)) is not None:
        limit_time(SECONDS)
        try:
            line = write(_answer(tasks, message, most))
        except (MemoryError, WireError):
            line = OUT_OF_MEMORY
        limit_time(0)
        tell(line)


def _answer(tasks: Mapping[str, Task], message: Mapping[str, Any], most: int) -> dict[str, Any]:
    try:
        answer = {"value": tasks[message["task"]](**message["about"])}
    except CnnvizError as error:
        answer = {"refused": str(error)}
    except MemoryError:
        raise
    except Exception as error:  # whatever a hostile text or file brings about
        traceback.print_exc()
        answer = {"failed": type(error).__name__}
    return {**answer, "last": True} if memory("self", 0) > most else answer


def main(tasks: Mapping[str, Task] = TASKS) -> None:
    """Step back behind the server, keep stray prints out of the answers, and serve within the limits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server's Ctrl-C: it closes the pipe when it is ready
    if hasattr(os, "nice"):
        os.nice(NICE)
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr
    gc.freeze()  # what was imported stays until the end: no collection need look at it
    limit_memory()
    try:
        serve(sys.stdin.buffer, sink, tasks)
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
