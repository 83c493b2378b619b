"""A training as a session holds it; when the session lets it go, it ends.

training = Training(name, settings, opening(name, settings))              # nothing runs yet
training.play();  training.progress().state                               # "waiting", "starting", "playing" ...
training.pause();  training.step();  training.turn(rate=0.05);  training.stop()
"""

from __future__ import annotations

import atexit
import weakref
from collections.abc import Hashable
from functools import lru_cache

from cnnviz.engine.training.experiments import Progress, Setting, Settings
from cnnviz.engine.training.pool import Pool


@lru_cache(maxsize=1)
def pool() -> Pool:
    """Give the one pool of this process."""
    made = Pool()
    atexit.register(made.close)
    return made


class Training:
    """One training of one session."""

    def __init__(
        self, name: str, settings: Settings, first: Progress, *, owner: Hashable = None, at: Pool | None = None
    ) -> None:
        self._pool = at or pool()
        self._run = self._pool.make(name, settings, first, owner)
        weakref.finalize(self, self._pool.let_go.append, self._run.number).atexit = False

    @property
    def name(self) -> str:
        """The experiment."""
        return self._run.name

    @property
    def settings(self) -> Settings:
        """The settings as they stand."""
        return self._run.settings

    def play(self) -> None:
        """Begin, or go on."""
        self._pool.play(self._run)

    def pause(self) -> None:
        """Rest."""
        self._pool.pause(self._run)

    def step(self, count: int = 1) -> None:
        """Take single steps."""
        self._pool.step(self._run, count)

    def turn(self, **changes: Setting) -> None:
        """Change rate, steps or pace."""
        self._pool.turn(self._run, changes)

    def stop(self) -> None:
        """End it."""
        self._pool.stop(self._run)

    def progress(self) -> Progress:
        """Say how far it is."""
        return self._pool.progress(self._run)
