"""The server as a browser meets it: how fast it is there, what it says, and what it refuses."""

from __future__ import annotations

import gzip
import http.client
import importlib.metadata
import importlib.util
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cnnviz.site.headers import content_security_policy, frame_ancestors
from cnnviz.ui import vendor
from tests.serving import Server, copy_of_the_app, frames_of_a_visit, running_app

PLOTLY_URL = f"/vendor/{importlib.metadata.version('plotly')}/plotly.min.js"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> Answer:
    """One request, its path sent as it is written (urllib would tidy a `..` away)."""
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def plotly_file() -> bytes:
    spec = importlib.util.find_spec("plotly")
    assert spec is not None and spec.origin is not None
    return (Path(spec.origin).parent / "package_data" / "plotly.min.js").read_bytes()


def test_it_starts_without_torch() -> None:
    with running_app(env={"PYTHONPROFILEIMPORTTIME": "1"}) as server:
        assert ask(server, "/_stcore/health").body == b"ok"
        imported = {line.rpartition("|")[2].strip() for line in server.log().splitlines() if "import time:" in line}
    assert "starlette.routing" in imported, "the log no longer tells what was imported"
    assert "torch" not in imported


@pytest.mark.parametrize("path", ["/", "/convolution?k=5", "/_stcore/health", PLOTLY_URL, "/vendor/1/none.js"])
def test_every_answer_carries_the_safety_headers(server: Server, path: str) -> None:
    headers = ask(server, path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    for allowed in ("camera=(self)", "fullscreen=(self)", "clipboard-write=(self)"):
        assert allowed in headers["Permissions-Policy"]


def test_the_policy_names_the_websocket_and_no_other_site(server: Server) -> None:
    host = urlsplit(server.url).netloc
    policy = ask(server, "/").headers["Content-Security-Policy"]
    assert f"ws://{host}" in policy
    assert "//" not in policy.replace(f"ws://{host}", "").replace(f"wss://{host}", "")


@pytest.mark.parametrize("host", ["evil.example; script-src *", "a b", "x,y", ""])
def test_a_host_header_cannot_write_the_policy(host: str) -> None:
    assert "ws:" not in content_security_policy(host, "'self'")
    assert "script-src *" not in content_security_policy(host, "'self'")


def test_a_learning_system_may_be_allowed_to_frame_the_app() -> None:
    with running_app(env={"CNNVIZ_FRAME_ANCESTORS": "self https://learning.example.org"}) as server:
        headers = ask(server, "/?embed=true").headers
    assert headers["Content-Security-Policy"].endswith("frame-ancestors 'self' https://learning.example.org")
    assert headers["X-Frame-Options"] is None, "it cannot name another site, and would forbid the frame"


@pytest.mark.parametrize("bad", ["https://a.example;script-src", "javascript:alert(1)", "'unsafe-inline'"])
def test_a_typing_error_in_frame_ancestors_is_told(bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNNVIZ_FRAME_ANCESTORS", bad)
    with pytest.raises(ValueError, match="not an origin"):
        frame_ancestors()


def test_a_page_asks_for_plotly_at_once(server: Server) -> None:
    assert f"<{PLOTLY_URL.lstrip('/')}>; rel=preload; as=script" in ask(server, "/").headers["Link"]
    assert ask(server, PLOTLY_URL).headers["Link"] is None


def test_plotly_comes_compressed_and_is_kept_for_good(server: Server) -> None:
    answer = ask(server, PLOTLY_URL, Accept_Encoding="gzip, deflate, br")
    assert answer.status == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(answer.body) < 1_600_000
    assert gzip.decompress(answer.body) == plotly_file()


def test_plotly_comes_plain_to_whoever_cannot_unpack(server: Server) -> None:
    answer = ask(server, PLOTLY_URL, Accept_Encoding="identity")
    assert answer.headers["Content-Encoding"] is None
    assert answer.body == plotly_file()


def test_plotly_is_not_sent_twice(server: Server) -> None:
    etag = ask(server, PLOTLY_URL, "HEAD").headers["ETag"]
    answer = ask(server, PLOTLY_URL, If_None_Match=etag)
    assert (answer.status, answer.body) == (304, b"")


def test_a_head_request_has_the_headers_and_no_body(server: Server) -> None:
    answer = ask(server, PLOTLY_URL, "HEAD", Accept_Encoding="gzip")
    assert answer.status == 200
    assert int(answer.headers["Content-Length"]) > 1_000_000
    assert answer.body == b""


def test_an_old_address_still_answers_but_is_not_kept(server: Server) -> None:
    answer = ask(server, "/vendor/0.0.1/plotly.min.js", Accept_Encoding="gzip")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_stage_comes_as_modules_that_share_one_version(server: Server) -> None:
    links = ask(server, "/").headers["Link"].split(", ")
    modules = [link.partition(">")[0].strip("<") for link in links if link.endswith("rel=modulepreload")]
    paths = vendor.own_shelf().paths
    names = [module.split("/", 2)[2] for module in modules]
    assert names[0] == "stage/stage.js"
    assert {name.partition("/")[0] for name in names} == {"stage", "shared"}
    assert len({module.split("/")[1] for module in modules}) == 1
    for module, name in zip(modules, names, strict=True):
        answer = ask(server, f"/{module}", Accept_Encoding="gzip")
        assert answer.headers["Cache-Control"].endswith("immutable")
        assert gzip.decompress(answer.body) == paths[name].read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "/vendor/x/../../../../etc/passwd",
        "/vendor/x/..%2f..%2f..%2fetc%2fpasswd",
        "/vendor/x/%2e%2e%2f%2e%2e%2fapp.py",
        "/vendor/x/..%5c..%5capp.py",
        "/vendor/../app.py",
        "/vendor/x//etc/passwd",
        "/vendor/x/%2fetc%2fpasswd",
        "/vendor/x/app.py",
        "/vendor/x/icon.svg",
        "/vendor/x/shared/boot.js",
        "/vendor/x/stage.js",
        "/vendor/x/stage/stage.js%00.css",
        "/vendor/%2e%2e/stage/stage.jsx",
        "/vendor//plotly.min.js/../../../app.py",
    ],
)
def test_nothing_else_can_be_read_through_vendor(server: Server, path: str) -> None:
    answer = ask(server, path)
    is_the_page = answer.status == 200 and b"<title>Streamlit</title>" in answer.body
    assert answer.status in {400, 404} or is_the_page
    for secret in (b"root:", b"st.App(", b"<svg"):
        assert secret not in answer.body


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["openapi.json", "interact", "mcp", ""])
def test_the_agent_interface_is_closed_even_when_a_flag_opens_it(method: str, path: str, agent: Server) -> None:
    assert ask(agent, f"/_stcore/agent/{path}", method).status == 404
    assert ask(agent, f"/_stcore/%61gent/{path}", method).status == 404


