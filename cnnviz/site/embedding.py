"""The app in a frame of another site, such as a learning system: its cookie has to come back from there.

>>> let_into_frames("_streamlit_xsrf=2|ab; Path=/; SameSite=Lax")
'_streamlit_xsrf=2|ab; Path=/; SameSite=None; Secure; Partitioned'

Streamlit takes an upload only with the token that it gave the page in a cookie. Browsers keep such a cookie in another
site's frame only if it says SameSite=None and Secure; and `Partitioned`, one jar for each site around the frame, where
they block cookies of third parties.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cnnviz.site.headers import frame_ancestors

TOKEN = b"_streamlit_xsrf="


def let_into_frames(cookie: str) -> str:
    """Write a cookie so that it also comes back from a frame of another site."""
    parts = [part.strip() for part in cookie.split(";")]
    names = {"samesite", "secure", "partitioned"}
    kept = [part for part in parts if part.partition("=")[0].lower() not in names]
    return "; ".join([*kept, "SameSite=None", "Secure", "Partitioned"])


def keeps_secure_cookies(scope: Scope) -> bool:
    """Whether the browser came by https, or over no network at all; only then does it keep a Secure cookie.

    A proxy may say it. Where it does not, the browser does: it sends Sec-Fetch-Site only to such addresses.
    """
    headers = Headers(scope=scope)
    by_proxy = headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower()
    return scope.get("scheme") == "https" or by_proxy == "https" or "sec-fetch-site" in headers


class CookieInFrames:
    """Where CNNVIZ_FRAME_ANCESTORS lets another site frame the app, its token works there as well.

    Over plain http a Secure cookie would be lost, frame or not; there it stays as it is, and uploads work outside of
    frames.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app
        self._framed = bool(set(frame_ancestors().split()) - {"'self'", "'none'"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; mend the answer's cookie."""
        if scope["type"] != "http" or not self._framed or not keeps_secure_cookies(scope):
            await self.app(scope, receive, send)
            return

        async def send_mended(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [_mended(*header) for header in message.get("headers", [])]}
            await send(message)

        await self.app(scope, receive, send_mended)


def _mended(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    if name.lower() == b"set-cookie" and value.startswith(TOKEN):
        return name, let_into_frames(value.decode("latin-1")).encode("latin-1")
    return name, value
