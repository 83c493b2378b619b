"""Runs the code that pages show, as a learner would who pastes it."""

from __future__ import annotations

import contextlib
import io
import warnings
from pathlib import Path
from typing import Any


def run(code: str) -> dict[str, Any]:
    """Give the names that the code leaves behind."""
    names: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # torch: "same" with an even kernel copies its input
        exec(compile(code, "page", "exec"), names)
    return names


def run_and_listen(code: str, folder: Path | str = ".") -> tuple[dict[str, Any], list[str]]:
    """Give the names that the code leaves behind, and the lines that it prints; it is run in the folder."""
    out = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out):
        names = run(code)
    return names, out.getvalue().splitlines()
