"""How many bytes of uploaded files the server holds: for one tab, for one address, and all together.

The bytes are counted as they arrive, before Streamlit keeps any: what a request says of its length may be missing or a
lie. What pages have read is forgotten at once (`forget_upload`), so these bounds are for what arrives and for what no
page asked for.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.RootContainer_pb2 import RootContainer
from streamlit.runtime import exists, get_instance
from streamlit.runtime.session_manager import SessionClientDisconnectedError

from cnnviz.site.hall import address_of
from cnnviz.site.limits import UPLOADS_MB, UPLOADS_MB_OF_A_TAB, UPLOADS_MB_OF_AN_ADDRESS
from cnnviz.site.sessions import sleeps
from cnnviz.site.spooling import UPLOADS

MB = 2**20
FRAME = 64 * 1024  # what a form adds to its file
TOO_LARGE, FULL = 413, 507
TOLD_SECONDS = 10


class RefusedError(Exception):
    """Ends the reading of an upload: the status and the sentence that answer it."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


@dataclass(eq=False)
class Arrival:
    """An upload that is on its way: for which tab, from which address, how much of it has come."""

    tab: str
    address: str
    received: int = 0


class UploadBounds:
    """Answers 413 to a file that is too large for one, and 507 when there is no room for it."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`; the limits are read once."""
        self.app = app
        self._most = UPLOADS_MB.value()
        self._most_of_an_address = UPLOADS_MB_OF_AN_ADDRESS.value()
        self._most_of_a_tab = UPLOADS_MB_OF_A_TAB.value()
        self._arriving: set[Arrival] = set()
        self._address_of_tab: dict[str, str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count an upload while it arrives; pass everything else on."""
        if scope["type"] == "http" and scope["method"] == "PUT" and UPLOADS in scope["path"]:
            await self._upload(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        arrival = Arrival(scope["path"].partition(UPLOADS)[2].partition("/")[0], address_of(scope.get("client")))

        async def receive_counted() -> Message:
            message = await receive()
            size = len(message.get("body", b""))
            self._check(arrival, size)
            arrival.received += size
            return message

        async def send_and_settle(message: Message) -> None:
            self._arriving.discard(arrival)  # what was kept is counted where it is kept
            await send(message)

        self._arriving.add(arrival)
        try:
            announced = Headers(scope=scope).get("content-length", "")
            if announced.isascii() and announced.isdecimal():
                self._check(arrival, int(announced[:20]))
            self._address_of_tab[arrival.tab] = arrival.address
            await self.app(scope, receive_counted, send_and_settle)
        except RefusedError as error:
            tell(arrival.tab, error.sentence)
            await PlainTextResponse(error.sentence, error.status)(scope, receive, send)
        except ClientDisconnect:
            pass  # the tab was closed meanwhile: nobody waits for an answer
        finally:
            self._arriving.discard(arrival)
            forget_tab_without_session(arrival.tab)

    def _check(self, arrival: Arrival, more: int) -> None:
        """Refuse an upload that would need more room than there is."""
        largest = config.get_option("server.maxUploadSize")
        if arrival.received + more > largest * MB + FRAME:
            raise RefusedError(TOO_LARGE, f"This file is larger than {largest} MB, the most that is taken here.")
        held = bytes_of_tabs()
        self._address_of_tab = {tab: address for tab, address in self._address_of_tab.items() if tab in held}
        for other in self._arriving:
            held[other.tab] = held.get(other.tab, 0) + other.received
            self._address_of_tab[other.tab] = other.address
        if held.get(arrival.tab, 0) + more > self._most_of_a_tab * MB:
            raise RefusedError(
                TOO_LARGE,
                f"With this file, this tab would hold more than {self._most_of_a_tab} MB of files. "
                "Remove one, or load the page again.",
            )
        of_address = sum(size for tab, size in held.items() if self._address_of_tab.get(tab) == arrival.address)
        for most, size, whose in (
            (self._most_of_an_address, of_address, "for your network "),
            (self._most, sum(held.values()), ""),
        ):
            if size + more > most * MB:
                raise RefusedError(
                    FULL, f"The server has no room {whose}for this file now: it holds up to {most} MB. Try again later."
                )


def tell(tab: str, sentence: str) -> None:
    """Show a sentence in a tab: Streamlit's uploader shows the number of an error, and nothing of its words."""
    client = get_instance().get_client(tab) if exists() else None
    if client is not None:
        message = ForwardMsg()
        message.metadata.delta_path[:] = [RootContainer.EVENT, 0]
        message.delta.new_element.toast.body = sentence
        message.delta.new_element.toast.icon = ":material/error:"
        message.delta.new_element.toast.duration = TOLD_SECONDS
        with suppress(SessionClientDisconnectedError):
            client.write_forward_msg(message)


def bytes_of_tabs() -> dict[str, int]:
    """The bytes of uploaded files that Streamlit keeps, by tab."""
    kept = getattr(get_instance().uploaded_file_mgr, "file_storage", {}) if exists() else {}
    return {tab: sum(len(file.data) for file in list(files.values())) for tab, files in list(kept.items())}


def forget_tab_without_session(tab: str) -> None:
    """Drop the files of a tab that ended while its upload arrived; nobody else would."""
    if exists() and not get_instance().is_active_session(tab) and not sleeps(tab):
        get_instance().uploaded_file_mgr.remove_session_files(tab)
