"""A session on a page with pictures, without a browser: it uploads files and reads what the viewer gets."""

from __future__ import annotations

import contextlib
import http.client
import json
from typing import Any, Self
from urllib.parse import urlsplit

from numpy.typing import NDArray
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from cnnviz.figures.codes import Codes, decode
from cnnviz.figures.panels import unwrap
from tests.serving import Server, socket_of

BOUNDARY = "----cnnviz"
GOOD = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Visitor:
    """Use it as `with Visitor(server, "pixels") as visitor: visitor.upload("photo.png", data)`."""

    def __init__(self, server: Server, page: str, query: str = "") -> None:
        self._url, self._page, self._query = server.url, page, query
        self._page_hash = self._fragment = ""
        self._uploader = self._viewer = ""
        self._seq = 0
        self.head: dict[str, Any] = {}
        self.arrays: dict[str, NDArray[Any]] = {}
        self.texts: list[str] = []
        self.upload_path = ""
        self._open = contextlib.ExitStack()
        self._socket = self._open.enter_context(socket_of(server))
        self._run(BackMsg())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def picture(self) -> NDArray[Any]:
        """What the first panel of the viewer shows."""
        return self.arrays[self.head["panels"][0]["digest"]]

    def title(self) -> str:
        return str(self.head["panels"][0]["title"])

    def move(self, **controls: str) -> None:
        self.answers(set=controls)

    def answers(self, **answer: Any) -> None:
        """The viewer sends an answer of this content."""
        self._seq += 1
        message = BackMsg()
        widget = message.rerun_script.widget_states.widgets.add(id=self._viewer)
        widget.json_value = json.dumps({"answer": {"seq": self._seq, **answer}})
        self._run(message)

    def upload(self, name: str, data: bytes) -> None:
        """Choose a file: ask for its address, put it there, and tell the page, as the browser does."""
        ask = BackMsg()
        ask.file_urls_request.request_id = "1"
        ask.file_urls_request.file_names.append(name)
        ask.file_urls_request.session_id = ""
        self._socket.send(ask.SerializeToString())
        while True:
            frame = ForwardMsg.FromString(self._socket.recv(timeout=20, decode=False))
            if frame.WhichOneof("type") == "file_urls_response":
                break
        urls = frame.file_urls_response.file_urls[0]
        self.upload_path = urls.upload_url
        assert self.ask("PUT", urls.upload_url, name, data) < 300
        message = BackMsg()
        widget = message.rerun_script.widget_states.widgets.add(id=self._uploader)
        told = widget.file_uploader_state_value.uploaded_file_info.add()
        told.file_id, told.name, told.size = urls.file_id, name, len(data)
        told.file_urls.CopyFrom(urls)
        self._run(message)

    def ask(self, method: str, path: str, name: str = "", data: bytes = b"") -> int:
        """One request; its status."""
        return self.fetch(method, path, name, data)[0]

    def fetch(self, method: str, path: str, name: str = "", data: bytes = b"") -> tuple[int, bytes]:
        parts = urlsplit(self._url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\n'
        body = head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode() if data else None
        token = "a" * 32
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "X-Xsrftoken": token}
        try:
            cookie = self._xsrf(connection)
            if cookie:
                headers |= {"Cookie": f"_streamlit_xsrf={cookie}", "X-Xsrftoken": cookie}
            connection.request(method, path if path.startswith("/") else f"/{path}", body=body, headers=headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def _xsrf(self, connection: http.client.HTTPConnection) -> str:
        connection.request("GET", "/_stcore/health")
        response = connection.getresponse()
        response.read()
        cookies = response.headers.get_all("Set-Cookie") or []
        found = [one.split(";")[0].split("=", 1)[1] for one in cookies if one.startswith("_streamlit_xsrf=")]
        return found[0].strip('"') if found else ""

    def _run(self, message: BackMsg) -> None:
        client = message.rerun_script
        client.query_string, client.page_script_hash, client.fragment_id = self._query, self._page_hash, self._fragment
        client.page_name = "" if self._page_hash else self._page
        self.texts = []
        self._socket.send(message.SerializeToString())
        while True:
            frame = ForwardMsg.FromString(self._socket.recv(timeout=30, decode=False))
            kind = frame.WhichOneof("type")
            if kind == "script_finished":
                assert frame.script_finished in GOOD
                return
            if kind == "navigation":
                self._page_hash = frame.navigation.page_script_hash
            elif kind == "page_info_changed":
                self._query = frame.page_info_changed.query_string
            elif kind == "delta" and frame.delta.WhichOneof("type") == "new_element":
                self._read(frame)

    def _read(self, frame: ForwardMsg) -> None:
        element = frame.delta.new_element
        kind = element.WhichOneof("type")
        assert kind != "exception", element.exception.message
        self.texts.append(str(element))
        if kind == "file_uploader":
            self._uploader, self._fragment = element.file_uploader.id, frame.delta.fragment_id
        elif kind == "bidi_component":
            self._viewer = element.bidi_component.id
            self.head, bodies = unwrap(element.bidi_component.bytes)
            parts = iter(bodies)
            for panel in self.head["panels"]:
                if panel["length"]:
                    codes = Codes(next(parts), panel["bytes"], panel["decimals"], panel["channels"])
                    self.arrays[panel["digest"]] = decode(codes, tuple(panel["size"]))


class WeightsVisitor(Visitor):
    """Opens the door to a network's weights, and puts a file in."""

    def __init__(self, server: Server) -> None:
        self._ways = self._door = ""
        super().__init__(server, "feature_maps", "net=lecture_cnn")
        message = BackMsg()
        message.rerun_script.widget_states.widgets.add(id=self._ways).string_value = "From a file"
        self._run(message)
        self._uploader = self._door

    def _read(self, frame: ForwardMsg) -> None:
        element = frame.delta.new_element
        assert element.WhichOneof("type") != "exception", element.exception.message
        self.texts.append(str(element))
        if element.radio.label == "Weights":
            self._ways = element.radio.id
        if "weights" in element.file_uploader.label:
            self._door, self._fragment = element.file_uploader.id, frame.delta.fragment_id
