"""Memory that only a full collection gives back: collected when much of it has come together.

Networks and their gradients leave cycles behind, with large arrays in them. Python counts the objects in a cycle, not
their bytes, so it may wait for minutes while gigabytes lie there. A full collection stops everybody for a tenth of a
second; so it is done only after the process has grown by `GROWTH`, which the lessons on grids never make it do.

>>> sizes, collected = iter([100, 300, 700, 350, 500]), []
>>> growth = Growth(lambda: next(sizes), lambda: collected.append(True), least=500)
>>> for _ in range(3):
...     growth.look()
>>> len(collected)
1
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

import anyio
import anyio.to_thread

GROWTH = 300 * 2**20
EVERY = 2.0
STATUS = Path("/proc/self/statm")


class Growth:
    """Looks at a size, and collects when it has grown by at least `least` since it was smallest."""

    def __init__(self, size: Callable[[], int], collect: Callable[[], object], least: int = GROWTH) -> None:
        self._size, self._collect, self._least = size, collect, least
        self._smallest = size()

    def look(self) -> None:
        """Look once."""
        size = self._size()
        if size - self._smallest >= self._least:
            self._collect()
            self._smallest = self._size()
        else:
            self._smallest = min(self._smallest, size)


def resident() -> int:
    """Bytes of this process in memory."""
    return int(STATUS.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def collect_when_grown() -> None:
    """Look for as long as the server runs; only where the system tells the size (Linux)."""
    if not STATUS.exists():
        return
    growth = Growth(resident, gc.collect)
    while True:
        await anyio.sleep(EVERY)
        await anyio.to_thread.run_sync(growth.look)
