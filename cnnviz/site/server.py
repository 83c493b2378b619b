"""What app.py gives to `st.App`: the routes, the middleware, the start, and what a learner sees of a crash."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import PurePosixPath

import anyio.to_thread
import streamlit as st
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from cnnviz.engine.tasks.pool import pool
from cnnviz.errors import SettingError
from cnnviz.site.address import address_lines, open_in_browser
from cnnviz.site.connections import bound_connections, watch_connections
from cnnviz.site.descriptors import log_room, open_loops_when_needed, raise_open_files
from cnnviz.site.embedding import CookieInFrames
from cnnviz.site.hall import HallBounds
from cnnviz.site.headers import PrivateRoutesClosed, SafetyHeaders
from cnnviz.site.limits import check_limits
from cnnviz.site.memory import collect_when_grown
from cnnviz.site.origins import OwnPagesOnly
from cnnviz.site.sessions import keep_sleeping_sessions, keep_tidy, resume_without_watchers
from cnnviz.site.spooling import RoomForUploads
from cnnviz.site.uploads import UploadBounds
from cnnviz.ui.vendor import MEDIA_TYPES, PREFIX, Body, shelf_of, vendor_url, warm_up

__all__ = ["lifespan", "make_room", "middleware", "on_script_error", "routes", "vendor_url"]

CRASH = (
    "Something went wrong on our side, and this page could not be drawn. Reload the page to go on; "
    "if it happens again, open it without the part of its address after the question mark."
)
CHUNK = 64 * 1024
FOR_GOOD = "public, max-age=31536000, immutable"


def make_room() -> None:
    """Set up this process for many at once; a limit that makes no sense stops the start with one sentence."""
    try:
        check_limits()
    except SettingError as error:
        sys.exit(str(error))
    raise_open_files()
    open_loops_when_needed()
    keep_sleeping_sessions()
    resume_without_watchers()
    bound_connections()


def on_script_error(_error: Exception) -> bool:
    """Tell the learner one sentence and the way back. Streamlit has written the traceback to the server's log."""
    st.error(CRASH, icon=":material/error:")
    return True


def routes() -> list[Route]:
    """`/vendor/<version>/<place in assets/>`, below the base path, which Streamlit adds only to its own routes."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    path = f"/{base}/{PREFIX}" if base else f"/{PREFIX}"
    return [Route(f"{path}/{{version}}/{{name:path}}", serve_vendor_file, methods=["GET", "HEAD"])]


def middleware() -> list[Middleware]:
    """The outermost layers of the server, first one first."""
    return [
        Middleware(SafetyHeaders),
        Middleware(CookieInFrames),
        Middleware(PrivateRoutesClosed),
        Middleware(OwnPagesOnly),
        Middleware(HallBounds),
        Middleware(UploadBounds),
        Middleware(RoomForUploads),
    ]


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Say where the app is; get ready what can wait until it answers, and end what is over while it runs."""
    for line in address_lines():
        print(line, flush=True)
    log_room()
    pool().warm()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(anyio.to_thread.run_sync, warm_up)
        tasks.start_soon(watch_connections)
        tasks.start_soon(open_in_browser)
        tasks.start_soon(keep_tidy)
        tasks.start_soon(collect_when_grown)
        yield
        tasks.cancel_scope.cancel()


async def serve_vendor_file(request: Request) -> Response:
    """One file of ours, compressed, to be kept by the browser for good.

    An address with another version still answers (a page that was open during an update asks for it), but is not
    to be kept.
    """
    name = request.path_params["name"]
    shelf = shelf_of(name)
    if shelf is None:
        return PlainTextResponse("Not found", status_code=404)
    body = shelf.body(name) if shelf.ready(name) else await anyio.to_thread.run_sync(shelf.body, name)
    etag = f'W/"{shelf.version}"'  # weak: the plain and the packed bytes answer to the same name
    headers = {
        "Cache-Control": FOR_GOOD if request.path_params["version"] == shelf.version else "no-cache",
        "Content-Type": MEDIA_TYPES[PurePosixPath(name).suffix],
        "ETag": etag,
        "Vary": "Accept-Encoding",
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return VendorResponse(body, headers)


class VendorResponse(Response):
    """A body that is sent in pieces, so that 300 slow phones do not each hold a copy of it in the server's memory."""

    def __init__(self, body: Body, headers: dict[str, str]) -> None:
        """Send `body` with `headers`; its encoding is chosen when the request is seen."""
        super().__init__(headers=headers)
        self._body = body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the packed bytes to whoever can unpack them."""
        packed = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        content = self._body.packed if packed else self._body.plain
        self.headers["Content-Length"] = str(len(content))
        if packed:
            self.headers["Content-Encoding"] = "gzip"
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if scope["method"] != "HEAD":
            # The server's `send` waits while a phone's connection is full: that is what bounds the memory.
            for start in range(0, len(content), CHUNK):
                await send({"type": "http.response.body", "body": content[start : start + CHUNK], "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
