"""The cookie that an upload needs, in frames of other sites and out of them."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest

from cnnviz.site.embedding import keeps_secure_cookies
from tests.serving import Server, running_app

OTHER = {"CNNVIZ_FRAME_ANCESTORS": "self https://learning.example.org"}
IN_FRAMES = {"SameSite=None", "Secure", "Partitioned"}


def token(server: Server, **headers: str) -> set[str]:
    """How the token's cookie is to be kept."""
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    connection.request("GET", "/_stcore/health", headers={name.replace("_", "-"): to for name, to in headers.items()})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    (cookie,) = answer.headers.get_all("Set-Cookie") or []
    first, *rest = cookie.split("; ")
    assert first.startswith("_streamlit_xsrf=2|")
    return set(rest)


def test_a_site_that_may_frame_the_app_gets_its_cookie_back() -> None:
    with running_app(env=OTHER) as server:
        assert token(server, X_Forwarded_Proto="https") == {"Path=/", *IN_FRAMES}
        assert token(server, Sec_Fetch_Site="same-origin") == {"Path=/", *IN_FRAMES}
        assert token(server) == {"Path=/", "SameSite=Lax"}, "over plain http a Secure cookie would be lost"
        assert token(server, X_Forwarded_Proto="http, https") == {"Path=/", "SameSite=Lax"}


def test_otherwise_the_cookie_stays_in_its_own_site(server: Server) -> None:
    assert token(server, X_Forwarded_Proto="https", Sec_Fetch_Site="same-origin") == {"Path=/", "SameSite=Lax"}


@pytest.mark.parametrize(("scheme", "keeps"), [("https", True), ("http", False)])
def test_https_of_the_server_itself_counts(scheme: str, keeps: bool) -> None:
    assert keeps_secure_cookies({"type": "http", "scheme": scheme, "headers": []}) is keeps
