"""A module of this project, run in a process of its own: what trainings and tasks start.

The process speaks through its standard input and output. It has one thread a computation, so that it does not fight
with the server for the cores, and finds this project whatever the current folder is.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def start_module(module: str) -> subprocess.Popen[bytes]:
    """Start `python -m module`; an `OSError` says why there is no process."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env={**os.environ, **dict.fromkeys(ONE_THREAD, "1"), "PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # On Windows: behind the server, and without a window. Elsewhere a process lowers its priority itself.
        creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
        | getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
