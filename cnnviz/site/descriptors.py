"""How many files and sockets this process may hold open, and what a session takes of them.

An open tab is a socket. Streamlit 1.67 gives each session three descriptors more, for an event loop that its scripts
may use and ours do not; they stay open while a phone sleeps. At 1,024 open files, which is what many systems allow at
first, learner 253 was refused. So the limit is raised as far as the system allows (`raise_open_files`), and a loop
opens its descriptors when something first runs on it (`open_loops_when_needed`): a tab is one descriptor, a phone that
sleeps none.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
from contextlib import suppress
from typing import Any

from streamlit.logger import get_logger
from streamlit.runtime import app_session

from cnnviz.site.limits import CONNECTIONS, SESSIONS

OWN_FILES = 160  # what the process itself holds: its libraries' files, the pipes of its workers
FOR_REFUSALS = 32  # connections beyond the limit that are told so before they are closed
CONNECTIONS_OF_A_STUDENT = 2  # the lesson's socket, and as many again for those whose pages are loading
FEW = 300
WAYS_TO_MORE = "ulimit -n 4096, LimitNOFILE=4096, or --ulimit nofile=4096"
INFINITE_IS_AT_MOST = (65_536, 10_240, 4_096)  # "infinite" is not what the system then grants; macOS takes 10,240

LOG = get_logger(__name__)


def raise_open_files() -> None:
    """Raise the number of files that this process may open to what the system allows it at most."""
    with suppress(ImportError):  # Windows has no such limit
        resource: Any = importlib.import_module("resource")
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        for wanted in INFINITE_IS_AT_MOST if hard == resource.RLIM_INFINITY else (hard,):
            if soft == resource.RLIM_INFINITY or soft >= wanted:
                return
            with suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
                return


def open_files() -> int | None:
    """How many files this process may open; None where there is no such limit."""
    try:
        resource: Any = importlib.import_module("resource")
    except ImportError:
        return None
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return None if soft == resource.RLIM_INFINITY else int(soft)


def connections_at_most(files: int | None) -> int:
    """How many connections may be open: what the operator allows, as far as the files go.

    >>> connections_at_most(1024), connections_at_most(65536), connections_at_most(None)
    (832, 4000, 4000)
    """
    allowed = CONNECTIONS.value()
    return allowed if files is None else max(1, min(allowed, files - OWN_FILES - FOR_REFUSALS))


def room(files: int | None) -> str:
    """How many students there is room for, and what to do if they are few.

    >>> room(65536)
    'Room for 600 open tabs (65536 open files, CNNVIZ_CONNECTIONS=4000, CNNVIZ_SESSIONS=600).'
    >>> room(1024)
    'Room for 416 open tabs (1024 open files, CNNVIZ_CONNECTIONS=4000, CNNVIZ_SESSIONS=600).'
    >>> room(256).partition(". ")[2]
    'For more, allow the server more open files: ulimit -n 4096, LimitNOFILE=4096, or --ulimit nofile=4096.'
    """
    tabs = max(1, min(SESSIONS.value(), connections_at_most(files) // CONNECTIONS_OF_A_STUDENT))
    given = "no limit on" if files is None else str(files)
    names = f"{CONNECTIONS.name}={CONNECTIONS.value()}, {SESSIONS.name}={SESSIONS.value()}"
    sentence = f"Room for {tabs} open tabs ({given} open files, {names})."
    if tabs >= FEW:
        return sentence
    if connections_at_most(files) < min(CONNECTIONS.value(), FEW * CONNECTIONS_OF_A_STUDENT):
        return f"{sentence} For more, allow the server more open files: {WAYS_TO_MORE}."
    return f"{sentence} For more, raise these settings."


def log_room() -> None:
    """Write to the server's log how many students it has room for."""
    LOG.info(room(open_files()))


class LoopWhenNeeded(asyncio.AbstractEventLoop):
    """An event loop that opens its three descriptors when it is first asked for more than whether it runs.

    >>> loop = LoopWhenNeeded()
    >>> loop.is_running(), loop.is_closed()
    (False, False)
    >>> loop.close()
    >>> loop.is_closed()
    True
    """

    def __init__(self) -> None:
        self._opened: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def __getattribute__(self, name: str) -> Any:
        """What the class below says, for the few names that it knows; else what a real loop says."""
        if name.startswith("__") or name in {"_opened", "_closed", "_real", "is_running", "is_closed", "close"}:
            return super().__getattribute__(name)
        return getattr(self._real(), name)

    def _real(self) -> asyncio.AbstractEventLoop:
        if self._closed:
            raise RuntimeError("Event loop is closed")
        if self._opened is None:
            self._opened = asyncio.new_event_loop()
        return self._opened

    def is_running(self) -> bool:
        """Whether something runs on it now."""
        return self._opened is not None and self._opened.is_running()

    def is_closed(self) -> bool:
        """Whether it was closed."""
        return self._closed

    def close(self) -> None:
        """Close it, and its descriptors if they were opened."""
        if self._opened is not None:
            self._opened.close()
        self._closed = True


def open_loops_when_needed() -> None:
    """Give each new session a loop that holds no descriptors before it runs.

    Streamlit's own class and attribute, so only while they are there; a test counts the descriptors of a session.
    """
    begin = app_session.AppSession.__init__
    if hasattr(begin, "__wrapped__"):
        return

    @functools.wraps(begin)
    def begin_without_descriptors(self: app_session.AppSession, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        eager = getattr(self, "_script_event_loop", None)
        if isinstance(eager, asyncio.AbstractEventLoop):
            eager.close()
            self._script_event_loop = LoopWhenNeeded()  # type: ignore[abstract]

    app_session.AppSession.__init__ = begin_without_descriptors  # type: ignore[method-assign]
