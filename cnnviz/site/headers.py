"""What every answer of the server says about its own safety, and what the server refuses to answer.

Plain ASGI, not Starlette's BaseHTTPMiddleware: it adds a few headers to the first message of an answer and stays
out of the way of everything that streams.
"""

from __future__ import annotations

import os
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cnnviz.ui.vendor import modules_at_once, vendor_url

CLOSED = ("/_stcore/agent", "/_stcore/script-health-check")
METRICS = "/_stcore/metrics"
_HOST = re.compile(r"[A-Za-z0-9.\-\[\]:]+")
_SOURCE = re.compile(r"(?:'self'|'none'|\*|https?:|(?:https?://)?[A-Za-z0-9.\-*\[\]:]+)")


def frame_ancestors() -> str:
    """Who may show the app in a frame: CNNVIZ_FRAME_ANCESTORS, or only the app's own site.

    For a course page with `?embed=true` in a frame: `CNNVIZ_FRAME_ANCESTORS="self https://learning.example.org"`.
    Anything that is not an origin is refused at the start, since a typing error here would open a door or close one.
    """
    sources = os.environ.get("CNNVIZ_FRAME_ANCESTORS", "self").split()
    quoted = [f"'{source}'" if source in {"self", "none"} else source for source in sources] or ["'self'"]
    for source in quoted:
        if not _SOURCE.fullmatch(source):
            raise ValueError(
                f"CNNVIZ_FRAME_ANCESTORS holds {source!r}, which is not an origin. "
                "Write origins with spaces between them, like: self https://learning.example.org"
            )
    return " ".join(quoted)


def content_security_policy(host: str, ancestors: str) -> str:
    """Everything comes from this server. Streamlit and plotly.js need the inline, eval and blob exceptions.

    `host` is named for WebSockets, because older browsers do not count them as 'self'.
    """
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' data: blob:",
            f"connect-src 'self' data: blob:{sockets}",
            "worker-src 'self' blob:",
            "frame-src 'self' data: blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            f"frame-ancestors {ancestors}",
        ]
    )


class SafetyHeaders:
    """Adds the safety headers to every answer, and to a page the hint to fetch plotly.js and the stage at once."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`; the environment is read once, so that a bad value stops the start and not a lecture."""
        self.app = app
        self._ancestors = frame_ancestors()
        self._fixed = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "Permissions-Policy": ", ".join(
                ["camera=(self)", "fullscreen=(self)", "clipboard-write=(self)", "microphone=()", "geolocation=()"]
            ),
        }
        if self._ancestors == "'self'":
            # For browsers that do not know frame-ancestors; it can name no other site, so only with the default.
            self._fixed["X-Frame-Options"] = "SAMEORIGIN"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; sign the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        policy = content_security_policy(Headers(scope=scope).get("host", ""), self._ancestors)

        async def send_signed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = policy
                for name, value in self._fixed.items():
                    headers[name] = value
                if message["status"] == 200 and headers.get("content-type", "").startswith("text/html"):
                    headers["Link"] = ", ".join(
                        [f"<{vendor_url('plotly.min.js')}>; rel=preload; as=script"]
                        + [f"<{module}>; rel=modulepreload" for module in modules_at_once()]
                    )
            await send(message)

        await self.app(scope, receive, send_signed)


class PrivateRoutesClosed:
    """Answers 404 to what Streamlit offers to everybody and only the operator may need, whatever a flag says.

    The agent interface lets a stranger run sessions by the thousand, and read every page's widgets as JSON. The script
    health check runs a page for everyone who asks. Metrics tell how many people are here and what they hold in memory,
    and count all of it for the answer: CNNVIZ_METRICS=1 opens them, on a server whose proxy keeps strangers from them.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`; the environment is read once."""
        self.app = app
        self._closed = CLOSED if os.environ.get("CNNVIZ_METRICS") == "1" else (*CLOSED, METRICS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Close the door, or pass the request on."""
        if scope["type"] == "http" and any(path in scope["path"] for path in self._closed):
            await PlainTextResponse("Not found", status_code=404)(scope, receive, send)
            return
        await self.app(scope, receive, send)
