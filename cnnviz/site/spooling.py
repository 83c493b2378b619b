"""Where the bytes of an upload are while it comes in: in memory, unless it is larger than any picture.

The server's form reader keeps a file in memory up to a limit, 1 MB unless told otherwise, and puts what is larger into
a nameless file of the temporary folder. Pictures are promised to be written nowhere. Weights have half a gigabyte; they
may take that way, off the thread that talks to all browsers.
"""

from __future__ import annotations

import logging

from starlette.formparsers import MultiPartParser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

IN_MEMORY = 64 * 2**20
NO_ROOM = (
    "The server has no room for a file of this size: its temporary folder is full or missing. Files up to "
    f"{IN_MEMORY // 2**20} MB still work. Tell whoever runs the server."
)
UPLOADS = "/_stcore/upload_file/"

log = logging.getLogger(__name__)


def keep_pictures_in_memory() -> None:
    """Let the form reader keep files up to `IN_MEMORY` bytes in memory."""
    MultiPartParser.spool_max_size = IN_MEMORY


class RoomForUploads:
    """Answers 507 and a sentence where a large upload finds no temporary folder, or a full one."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; explain what the disk says."""
        if scope["type"] != "http" or UPLOADS not in scope["path"]:
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_noted)
        except OSError as error:
            if begun:
                raise
            log.warning("An upload found no room in the temporary folder: %s", error)
            await PlainTextResponse(NO_ROOM, status_code=507)(scope, receive, send)