@pytest.fixture(scope="module")
def agent() -> Iterator[Server]:
    with running_app("--server.enableAgentApi=true", "--server.scriptHealthCheckEnabled=true") as server:
        yield server


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_metrics_and_the_check_that_runs_a_page_are_not_for_strangers(method: str, agent: Server) -> None:
    for path in ("metrics", "metrics?families=active_sessions", "%6detrics", "metrics/", "script-health-check"):
        answer = ask(agent, f"/_stcore/{path}", method)
        assert answer.status == 404
        assert b"session" not in answer.body


def test_an_operator_may_open_the_metrics_and_only_them() -> None:
    with running_app("--server.scriptHealthCheckEnabled=true", env={"CNNVIZ_METRICS": "1"}) as server:
        assert b"# TYPE" in ask(server, "/_stcore/metrics").body
        assert ask(server, "/_stcore/script-health-check").status == 404
        assert ask(server, "/_stcore/agent/openapi.json").status == 404


def test_no_page_around_a_frame_may_steer_the_app(server: Server) -> None:
    told = json.loads(ask(server, "/_stcore/host-config").body)
    assert told["allowedOrigins"] == []
    assert told["useExternalAuthToken"] is told["enableCustomParentMessages"] is False


def test_the_settings_hold_from_any_folder_below_any_path(tmp_path: Path) -> None:
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text('[client]\ntoolbarMode = "developer"\n', encoding="utf-8")
    with running_app("--server.baseUrlPath=lessons/cnn", cwd=tmp_path, base="/lessons/cnn") as server:
        page = ask(server, "/lessons/cnn/")
        assert b"<title>Streamlit</title>" in page.body
        assert page.headers["Link"].startswith("<vendor/"), "absolute addresses would leave the base path"
        assert ask(server, f"/lessons/cnn{PLOTLY_URL}", Accept_Encoding="gzip").headers["Content-Encoding"] == "gzip"
        assert ask(server, "/lessons/cnn/_stcore/agent/openapi.json").status == 404
        settings = settings_told(server)
    assert settings["toolbarMode"] == "MINIMAL", "the project's settings did not win over the folder's"
    assert settings["gatherUsageStats"] is False


def test_no_deploy_button_and_no_telemetry(server: Server) -> None:
    settings = settings_told(server)
    assert settings["toolbarMode"] == "MINIMAL"
    assert settings["gatherUsageStats"] is False
    assert settings["light"] and settings["dark"]


@pytest.mark.parametrize("path", ["/", "/convolution", "/convolution?k=5&embed=true"])
def test_a_link_into_the_app_answers_with_the_page(server: Server, path: str) -> None:
    answer = ask(server, path)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert b'<div id="root">' in answer.body


def test_a_crash_is_one_sentence_for_the_learner_and_a_traceback_for_the_log(tmp_path: Path) -> None:
    app = copy_of_the_app(tmp_path, page="raise ValueError('the secret detail')")
    with running_app(app=app) as server:
        shown = "\n".join(map(str, frames_of_a_visit(server)))
        log = server.log()
    assert "Something went wrong on our side" in shown
    assert "Reload the page" in shown
    assert "secret detail" not in shown and "Traceback" not in shown
    assert log.count("ValueError: the secret detail") == 1


def settings_told(server: Server) -> dict[str, object]:
    """What the server tells a new browser about itself, as plain values."""
    from streamlit.proto.NewSession_pb2 import Config

    session = next(f.new_session for f in frames_of_a_visit(server) if f.WhichOneof("type") == "new_session")
    return {
        "toolbarMode": Config.ToolbarMode.Name(session.config.toolbar_mode),
        "gatherUsageStats": session.config.gather_usage_stats,
        "light": session.custom_theme.light.primary_color,
        "dark": session.custom_theme.dark.primary_color,
    }
