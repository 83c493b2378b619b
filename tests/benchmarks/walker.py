"""One learner without a browser who wanders through all pages, and moves whatever control is there."""

from __future__ import annotations

import asyncio
import json
import random
import time
import zlib
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.benchmarks.user import socket_of

ANSWER_LIMIT = 120.0
EARLY = ForwardMsg.FINISHED_EARLY_FOR_RERUN
FAILED = (ForwardMsg.FINISHED_WITH_COMPILE_ERROR,)


class Walker:
    """Use it as `async with Walker(url) as walker: await walker.open("filters"); await walker.use(chance)`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._page = self._query = ""
        self.pages: dict[str, str] = {}
        """The hash of every page by its address."""
        self.controls: dict[str, tuple[str, Any]] = {}
        """What can be moved on this page, by its id: the part of the page that it belongs to, and its element."""
        self.errors: list[str] = []
        self._seq = 0

    async def __aenter__(self) -> Walker:
        self._socket = await socket_of(self._url)
        await self._ask(BackMsg())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def open(self, address: str, query: str = "") -> float:
        """Go to a page, by a link; the seconds until all of it is here."""
        self._page, self._query, self.controls = self.pages[address], query, {}
        return await self._ask(BackMsg())

    async def use(self, chance: random.Random) -> float:
        """Move one control of the page by chance; the seconds until the answer is here."""
        movable = [(key, part, one) for key, (part, one) in sorted(self.controls.items()) if _moved(one, chance, 1)]
        if not movable:
            return 0.0
        key, part, element = chance.choice(movable)
        self._seq += 1
        message = BackMsg()
        message.rerun_script.fragment_id = part
        moved = _moved(element, chance, self._seq)
        assert moved is not None
        moved.id = key
        message.rerun_script.widget_states.widgets.append(moved)
        return await self._ask(message)

    async def _ask(self, message: BackMsg) -> float:
        begin = time.perf_counter()
        message.rerun_script.query_string, message.rerun_script.page_script_hash = self._query, self._page
        await self._socket.send(message.SerializeToString())
        while True:
            data = await asyncio.wait_for(self._socket.recv(decode=False), ANSWER_LIMIT)
            frame = ForwardMsg.FromString(data)
            kind = frame.WhichOneof("type")
            if kind == "script_finished":
                if frame.script_finished in FAILED:
                    self.errors.append(f"a run ended with {frame.script_finished}")
                if frame.script_finished != EARLY:
                    return time.perf_counter() - begin
            self._read(frame, kind)

    def _read(self, frame: ForwardMsg, kind: str | None) -> None:
        if kind == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in frame.navigation.app_pages}
            self._page = frame.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = frame.page_info_changed.query_string
        elif kind == "delta" and frame.delta.WhichOneof("type") == "new_element":
            name = frame.delta.new_element.WhichOneof("type")
            element: Any = getattr(frame.delta.new_element, name or "", None)
            if name == "exception":
                self.errors.append(f"an exception on a page: {element.message}")
            elif name == "alert" and "on our side" in element.body:
                self.errors.append(f"a crash: {element.body}")
            elif name in {"selectbox", "slider", "button_group", "checkbox", "radio", "bidi_component"}:
                self.controls[element.id] = (frame.delta.fragment_id, element)


def _moved(element: Any, chance: random.Random, seq: int) -> WidgetState | None:
    """What a hand could make of a control; None if there is nothing to choose."""
    state = WidgetState()
    match type(element).__name__:
        case "Selectbox" | "Radio" if len(element.options):
            state.string_value = chance.choice(list(element.options))
        case "Slider" if len(element.options):
            state.string_array_value.data.extend([chance.choice(list(element.options))])
        case "Slider" if element.step == int(element.step):
            steps = int((element.max - element.min) // element.step)
            state.double_array_value.data.extend([element.min + element.step * chance.randint(0, steps)])
        case "ButtonGroup" if len(element.options):
            state.string_array_value.data.extend([chance.choice(list(element.options)).content])
        case "Checkbox":
            state.bool_value = chance.random() < 0.5
        case "BidiComponent" if element.bytes:
            commit = _commit(element.bytes, chance, seq)
            if commit is None:
                return None
            state.json_value = json.dumps(commit)
        case _:
            return None
    return state


def _commit(data: bytes, chance: random.Random, seq: int) -> dict[str, Any] | None:
    """Other numbers on the stage, if it is one."""
    try:
        pack = json.loads(zlib.decompress(data))
    except (zlib.error, ValueError):
        return None
    if not isinstance(pack, dict) or "state" not in pack:
        return None
    state = {**pack["state"], "seed": str(chance.randint(1, 9999))}
    return {"commit": {"seq": pack.get("seq", 0) + seq, "state": state, "edits": []}}
