"""The sessions of tabs that have no connection now: phones that sleep, tabs that were closed.

Streamlit keeps 128 of them, each for `server.disconnectedSessionTTL`; when a network failed for a moment, everybody
after the 128th lost their pictures. Here there is room for 2,000. A browser says goodbye when a tab is closed or loaded
anew (WebSocket code 1001); nobody comes back to such a session but by the browser's "back", so it is kept for two
minutes only. A connection that breaks says nothing, and that is a phone that sleeps.

What is over is shut down at once, not when somebody happens to look: `keep_tidy` gives the memory of pictures and
uploads back while the hall is quiet.
"""

from __future__ import annotations

import functools
import time
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from typing import NamedTuple
from weakref import WeakSet

import anyio
from streamlit import config
from streamlit.runtime import memory_session_storage
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.session_manager import SessionInfo

from cnnviz.site.limits import CLOSED_TAB_SECONDS, SLEEPING_SESSIONS

GOODBYES = frozenset({1000, 1001})  # what browsers send when a tab is closed; 1005 and 1006 are broken connections
TIDY_SECONDS = 5.0

_address: ContextVar[str] = ContextVar("address", default="")
_said_goodbye: ContextVar[bool] = ContextVar("said_goodbye", default=False)
_storages: WeakSet[SleepingSessions] = WeakSet()


class Kept(NamedTuple):
    """A session, until when it is kept, and the address of its tab."""

    until: float
    address: str
    info: SessionInfo


def note_address(address: str) -> None:
    """Remember, for the session that this task serves, where its tab is."""
    _address.set(address)


def note_close(code: int) -> None:
    """Remember, for the session that this task serves, how its connection ended."""
    _said_goodbye.set(code in GOODBYES)


class SleepingSessions(MemorySessionStorage):
    """Streamlit's storage with more room, a shorter life for closed tabs, and an end that takes place in time."""

    def __init__(self, maxsize: int = 128, ttl_seconds: int = 120, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep broken connections for `ttl_seconds`; the limits say how many, and closed tabs for how long."""
        super().__init__(maxsize, ttl_seconds)
        self._most = SLEEPING_SESSIONS.value()
        self._seconds = ttl_seconds
        self._seconds_closed = min(ttl_seconds, CLOSED_TAB_SECONDS.value())
        self._clock = clock
        self._kept: dict[str, Kept] = {}
        _storages.add(self)

    def get(self, session_id: str) -> SessionInfo | None:
        """The session, if it is still kept."""
        kept = self._kept.get(session_id)
        return kept.info if kept is not None and self._clock() < kept.until else None

    def save(self, session_info: SessionInfo) -> None:
        """Keep a session; when there are too many, the address with most of them makes room."""
        seconds = self._seconds_closed if _said_goodbye.get() else self._seconds
        self._kept[session_info.session.id] = Kept(self._clock() + seconds, _address.get(), session_info)
        while len(self._kept) > self._most:
            [(crowd, _)] = Counter(kept.address for kept in self._kept.values()).most_common(1)
            theirs = {session_id: kept.until for session_id, kept in self._kept.items() if kept.address == crowd}
            self._end(min(theirs, key=theirs.__getitem__))

    def delete(self, session_id: str) -> None:
        """Forget a session, because it was resumed or is being shut down."""
        del self._kept[session_id]

    def list(self) -> list[SessionInfo]:
        """All that are kept."""
        now = self._clock()
        return [kept.info for kept in tuple(self._kept.values()) if now < kept.until]

    def tidy(self) -> None:
        """End the sessions whose time is over."""
        now = self._clock()
        for session_id in [session_id for session_id, kept in self._kept.items() if kept.until <= now]:
            self._end(session_id)

    def _end(self, session_id: str) -> None:
        self._kept.pop(session_id).info.session.shutdown()


def keep_sleeping_sessions() -> None:
    """Let Streamlit, which makes its storage when the app is built, make one of ours."""
    memory_session_storage.MemorySessionStorage = SleepingSessions  # type: ignore[misc]


def resume_without_watchers() -> None:
    """Let a session come back without looking at every loaded module, where no file is watched.

    Streamlit asks `server.fileWatcherType` when a session begins and forgets to when it is resumed: 0.1 s of processor
    time for each phone that comes back, 0.01 s without. Its own method, so only while it is there.
    """
    register = getattr(AppSession, "register_file_watchers", None)
    if register is None or hasattr(register, "__wrapped__"):
        return

    @functools.wraps(register)
    def register_if_files_are_watched(self: AppSession) -> None:
        if config.get_option("server.fileWatcherType") != "none":
            register(self)

    AppSession.register_file_watchers = register_if_files_are_watched  # type: ignore[method-assign]


def sleeps(session_id: str) -> bool:
    """Whether a session without a connection is still kept."""
    return any(storage.get(session_id) is not None for storage in tuple(_storages))


async def keep_tidy() -> None:
    """End sessions when their time is over, for as long as the server runs."""
    while True:
        await anyio.sleep(TIDY_SECONDS)
        for storage in tuple(_storages):
            storage.tidy()
