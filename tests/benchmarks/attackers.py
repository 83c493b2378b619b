"""What a hall full of strangers might try, each again and again: `soak` runs all of it at once while learners work.

Whether an attack is refused is tested elsewhere; here counts only what the others feel of it. So they run in a process
of their own, which gives way to the learners' as attackers on other machines would:
`python -m tests.benchmarks.attackers http://127.0.0.1:8501` goes on until it is ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from cnnviz.state.network_choice import pack_code
from tests.hostile.code import STOPPED
from tests.hostile.heavy import padded
from tests.hostile.weights import archives, programs, safetensors_files
from tests.hostile.write import PNG_START, png_header
from tests.serving import Server, visitor_of
from tests.ui.picture_visitor import Visitor, WeightsVisitor

PAUSE = 1.0
HALF_OPEN = 20
FILES = ("capitals", "a counter of a storage", "a size", "four million letters")
PAGES = ("Your code", "Build a network", "Networks", "Receptive field")


@dataclass(frozen=True)
class Attack:
    """One thing to try, by somebody who does not tire of it."""

    name: str
    once: Callable[[Server], None]

    async def repeat(self, server: Server) -> None:
        """Try it until cancelled; the server may refuse it in any way it likes."""
        while True:
            with contextlib.suppress(OSError, AssertionError, TimeoutError, WebSocketException):
                await asyncio.to_thread(self.once, server)
            await asyncio.sleep(PAUSE)


def attacks() -> list[Attack]:
    """List all of them."""
    return [
        *(Attack(f"pasted code: {name}", _link("Your code", text)) for name, text in STOPPED.items()),
        *(Attack(f"code in a link: {page}", _link(page, STOPPED["compare =="])) for page in PAGES),
        *(Attack(f"weights: {name}", _weights(data)) for name, data in _files()),
        Attack("foreign origin", _foreign_origin),
        Attack("half-open requests", _half_open),
        Attack("a picture that unpacks to too much", _upload(PNG_START + png_header(30_000, 30_000))),
        Attack("twenty megabytes", _upload(padded(b"GIF89a"))),
        Attack("a hundred megabytes", _upload(padded(PNG_START, 100 * 2**20))),
    ]


def _link(page: str, text: str) -> Callable[[Server], None]:
    packed = pack_code(text)

    def once(server: Server) -> None:
        with visitor_of(server) as visitor:
            visitor.ask()
            visitor.read()
            visitor.ask(visitor.pages[page], query=f"c={packed}")
            visitor.read(patience=120)

    return once


def _upload(data: bytes) -> Callable[[Server], None]:
    def once(server: Server) -> None:
        with Visitor(server, "pixels") as visitor:
            visitor.upload("photo.png", data)

    return once


def _files() -> list[tuple[str, bytes]]:
    made = (*archives(), *programs(), *safetensors_files())
    return [(name, data) for name, data, _ in made if name in FILES]


def _weights(data: bytes) -> Callable[[Server], None]:
    def once(server: Server) -> None:
        with WeightsVisitor(server) as visitor:
            visitor.upload("weights.pth", data)

    return once


def _foreign_origin(server: Server) -> None:
    url = server.url.replace("http", "ws", 1)
    wanted: dict[str, Any] = {"origin": "https://evil.example", "subprotocols": ["streamlit"], "open_timeout": 10}
    with connect(f"{url}/_stcore/stream", **wanted) as stranger:
        stranger.send(BackMsg().SerializeToString())
        stranger.recv(timeout=10)


def _half_open(server: Server) -> None:
    parts = urlsplit(server.url)
    with contextlib.ExitStack() as opened:
        ends = [opened.enter_context(socket.create_connection((parts.hostname, parts.port))) for _ in range(HALF_OPEN)]
        for end in ends:
            end.sendall(b"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nx")
            end.settimeout(2)
        for end in ends:
            with contextlib.suppress(TimeoutError):
                end.recv(1)


async def all_at_once(url: str) -> None:
    """Run every attack until this process is ended."""
    server = Server(url, 0, 0.0, Path())
    await asyncio.gather(*(one.repeat(server) for one in attacks()))


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(19)
    asyncio.run(all_at_once(sys.argv[1]))
