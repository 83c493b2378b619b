"""The server's folder of weights, fetching into it, and the networks that are kept in memory."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from cnnviz.engine.networks.weights import fetch as weights_fetch
from cnnviz.engine.networks.weights.cache import SHELF, weight_of
from cnnviz.engine.networks.weights.fetch import STARTS_A_PERSON, STOPPED, Downloads, Fetch
from cnnviz.engine.networks.weights.fitting import needed_shapes, untrained_eyes
from cnnviz.engine.networks.weights.folder import file_key, files_for, server_files, weights_folder
from cnnviz.engine.networks.weights.published import PUBLISHED_FILES, Published
from cnnviz.engine.shelf import Shelf
from cnnviz.errors import WeightsError
from cnnviz.state.weights import parse_weights, show_weights
from tests.hostile.weights import saved

BODY = bytes(range(256)) * 4096
GOOD = f"small-{hashlib.sha256(BODY).hexdigest()[:8]}.pth"


class Publisher(BaseHTTPRequestHandler):
    """Answers as the first part of the path says."""

    go_on = threading.Event()

    def do_GET(self) -> None:
        way = self.path.split("/")[1]
        if way == "gone":
            self.send_error(404)
            return
        self.send_response(200)
        if way != "untold":
            self.send_header("Content-Length", str(10**12 if way == "claimed" else len(BODY)))
        self.end_headers()
        if way == "large":
            return
        half = len(BODY) // 2
        self.wfile.write(BODY[:half])
        if way == "slow":
            self.wfile.flush()
            self.go_on.wait(20)
        if way != "short":
            self.wfile.write(BODY[half:])
        if way == "untold":
            for _ in range(4):
                self.wfile.write(BODY)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def publisher() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    Publisher.go_on.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CNNVIZ_WEIGHTS", str(tmp_path / "weights"))
    return tmp_path / "weights"


def fetched(base: str, published: Published = Published(GOOD, 1)) -> str:  # noqa: B008 - frozen
    downloads = Downloads()
    job = downloads.start(published, base=base)
    assert job.wait(30)
    assert downloads.current() is None
    return job.error


def test_a_file_comes_and_is_there_for_all(publisher: str, here: Path) -> None:
    assert server_files() == {}
    assert fetched(f"{publisher}/good/") == ""
    assert (here / GOOD).read_bytes() == BODY
    assert list(server_files()) == [GOOD] == [path.name for path in here.iterdir()]


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("short", "ended early: 524,288 of 1,048,576 bytes came"),
        ("gone", "answered 404 instead of the file. Where there is a network, get small-"),
        ("claimed", "larger than small-"),
        ("untold", "larger than small-"),
    ],
)
def test_what_does_not_come_leaves_nothing(publisher: str, here: Path, way: str, said: str) -> None:
    assert said in fetched(f"{publisher}/{way}/")
    assert list(here.iterdir()) == []


def test_another_hash_is_thrown_away(publisher: str, here: Path) -> None:
    error = fetched(f"{publisher}/good/", Published("small-00000000.pth", 1))
    assert f"its SHA-256 starts with {GOOD[6:14]}, not with 00000000" in error
    assert list(here.iterdir()) == []


def test_nobody_answers(here: Path) -> None:
    assert "cannot be reached from this server. Where there is a network" in fetched("http://127.0.0.1:9/")
    assert "cannot be reached" in fetched("http://weights.invalid/")
    here.rmdir()
    here.write_text("a file where the folder should be")
    assert "cannot be written to" in fetched("http://127.0.0.1:9/")


def ended(downloads: Downloads) -> None:
    for thread in threading.enumerate():
        if thread.name == "weights":
            thread.join(20)
    assert downloads.current() is None


def test_a_slow_file_is_seen_coming_joined_and_stopped(publisher: str, here: Path) -> None:
    Publisher.go_on.clear()
    downloads = Downloads()
    job = downloads.start(Published(GOOD, 1), base=f"{publisher}/slow/")
    assert downloads.start(Published(GOOD, 1), base=f"{publisher}/good/") is job is downloads.current()
    job.stop()
    assert not job.running
    assert job.error == STOPPED
    assert downloads.current() is None
    Publisher.go_on.set()
    ended(downloads)
    assert list(here.iterdir()) == []
    assert job.error == STOPPED


def test_files_come_one_after_the_other_in_the_order_in_which_they_were_asked_for(publisher: str, here: Path) -> None:
    Publisher.go_on.clear()
    downloads = Downloads()
    names = [GOOD.replace("small", name) for name in ("first", "second", "third", "fourth")]
    jobs = [
        downloads.start(Published(name, 1), who=name, base=f"{publisher}/{'slow' if name == names[0] else 'good'}/")
        for name in names
    ]
    assert [downloads.before(job) for job in jobs] == [0, 1, 2, 3]
    assert [job.begun for job in jobs] == [True, False, False, False]
    assert downloads.find(names[2]) is jobs[2]
    jobs[1].stop()
    assert [downloads.before(job) for job in jobs] == [0, 0, 1, 2]
    Publisher.go_on.set()
    assert all(job.wait(30) for job in jobs)
    ended(downloads)
    assert [job.error for job in jobs] == ["", STOPPED, "", ""]
    assert sorted(path.name for path in here.iterdir()) == sorted([names[0], *names[2:]])


class Endless(Fetch):
    """A download that nothing comes of."""

    def run(self) -> None:
        pass


def test_a_person_has_one_download_and_so_many_an_hour(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights_fetch, "Fetch", Endless)
    downloads = Downloads()
    first, second = PUBLISHED_FILES["vgg16"], PUBLISHED_FILES["resnet18"]
    job = downloads.start(first, who="ada")
    assert downloads.start(first, who="ada") is job
    with pytest.raises(WeightsError, match=r"You asked for vgg16-.* a moment ago, and one file comes at a time"):
        downloads.start(second, who="ada")
    other = downloads.start(second, who="grace")
    assert downloads.before(other) == 1
    for _ in range(STARTS_A_PERSON - 1):
        job.stop()
        job = downloads.start(first, who="ada")
    job.stop()
    with pytest.raises(WeightsError, match="6 downloads were started within the last hour by you"):
        downloads.start(first, who="ada")
    downloads.start(first, who="mary")


def test_all_together_start_so_many_an_hour(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights_fetch, "Fetch", Endless)
    monkeypatch.setattr(weights_fetch, "MOST_STARTS", 3)
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    downloads = Downloads()
    for number in range(3):
        downloads.start(PUBLISHED_FILES["vgg16"], who=number).stop()
    with pytest.raises(WeightsError, match="3 downloads were started within the last hour, and no more can"):
        downloads.start(PUBLISHED_FILES["vgg16"], who="late")
    now[0] = weights_fetch.WITHIN + 1
    downloads.start(PUBLISHED_FILES["vgg16"], who="late")


def test_whoever_runs_the_server_may_turn_downloads_off(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNNVIZ_DOWNLOADS", "0")
    with pytest.raises(WeightsError, match=r"Downloads are turned off on this server\. Get vgg16-"):
        Downloads().start(PUBLISHED_FILES["vgg16"])


def test_files_are_offered_to_the_networks_that_they_fit(here: Path) -> None:
    here.mkdir()
    state = {key: torch.ones(shape) for key, shape in needed_shapes("lenet5").items()}
    (here / "mine.pth").write_bytes(saved(state))
    (here / "lenet5-b.safetensors").write_bytes(save(state))
    (here / "old.pt").write_bytes(saved(state, old=True))
    (here / "notes.txt").write_bytes(saved(state))
    (here / ".hidden.pth").write_bytes(saved(state))
    (here / "broken.pth").write_bytes(b"PK\x03\x04 no archive at all")
    (here / "folder.pth").mkdir()
    (here / "resnet18-f37072fd.pth").write_bytes(b"known by its name alone")
    assert files_for("lenet5") == ["lenet5-b.safetensors", "mine.pth", "old.pt"]
    assert files_for("resnet18") == ["resnet18-f37072fd.pth"]
    assert files_for("lenet_modern") == []
    (here / "mine.pth").write_bytes(b"something else now, and not weights")
    assert files_for("lenet5") == ["lenet5-b.safetensors", "old.pt"]
    before = file_key(here / "old.pt")
    (here / "old.pt").write_bytes(b"")
    assert file_key(here / "old.pt") != before


def test_the_folder_is_the_users_cache_if_nobody_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CNNVIZ_WEIGHTS")
    assert weights_folder().parts[-2:] == ("cnnviz", "weights")
    monkeypatch.setenv("CNNVIZ_WEIGHTS", "~/weights of ours")
    assert weights_folder() == Path.home() / "weights of ours"


@pytest.mark.parametrize("text", ["random", "random.7", "ours", "resnet18-f37072fd.pth", "a.safetensors"])
def test_links_are_read_and_written(text: str) -> None:
    assert show_weights(parse_weights(text)) == text


@pytest.mark.parametrize(
    "text", ["", "random.", "random.99999", "../a.pth", "a/b.pth", "a.exe", "a" * 200 + ".pth", "ö.pt"]
)
def test_links_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"it reads random|whole number|largest is 9999"):
        parse_weights(text)


def test_the_shelf_holds_no_more_than_its_limit() -> None:
    shelf = Shelf(limit=10)
    assert [shelf.take(key, 4, key.upper) for key in "ab"] == ["A", "B"]
    assert shelf.find("a") == "A"  # used now: b is the one that goes
    assert shelf.take("c", 4, lambda: "C") == "C"
    assert (shelf.find("a"), shelf.find("b"), shelf.bytes) == ("A", None, 8)
    assert shelf.take("large", 99, lambda: "L") == "L"
    assert shelf.bytes == 99
    with pytest.raises(WeightsError):
        shelf.take("bad", 1, lambda: (_ for _ in ()).throw(WeightsError("no")))
    assert shelf.find("bad") is None
    assert shelf.bytes in {0, 99}


def test_many_sessions_make_a_network_once() -> None:
    shelf, made, begin = Shelf(limit=10), [], threading.Barrier(8)

    def make() -> str:
        made.append(1)
        return "A"

    def visit() -> None:
        begin.wait()
        shelf.take("a", 1, make)

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_networks_weigh_what_their_parameters_do() -> None:
    module = untrained_eyes("squeezenet1_1").module
    assert weight_of("squeezenet1_1") == sum(4 * one.numel() for one in module.parameters())
    assert max(weight_of(name) for name in PUBLISHED_FILES) < SHELF.limit
    assert replace(PUBLISHED_FILES["vgg19"], megabytes=1).limit == 3 * 2**20
