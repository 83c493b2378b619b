"""What a task may use up, and how a worker process holds itself to it where its system can.

The server watches as well (`pool`): where a system has no such limits, its watch is the only one.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

SECONDS = 2.0
"""Of processor time that one task gets."""
MEGABYTES = 256
"""That a worker may take beyond what it has when it is ready."""
NICE = 5
"""By how much a worker steps back, so that the server answers first."""


def limit_memory() -> None:
    """Let this process grow by `MEGABYTES` at most: whatever wants more gets a `MemoryError`."""
    if sys.platform != "linux":  # macOS has the call, but does not keep to it
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    most = memory("self", 0) + MEGABYTES * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_time(seconds: float) -> None:
    """End this process once it has computed for so long from now on, whatever it is in the middle of; 0: never.

    The signal is left to the system, which ends the process even while C code runs and no Python would be asked.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def ended_by_time(code: int) -> bool:
    """Tell from a process's exit code whether that was its time limit."""
    return hasattr(signal, "SIGPROF") and code == -signal.SIGPROF


def memory(process: int | str, column: int) -> int:
    """Give the bytes of a process: all its addresses (column 0) or what is in memory (1); 0 where nobody tells."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[column]) * _page()
    except (OSError, ValueError, IndexError):
        return 0


def _page() -> int:
    import resource  # noqa: PLC0415 - there is none on Windows, nor any /proc

    return resource.getpagesize()
