"""Bounds that whoever runs a server may set by its environment.

>>> whole_number("CNNVIZ_NOT_SET", 12), switch("CNNVIZ_NOT_SET")
(12, True)

A value that is none is an error with a sentence, never a silent default.
"""

from __future__ import annotations

import os


def whole_number(name: str, default: int, *, least: int = 1) -> int:
    """Read a whole number of at least `least`; the default where nothing is set."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
        raise ValueError(
            f"{name} holds {text[:40]!r}, which is no whole number of at least {least}. "
            f"Without the setting it is {default}."
        )
    return int(text)


def switch(name: str, default: bool = True) -> bool:
    """Read 1 or 0; the default where nothing is set."""
    text = os.environ.get(name, "").strip()
    if text not in {"", "0", "1"}:
        raise ValueError(f"{name} holds {text[:40]!r}: write 1 or 0. Without the setting it is {int(default)}.")
    return default if not text else text == "1"


def downloads_allowed() -> bool:
    """Whether learners may have the server fetch published weights."""
    return switch("CNNVIZ_DOWNLOADS")


def picture_bytes() -> int:
    """How many bytes the own pictures of all learners may take together, up to 3 MB each."""
    return whole_number("CNNVIZ_PICTURES_MB", 1024) * 2**20


def own_maps_bytes() -> int:
    """How many bytes the maps may take that networks made of learners' own pictures."""
    return whole_number("CNNVIZ_OWN_MAPS_MB", 256) * 2**20


def check_limits() -> None:
    """Read all of them once, so that a bad value stops the start and not a lecture."""
    downloads_allowed()
    picture_bytes()
    own_maps_bytes()
