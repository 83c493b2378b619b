"""Whose pages may open a socket here, or change something: our own, and those that the operator names.

>>> read_origin("https://Course.example.org")
Origin(scheme='https', host='course.example.org', port=443)
>>> read_origin("https://course.example.org").is_at("course.example.org:443")
True
>>> read_origin("https://course.example.org").is_at("127.0.0.1:8501")
False
>>> read_origin("null") is None
True

A browser says in `Origin` which page asks. Streamlit looks at it too, but for a name that it does not know it first
asks a site on the internet for this machine's own address, while everybody waits: up to 20 seconds where there is no
way out. So what is foreign is refused here, and what is ours is handed on as Streamlit knows it at once.

`X-Forwarded-Host` counts beside `Host`: no page can make a browser send it to another site without being asked first,
and whoever is no browser can write any `Origin` anyway.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import re
from collections.abc import Iterable
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from cnnviz.errors import SettingError

REFUSAL = (
    "This request comes from a page of another site, so it was refused. Open the app at its own address; whoever runs "
    "it can allow other sites with CNNVIZ_ORIGINS."
)
HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST = 300  # a name of the internet has at most 253 letters
MOST_TOLD = 8
PORTS = {"http": 80, "https": 443}
_PLACE = re.compile(r"([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?")

log = logging.getLogger(__name__)


class Origin(NamedTuple):
    """Where a page comes from, in lower case, with its port written out."""

    scheme: str
    host: str
    port: int

    def is_at(self, place: str) -> bool:
        """Whether this is the place that a `Host` header names; without a port it means the usual one."""
        read = _read_place(place)
        return read is not None and (read[0], read[1] or PORTS[self.scheme]) == (self.host, self.port)

    @property
    def is_this_machine(self) -> bool:
        """Whether the page lies on the learner's own machine."""
        names = {"localhost", "0.0.0.0", "[::1]"}
        return (
            self.host in names
            or self.host.endswith(".localhost")
            or re.fullmatch(r"127(\.\d+){3}", self.host) is not None
        )

    def __str__(self) -> str:
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"


def _read_place(text: str) -> tuple[str, int | None] | None:
    """Read a name and its port, if it is one that a browser could have meant."""
    match = _PLACE.fullmatch(text.lower()) if len(text) <= LONGEST and text.isascii() else None
    if match is None:
        return None
    host, port = match[1].rstrip("."), match[2]
    if host.startswith("["):
        try:
            host = f"[{ipaddress.IPv6Address(host[1:-1])}]"
        except ValueError:
            return None
    if not host or (port and not 0 < int(port) < 2**16):
        return None
    return host, int(port) if port else None


def read_origin(text: str) -> Origin | None:
    """Read an `Origin` header; `null`, other schemes and whatever is no origin give nothing."""
    scheme, _, rest = text.lower().partition("://") if len(text) <= LONGEST else ("", "", "")
    place = _read_place(rest) if scheme in PORTS else None
    return Origin(scheme, place[0], place[1] or PORTS[scheme]) if place else None


def listed_origins(texts: Iterable[str]) -> frozenset[Origin]:
    """Read the origins that the operator allows.

    >>> [str(origin) for origin in listed_origins(["https://course.example.org:443"])]
    ['https://course.example.org']
    >>> listed_origins(["course.example.org"])
    Traceback (most recent call last):
        ...
    cnnviz.errors.SettingError: CNNVIZ_ORIGINS holds 'course.example.org', which is not an origin. \
Write origins with spaces between them, like: https://course.example.org https://other.example.org:8443
    """
    found = {text: read_origin(text) for text in texts}
    for text, origin in found.items():
        if origin is None:
            raise SettingError(
                f"CNNVIZ_ORIGINS holds {text[:80]!r}, which is not an origin. Write origins with spaces between them, "
                "like: https://course.example.org https://other.example.org:8443"
            )
    return frozenset(origin for origin in found.values() if origin)


class OwnPagesOnly:
    """Refuses sockets, and requests that change something, when a page of another site makes them."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`; the environment is read once, so that a bad value stops the start and not a lecture."""
        self.app = app
        self._listed = listed_origins(os.environ.get("CNNVIZ_ORIGINS", "").split())
        self._told: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse it, or pass it on."""
        asks = scope["type"] == "websocket" or (scope["type"] == "http" and scope["method"] not in HARMLESS)
        # Streamlit's own switch for "any site" is the operator's word as well.
        if not asks or not config.get_option("server.enableCORS"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origins, hosts = headers.getlist("origin"), headers.getlist("host")
        if not origins:  # not a browser
            await self.app(scope, receive, send)
            return
        origin = read_origin(origins[0]) if len(origins) == 1 and len(hosts) <= 1 else None
        if origin is None or not self._allows(origin, headers):
            self._tell(origin, hosts)
            if scope["type"] == "http":
                await PlainTextResponse(REFUSAL, status_code=403)(scope, receive, send)
            else:  # 403 as well, without words, which no page can read; with them uvicorn writes an error for each
                await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "websocket":
            scope = {**scope, "headers": _as_streamlit_knows_it(scope["headers"], origin, hosts)}
        await self.app(scope, receive, send)

    def _allows(self, origin: Origin, headers: Headers) -> bool:
        places = [headers.get("host", ""), headers.get("x-forwarded-host", "").partition(",")[0].strip()]
        if any(origin.is_at(place) for place in places) or origin.is_this_machine or origin in self._listed:
            return True
        named = map(read_origin, config.get_option("server.corsAllowedOrigins"))
        address = str(config.get_option("browser.serverAddress")).lower()
        return origin in named or (config.is_manually_set("browser.serverAddress") and origin.host == address)

    def _tell(self, origin: Origin | None, hosts: list[str]) -> None:
        """Tell the operator once for each of the first few sites: behind some proxies the learners are foreign."""
        page = str(origin) if origin else "an address that is none"
        if page in self._told or len(self._told) >= MOST_TOLD:
            return
        self._told.add(page)
        named = _read_place(hosts[0]) if len(hosts) == 1 else None
        here = f"names {hosts[0]} as its host" if named else "names no host"
        log.warning(
            "Refused a request from a page at %s that %s. If that page is this app, its proxy does not pass the host "
            "on: let it (nginx: proxy_set_header Host $http_host;), or start the app with CNNVIZ_ORIGINS=%s. "
            "This is said once.",
            page,
            here,
            origin or "https://its.address",
        )


def _as_streamlit_knows_it(
    headers: list[tuple[bytes, bytes]], origin: Origin, hosts: list[str]
) -> list[tuple[bytes, bytes]]:
    """Write an allowed `Origin` as the host's own, which Streamlit takes without asking anybody."""
    rest = [(name, value) for name, value in headers if name.lower() != b"origin"]
    if not hosts or _read_place(hosts[0]) is None:
        return rest
    return [*rest, (b"origin", f"{origin.scheme}://{hosts[0]}".encode("latin-1"))]
