"""What an operator may set: how much one learner, one address and all together may take of the server.

>>> SESSIONS.value({})
600
>>> SESSIONS.value({"CNNVIZ_SESSIONS": "120"})
120
>>> SESSIONS.value({"CNNVIZ_SESSIONS": "many"})
Traceback (most recent call last):
    ...
cnnviz.errors.SettingError: CNNVIZ_SESSIONS is 'many', but must be a whole number from 1 to 1000000, like 600.

A limit is read where it is used; `check_limits` reads them all at the start, so that a bad value stops the start and
not a lecture. The defaults suit 300 students on a common machine.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from cnnviz.errors import SettingError

LARGEST = 1_000_000


@dataclass(frozen=True)
class Limit:
    """A positive whole number that the environment may change: its name there, its default, and what it bounds."""

    name: str
    default: int
    bounds: str

    def value(self, environment: Mapping[str, str] | None = None) -> int:
        """What the environment says, or the default; a value that makes no sense is refused in one sentence."""
        text = (os.environ if environment is None else environment).get(self.name, "").strip()
        if not text:
            return self.default
        # isdecimal alone takes the digits of every script, int() takes "1_0", signs and spaces.
        if not (text.isascii() and text.isdecimal() and 1 <= int(text[: len(str(LARGEST)) + 1]) <= LARGEST):
            raise SettingError(
                f"{self.name} is {text[:40]!r}, but must be a whole number from 1 to {LARGEST}, like {self.default}."
            )
        return int(text)


SESSIONS = Limit("CNNVIZ_SESSIONS", 600, "open tabs, all together")

LIMITS = (SESSIONS,)


def check_limits() -> None:
    """Read every limit once; the first bad one is raised as a `SettingError`."""
    for limit in LIMITS:
        limit.value()
