"""Runs the code that pages show, as a learner would who pastes it."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import Any


def run(code: str) -> dict[str, Any]:
    """Give the names that the code leaves behind."""
    names: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # torch: "same" with an even kernel copies its input
        exec(compile(code, "page", "exec"), names)
    return names


def run_and_listen(code: str) -> tuple[dict[str, Any], list[str]]:
    """Give the names that the code leaves behind, and the lines that it prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        names = run(code)
    return names, out.getvalue().splitlines()
