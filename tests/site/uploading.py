"""A browser's upload, spoken by hand: what it says of its length may be missing or a lie."""

from __future__ import annotations

import http.client
import itertools
import uuid
from collections.abc import Iterator
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from tests.serving import Server

MB = 2**20
BOUNDARY = "cnnvizcnnviz"
BEFORE = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
).encode()
AFTER = f"\r\n--{BOUNDARY}--\r\n".encode()


def pieces(size: int, piece: int = 64 * 1024) -> Iterator[bytes]:
    """A form with a file of `size` bytes."""
    yield BEFORE
    for start in range(0, size, piece):
        yield b"x" * min(piece, size - start)
    yield AFTER


def xsrf_of(server: Server) -> str:
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        connection.request("GET", "/_stcore/health")
        return SimpleCookie(connection.getresponse().getheader("set-cookie") or "")["_streamlit_xsrf"].value
    finally:
        connection.close()


def headers_of(server: Server, address: str) -> dict[str, str]:
    token = xsrf_of(server)
    headers = {"Cookie": f"_streamlit_xsrf={token}", "X-Xsrftoken": token}
    headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
    return headers | ({"X-Forwarded-For": address} if address else {})


def put(
    server: Server, session: str, body: Iterator[bytes], size: int | None = None, address: str = ""
) -> tuple[int, str]:
    """Send a form, with its length or in chunks; the answer's status and what it says."""
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    headers = headers_of(server, address)
    if size is not None:
        headers["Content-Length"] = str(len(BEFORE) + size + len(AFTER))
    path = f"/_stcore/upload_file/{session}/{uuid.uuid4()}"
    try:
        try:
            connection.request("PUT", path, body=body, headers=headers, encode_chunked=size is None)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all was sent; the answer is there
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def put_file(server: Server, session: str, size: int, address: str = "") -> tuple[int, str]:
    """Upload a file as browsers do."""
    return put(server, session, pieces(size), size, address)


def put_chunked(server: Server, session: str, size: int) -> tuple[int, str]:
    """Upload a file without saying its length."""
    return put(server, session, itertools.chain(pieces(size)))
