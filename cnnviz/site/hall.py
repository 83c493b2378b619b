"""How many tabs may be open at once, and what a learner reads when all places are taken.

A browser that is refused its socket says nothing and tries for ever, so the page is refused as well, by a small one
that says why and tries again by itself. For those who had the page before the hall filled up, Streamlit's own browser
part asks for `_stcore/host-config` before it opens its socket, and shows what an error there says.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cnnviz.site.limits import SESSIONS, SESSIONS_OF_AN_ADDRESS
from cnnviz.site.sessions import note_address, note_close

SOCKET = "/_stcore/stream"
ASKED_FIRST = "/_stcore/host-config"
NOT_PAGES = ("/_stcore/", "/static/", "/media/", "/component/", "/vendor/")
AGAIN_AFTER = (8, 15)  # seconds; not all at once
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{seconds}"><title>All places are taken</title>
<style>:root{{color-scheme:light dark}}
body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:20vh auto;padding:0 1rem}}</style>
</head><body><h1>All places are taken</h1><p>{sentence}</p></body></html>
"""


def address_of(client: tuple[str, int] | None) -> str:
    """Whose request it is, as `address` has it; empty where the server does not know."""
    return address(client[0]) if client else ""


@lru_cache(maxsize=4096)
def address(host: str) -> str:
    """An IPv4 address, or the first half of an IPv6 address, which one person has all of.

    >>> address("192.0.2.7"), address("::ffff:192.0.2.7"), address("2001:db8:1:2:3:4:5:6")
    ('192.0.2.7', '192.0.2.7', '2001:db8:1:2::')
    """
    try:
        found = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
    return str(found)


class HallBounds:
    """Counts open sockets; who finds no place is told so, and let in when there is one."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`; the limits are read once."""
        self.app = app
        self._most = SESSIONS.value()
        self._most_of_an_address = SESSIONS_OF_AN_ADDRESS.value()
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a socket; refuse a socket or a page for which there is no place; pass the rest on."""
        if scope["type"] == "websocket" and scope["path"].endswith(SOCKET):
            await self._socket(scope, receive, send)
        elif scope["type"] == "http" and (asked := what_is_asked(scope)) and (why := self._refusal(scope)):
            answer = refused_page(why) if asked == "page" else refused_question(why)
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _refusal(self, scope: Scope) -> str:
        """Why there is no place; empty if there is one."""
        if self._open.total() >= self._most:
            return f"All places here are taken: {self._most} tabs are open. This page tries again by itself."
        if self._open[address_of(scope.get("client"))] >= self._most_of_an_address:
            most = self._most_of_an_address
            return f"All places for your network are taken: {most} tabs are open. This page tries again by itself."
        return ""

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if why := self._refusal(scope):
            await refuse_socket(why, scope, receive, send)
            return
        whose = address_of(scope.get("client"))
        self._open[whose] += 1
        note_address(whose)

        async def receive_and_note() -> Message:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                note_close(message.get("code", 1006))
            return message

        try:
            await self.app(scope, receive_and_note, send)
        finally:
            self._open[whose] -= 1
            if not self._open[whose]:
                del self._open[whose]


def what_is_asked(scope: Scope) -> str:
    """Whether a request is for a `page` or the `question` before a socket; nothing else is refused.

    >>> what_is_asked({"method": "GET", "path": "/convolution", "headers": [(b"accept", b"text/html,*/*")]})
    'page'
    >>> what_is_asked({"method": "GET", "path": "/_stcore/health", "headers": [(b"accept", b"text/html,*/*")]})
    ''
    """
    if scope["method"] not in {"GET", "HEAD"}:
        return ""
    if scope["path"].endswith(ASKED_FIRST):
        return "question"
    if any(part in scope["path"] for part in NOT_PAGES):
        return ""
    return "page" if "text/html" in Headers(scope=scope).get("accept", "") else ""


def refused_page(sentence: str) -> Response:
    """A page of one sentence that loads itself again."""
    seconds = random.randint(*AGAIN_AFTER)
    return HTMLResponse(PAGE.format(seconds=seconds, sentence=sentence), 503, headers_of_a_refusal(seconds))


def refused_question(sentence: str) -> Response:
    """The sentence as JSON, which is what Streamlit's browser part reads."""
    headers = headers_of_a_refusal(AGAIN_AFTER[0])
    return Response(json.dumps(sentence), 503, headers, media_type="application/json")


def headers_of_a_refusal(seconds: int) -> dict[str, str]:
    """Ask again later, keep nothing, and give the connection back."""
    return {"Retry-After": str(seconds), "Cache-Control": "no-store", "Connection": "close"}


async def refuse_socket(sentence: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 503 to the request for a socket, or close the socket where the server cannot answer."""
    await receive()
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1013, "reason": sentence[:120]})
        return
    headers = [(b"content-type", b"application/json"), (b"retry-after", b"8"), (b"connection", b"close")]
    await send({"type": "websocket.http.response.start", "status": 503, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": json.dumps(sentence).encode()})
