"""Starts the real app on a free port, for the tests and the benchmarks that need a server."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import socket as sockets
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

P = ParamSpec("P")
R = TypeVar("R")

ROOT = Path(__file__).resolve().parents[1]
START_LIMIT = 60.0
LIMIT_OPEN_FILES = (
    "import os, resource, sys; "
    "resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2]))); "
    "os.execv(sys.argv[3], sys.argv[3:])"
)


@dataclass(frozen=True)
class Server:
    """A running app: where it answers, its process, and what it wrote."""

    url: str
    pid: int
    started_in: float
    log_file: Path

    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")


def free_port() -> int:
    with sockets.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@contextlib.contextmanager
def running_app(
    *flags: str,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    base: str = "",
    app: Path | None = None,
    open_files: tuple[int, int] | None = None,
) -> Iterator[Server]:
    """`streamlit run app.py` on a free port of this machine, until the block ends.

    `open_files` are the soft and the hard limit that the server finds; otherwise it has those of this process.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}{base}"
    command = [sys.executable, "-m", "streamlit", "run", str(app or ROOT / "app.py"), f"--server.port={port}"]
    command += ["--server.address=127.0.0.1", "--server.headless=true", "--server.fileWatcherType=none", *flags]
    if open_files:
        command = [sys.executable, "-c", LIMIT_OPEN_FILES, *map(str, open_files), *command]
    with tempfile.TemporaryDirectory() as folder:
        log_file = Path(folder) / "server.log"
        with log_file.open("wb") as log:
            begin = time.perf_counter()
            process = subprocess.Popen(
                command, cwd=cwd or ROOT, env=os.environ | (env or {}), stdout=log, stderr=subprocess.STDOUT
            )
        try:
            while not answers(url):
                if process.poll() is not None or time.perf_counter() - begin > START_LIMIT:
                    raise RuntimeError(f"The app did not start:\n{log_file.read_text(encoding='utf-8')}")
                time.sleep(0.02)  # the server has no other way to say that it is there
            yield Server(url, process.pid, time.perf_counter() - begin, log_file)
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Visitor:
    """A browser's end of the socket, for what no browser does twice in the same way."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.pages: dict[str, str] = {}

    def ask(
        self,
        page: str = "",
        fragment: str = "",
        query: str = "",
        texts: Mapping[str, str] | None = None,
        json_values: Mapping[str, str] | None = None,
        *,
        known: Iterable[str] = (),
    ) -> None:
        """Ask for a page, or for a part of it, with what some widgets and components hold, and messages that it has."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_script_hash = page
        message.rerun_script.fragment_id = fragment
        for name, text in (texts or {}).items():
            message.rerun_script.widget_states.widgets.add(id=name, string_value=text)
        for name, text in (json_values or {}).items():
            message.rerun_script.widget_states.widgets.add(id=name, json_value=text)
        message.rerun_script.cached_message_hashes.extend(known)
        self._socket.send(message.SerializeToString())

    def read(self, patience: float = 20) -> list[ForwardMsg]:
        """Everything up to the end of a run that was not broken off."""
        frames: list[ForwardMsg] = []
        while not frames or frames[-1].WhichOneof("type") != "script_finished" or _broken_off(frames[-1]):
            frames.append(ForwardMsg.FromString(self._socket.recv(timeout=patience, decode=False)))
        for frame in frames:
            if frame.WhichOneof("type") == "navigation":
                self.pages |= {page.page_name: page.page_script_hash for page in frame.navigation.app_pages}
        return frames


def _broken_off(frame: ForwardMsg) -> bool:
    return frame.script_finished == ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN


def fragments(frames: list[ForwardMsg]) -> list[str]:
    """The parts of a page that something was drawn in."""
    return [frame.delta.fragment_id for frame in frames if frame.HasField("delta") and frame.delta.fragment_id]


def socket_of(server: Server, session: str = "", headers: Mapping[str, str] | None = None) -> ClientConnection:
    """The socket that a browser opens; one that comes back names the session that it had."""
    url = server.url.replace("http", "ws", 1)
    offers = ["streamlit", *(["NONE", session] if session else [])]
    return connect(
        f"{url}/_stcore/stream",
        subprotocols=[Subprotocol(offer) for offer in offers],
        additional_headers=headers,
        max_size=None,
    )


@contextlib.contextmanager
def visitor_of(server: Server) -> Iterator[Visitor]:
    with socket_of(server) as socket:
        yield Visitor(socket)


def frames_of_a_visit(server: Server, query: str = "") -> list[ForwardMsg]:
    """All that one run of the first page sends to a browser."""
    with visitor_of(server) as visitor:
        visitor.ask(query=query)
        return visitor.read()


def copy_of_the_app(folder: Path, page: str) -> Path:
    """The whole app with another script in place of its first lesson."""
    for name in ("cnnviz", "assets", "pages", ".streamlit"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "pages" / "convolution.py").write_text(page, encoding="utf-8")
    return Path(shutil.copy(ROOT / "app.py", folder))


def in_its_own_thread(function: Callable[P, R]) -> Callable[P, R]:
    """Let a test run an event loop: browser tests leave one running in the thread of all tests."""

    @functools.wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(function, *args, **kwargs).result()

    return called
