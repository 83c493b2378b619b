"""One learner without a browser: Streamlit's own protocol, spoken as its browser part speaks it."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from typing import Any
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ANSWER_LIMIT = 60.0
LARGEST_MESSAGE = 64 * 2**20
SUCCESS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class WrongAnswerError(AssertionError):
    """The server answered with something that is not this learner's own."""


async def socket_of(url: str) -> websockets.ClientConnection:
    """The socket that a browser opens, for as large an answer and as long a wait as a benchmark may meet."""
    parts = urlsplit(url)
    return await websockets.connect(
        f"ws://{parts.netloc}{parts.path}/_stcore/stream",
        subprotocols=[websockets.Subprotocol("streamlit")],
        compression=None,
        max_size=LARGEST_MESSAGE,
        open_timeout=ANSWER_LIMIT,
        ping_interval=None,
    )


class User:
    """A session with the stage on one page.

    Use it as `async with User(url, query) as user: await user.commit(state)`.
    """

    def __init__(self, url: str, query: str = "", page: str = "") -> None:
        self._url = url
        self._query = query
        self._page = page
        self._page_hash = ""
        self._stage_id = ""
        self._fragment = ""
        self._seq = 0
        self.pack: dict[str, Any] = {}
        self.received = 0

    async def __aenter__(self) -> User:
        self._socket = await socket_of(self._url)
        await self._rerun({})
        if not self._stage_id:
            raise WrongAnswerError("The page has no stage.")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def commit(self, state: dict[str, str]) -> float:
        """Send the state, as when a hand rests on a slider; the seconds until the new pack is here, all of it."""
        self._seq += 1
        begin = time.perf_counter()
        await self._rerun({"commit": {"seq": self._seq, "state": state, "edits": []}})
        seconds = time.perf_counter() - begin
        if self.pack.get("seq") != self._seq:
            raise WrongAnswerError(f"Commit {self._seq} was answered by a pack for {self.pack.get('seq')}.")
        if self.pack["state"] != state:
            raise WrongAnswerError(f"Sent {state}, got {self.pack['state']}.")
        return seconds

    async def _rerun(self, component_state: dict[str, Any]) -> None:
        message = BackMsg()
        client = message.rerun_script
        client.query_string = self._query
        client.page_script_hash = self._page_hash
        client.page_name = "" if self._page_hash else self._page
        client.fragment_id = self._fragment
        if component_state:
            widget = client.widget_states.widgets.add()
            widget.id = self._stage_id
            widget.json_value = json.dumps(component_state)
        await self._socket.send(message.SerializeToString())
        deadline = time.monotonic() + ANSWER_LIMIT
        while True:
            frame = await self._receive(deadline)
            kind = frame.WhichOneof("type")
            if kind == "script_finished":
                if frame.script_finished not in SUCCESS:
                    raise WrongAnswerError(f"The run ended with {frame.script_finished}.")
                return
            self._read(frame, kind)

    async def _receive(self, deadline: float) -> ForwardMsg:
        data = await asyncio.wait_for(self._socket.recv(decode=False), deadline - time.monotonic())
        self.received += len(data)
        return ForwardMsg.FromString(data)

    def _read(self, frame: ForwardMsg, kind: str | None) -> None:
        if kind == "new_session" and frame.new_session.page_script_hash:
            self._page_hash = frame.new_session.page_script_hash
        elif kind == "navigation":
            self._page_hash = frame.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = frame.page_info_changed.query_string
        elif kind == "page_not_found":
            raise WrongAnswerError("The page was not found.")
        elif kind == "delta" and frame.delta.WhichOneof("type") == "new_element":
            element = frame.delta.new_element
            if element.WhichOneof("type") == "exception":
                raise WrongAnswerError(f"The page shows an error: {element.exception.message}")
            if element.WhichOneof("type") == "bidi_component" and element.bidi_component.bytes:
                self._stage_id = element.bidi_component.id
                self._fragment = frame.delta.fragment_id
                self.pack = json.loads(zlib.decompress(element.bidi_component.bytes))
