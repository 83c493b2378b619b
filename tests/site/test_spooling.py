"""Where uploads are while they come in: pictures in memory, and a sentence where there is no temporary folder."""

from __future__ import annotations

import asyncio
import http.client
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from cnnviz.engine.pictures.limits import FILE_BYTES
from cnnviz.site.spooling import IN_MEMORY, NO_ROOM, keep_pictures_in_memory
from cnnviz.ui.weights import upload as weights_upload
from tests.serving import Server, copy_of_the_app, in_its_own_thread, running_app, socket_of

BOUNDARY = "cnnviz"
# The page runs in the server's process: it takes the temporary folder away from all of it.
NO_FOLDER = """
import tempfile
import streamlit as st

tempfile.tempdir = "/there/is/no/such/folder"
st.file_uploader("A file", key="file")
"""


def multipart(size: int) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="x.png"\r\n\r\n'
    return head.encode() + bytes(size) + f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.fixture(scope="module")
def without_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_app(app=copy_of_the_app(tmp_path_factory.mktemp("app"), page=NO_FOLDER)) as server:
        yield server


def put(server: Server, size: int) -> tuple[int, str]:
    """Upload a file of zeros as a browser does; what the server answers."""
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    with socket_of(server) as socket:
        run, ask = BackMsg(), BackMsg()
        run.rerun_script.query_string = ""
        ask.file_urls_request.request_id = "1"
        ask.file_urls_request.file_names.append("x.png")
        address = ""
        for message, last in ((run, "script_finished"), (ask, "file_urls_response")):
            socket.send(message.SerializeToString())
            frame = ForwardMsg.FromString(socket.recv(timeout=60, decode=False))
            while frame.WhichOneof("type") != last:
                frame = ForwardMsg.FromString(socket.recv(timeout=60, decode=False))
            address = frame.file_urls_response.file_urls[0].upload_url if last == "file_urls_response" else ""
        connection.request("GET", "/_stcore/health")
        health = connection.getresponse()
        health.read()
        token = (health.headers["Set-Cookie"] or "").partition("=")[2].partition(";")[0]
        headers = {
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Cookie": f"_streamlit_xsrf={token}",
            "X-Xsrftoken": token,
        }
        connection.request("PUT", f"/{address.lstrip('/')}", body=multipart(size), headers=headers)
        answer = connection.getresponse()
        said = answer.status, answer.read().decode()
        connection.close()
    return said


def test_pictures_need_no_temporary_folder(without_folder: Server) -> None:
    assert put(without_folder, FILE_BYTES) == (204, "")


def test_what_is_too_large_for_memory_is_told_in_a_sentence(without_folder: Server) -> None:
    assert put(without_folder, IN_MEMORY + 1) == (507, NO_ROOM)
    assert put(without_folder, 1000) == (204, ""), "the server did not survive it"
    assert without_folder.log().count("/there/is/no/such/folder") == 1
    assert "Traceback" not in without_folder.log()


def test_the_form_reader_still_takes_its_limit_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starlette may rename the setting; then this tells, and not a picture on the disk."""
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 2**20)
    keep_pictures_in_memory()

    async def stream() -> Any:
        yield multipart(IN_MEMORY)

    headers = Headers({"content-type": f"multipart/form-data; boundary={BOUNDARY}"})
    form = in_its_own_thread(asyncio.run)(MultiPartParser(headers, stream()).parse())
    file: Any = form["f"]
    assert file.file._rolled is False
    assert FILE_BYTES < IN_MEMORY


@pytest.mark.parametrize("fault", ["missing", "full"])
def test_weights_without_a_temporary_folder_are_a_sentence(
    fault: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(_path: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    if fault == "full":
        monkeypatch.setattr(Path, "write_bytes", full)
    else:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    said: list[str] = []
    monkeypatch.setattr(weights_upload, "complain", said.append)
    monkeypatch.setattr(weights_upload, "forget_upload", lambda file: said.append(f"forgot {file.name}"))
    file: Any = SimpleNamespace(name="mine.pth", getvalue=lambda: b"x" * 10)
    weights_upload.read_upload("alexnet", file)
    assert said == ["forgot mine.pth", weights_upload.NO_ROOM]
