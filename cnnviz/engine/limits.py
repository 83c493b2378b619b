"""What an operator may set by the environment: bounds, and switches for what a server offers.

>>> PICTURES_MB.value({})
1024
>>> PICTURES_MB.value({"CNNVIZ_PICTURES_MB": "200"})
200
>>> PICTURES_MB.value({"CNNVIZ_PICTURES_MB": "many"})
Traceback (most recent call last):
    ...
cnnviz.errors.SettingError: CNNVIZ_PICTURES_MB is 'many', but must be a whole number from 1 to 1000000, like 1024.

A limit is read where it is used; `cnnviz.site.limits` lists them all, and reads them at the start, so that a bad value
stops the start and not a lecture.
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


PICTURES_MB = Limit("CNNVIZ_PICTURES_MB", 1024, "MB that the own pictures of all learners may take together")
OWN_MAPS_MB = Limit("CNNVIZ_OWN_MAPS_MB", 256, "MB that maps of learners' own pictures may take together")
DOWNLOADS = "CNNVIZ_DOWNLOADS"


def downloads_allowed() -> bool:
    """Whether learners may have the server fetch published weights: 1, as without the setting, or 0."""
    text = os.environ.get(DOWNLOADS, "").strip()
    if text not in {"", "0", "1"}:
        raise SettingError(f"{DOWNLOADS} is {text[:40]!r}, but must be 1 or 0. Without the setting it is 1.")
    return text != "0"
