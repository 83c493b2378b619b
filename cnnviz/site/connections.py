"""Connections that never finish asking are closed, and there are no more of them than there is room for.

The server below Streamlit, uvicorn, waits for ever for the rest of a request. A few thousand connections that each send
a letter a minute would take every place. So a request must have said what it wants within `HEADER_SECONDS`, an upload
may pause for `SILENT_SECONDS`, and nobody waits for a browser that never reads its answer. A slow, honest phone may
take seconds for each packet. Lessons are not touched: uvicorn itself asks their sockets for a sign of life.

uvicorn has no setting for this, and Streamlit would pass none on. So its class for connections is wrapped, only while
it is as we know it; tests watch.
"""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass, field
from typing import Any

import anyio
from starlette.types import Receive, Scope, Send
from streamlit.runtime.runtime_util import get_max_widget_state_size_bytes
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from cnnviz.site.descriptors import FOR_REFUSALS, connections_at_most, open_files
from cnnviz.site.hall import address_of, refused_page
from cnnviz.site.limits import CONNECTIONS_OF_AN_ADDRESS, HEADER_SECONDS, SILENT_SECONDS

WATCH_SECONDS = 1.0
UNREAD_SECONDS = 120.0
SHARE_OF_AN_ADDRESS = 0.75  # of the connections, where open files allow few of them
KNOWN = ("connection_made", "data_received", "timeout_keep_alive_handler")

_watched: dict[Any, Watch] = {}


@dataclass
class Watch:
    """What is known of a connection: since when it owes a request, when it was last heard, what it has not read."""

    owes_since: float | None = field(default_factory=time.monotonic)
    heard: float = field(default_factory=time.monotonic)
    unread: int = 0
    unread_since: float = 0.0


def bound_connections() -> None:
    """Make every new connection a watched one."""
    connected: Any = getattr(AutoHTTPProtocol, "connection_made", None)
    received: Any = getattr(AutoHTTPProtocol, "data_received", None)
    if hasattr(connected, "__wrapped__") or not all(hasattr(AutoHTTPProtocol, name) for name in KNOWN):
        return
    largest = get_max_widget_state_size_bytes()  # else uvicorn collects 200 MB before Streamlit looks at a message
    most = connections_at_most(open_files())
    most_of_an_address = min(CONNECTIONS_OF_AN_ADDRESS.value(), max(1, int(most * SHARE_OF_AN_ADDRESS)))

    @functools.wraps(connected)
    def connection_made(self: Any, transport: Any) -> None:
        connected(self, transport)
        _watched[self] = Watch()
        self.config.ws_max_size = largest
        crowded = excess(self, most, most_of_an_address)
        if crowded > 0:
            close_idle(self.connections)
            crowded = excess(self, most, most_of_an_address)
        if crowded > FOR_REFUSALS:
            transport.abort()
        elif crowded > 0:
            self.app = no_connection_left

    @functools.wraps(received)
    def data_received(self: Any, data: bytes) -> None:
        watch = _watched.get(self)
        if watch is None:
            received(self, data)
            return
        watch.heard = time.monotonic()
        if watch.owes_since is None and not asks(self):
            watch.owes_since = watch.heard
        received(self, data)
        if asks(self):
            watch.owes_since = None

    AutoHTTPProtocol.connection_made = connection_made  # type: ignore[method-assign]
    AutoHTTPProtocol.data_received = data_received  # type: ignore[method-assign]


def asks(connection: Any) -> bool:
    """Whether a request was understood and is not answered yet."""
    return connection.cycle is not None and not connection.cycle.response_complete


def excess(connection: Any, most: int, most_of_an_address: int) -> int:
    """By how many connections there are too many, all together or of this one's address."""
    connections = connection.connections
    too_many = len(connections) - most
    if len(connections) > most_of_an_address and connection.client:
        mine = address_of(connection.client)
        of_mine = sum(address_of(other.client) == mine for other in connections)
        too_many = max(too_many, of_mine - most_of_an_address)
    return too_many


def close_idle(connections: set[Any]) -> None:
    """Close the connections that browsers keep for later; they open another one when they need it."""
    for connection in tuple(connections):
        if getattr(connection, "timeout_keep_alive_task", None) is not None:
            connections.discard(connection)
            connection.timeout_keep_alive_handler()


async def no_connection_left(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request on a connection for which there is no place."""
    answer = refused_page("Too many connections are open here. This page tries again by itself.")
    await answer(scope, receive, send)


def overdue(connection: Any, watch: Watch, now: float, header: float, silence: float) -> bool:
    """Whether a connection was silent for too long, in seconds, where it is its turn to speak or to read."""
    unread = connection.transport.get_write_buffer_size()
    if unread != watch.unread or not unread:
        watch.unread, watch.unread_since = unread, now
    if unread and now - watch.unread_since > UNREAD_SECONDS:
        return True
    if watch.owes_since is not None:
        return now - watch.owes_since > header
    if asks(connection) and connection.cycle.more_body and not connection.flow.read_paused:
        return now - watch.heard > silence
    return False


async def watch_connections() -> None:
    """Close what is overdue, for as long as the server runs."""
    header, silence = HEADER_SECONDS.value(), SILENT_SECONDS.value()
    while True:
        await anyio.sleep(WATCH_SECONDS)
        now = time.monotonic()
        for connection, watch in tuple(_watched.items()):
            if connection not in connection.connections or connection.transport.is_closing():
                del _watched[connection]  # it is gone, or has become a lesson's socket
            elif overdue(connection, watch, now, header, silence):
                connection.transport.abort()
