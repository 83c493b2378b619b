"""The door to a network's weights, without a browser: random ones, a file, the server's folder, the download."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save
from streamlit.testing.v1 import AppTest

from cnnviz.engine.networks.weights.cache import SHELF
from cnnviz.engine.networks.weights.fitting import needed_shapes
from tests.hostile.strangers import HOSTILE, obeyed
from tests.hostile.weights import saved


def page() -> None:
    import streamlit as st

    from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
    from cnnviz.ui.lesson import lesson_part
    from cnnviz.ui.weights.door import offer_weights, weights_query

    st.session_state.setdefault("name", st.query_params.get("net", "squeezenet1_1"))

    def take(name: str) -> None:
        st.session_state.name = name

    @lesson_part("weights")
    def part() -> None:
        name = st.selectbox("Network", list(ARCHITECTURES), key="name")
        eyes = offer_weights(name, switch=take)
        st.query_params.from_dict({"net": name, **weights_query(name)})
        first = next(iter(eyes.module.state_dict().values()))
        st.text(
            f"{eyes.network.name} {eyes.source} {1024 * float(first.flatten()[0]):.3f} "
            f"{len(eyes.classes)} {eyes.digest}"
        )

    part()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CNNVIZ_WEIGHTS", str(tmp_path))
    return tmp_path


def opened(**query: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return ran(app.run())


def ran(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    return app


def now(app: AppTest) -> list[str]:
    return app.text[0].value.split()[:4]


def url(app: AppTest) -> dict[str, str]:
    return {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()}


def way(app: AppTest, name: str) -> AppTest:
    return ran(app.radio[0].set_value(name).run())


def state(name: str, value: float) -> dict[str, Any]:
    return {key: torch.full(shape, value / 1024) for key, shape in needed_shapes(name).items()}


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    return ran(app.file_uploader[0].set_value((name, data, "application/octet-stream")).run())


def test_random_weights_until_something_is_loaded() -> None:
    app = opened()
    assert now(app)[1] == "random"
    assert app.radio[0].options == ["Random", "From a file", "Download"]
    assert "drawn with the seed 0" in app.markdown[0].value
    before = now(app)
    app.number_input[0].set_value(7).run()
    assert now(app) != before
    assert url(app) == {"net": "squeezenet1_1", "w": "random.7"}
    assert now(opened(**url(app))) == now(app)
    assert app.session_state["_weights_held"]


def test_a_file_of_ones_own_is_read_once_and_follows_the_learner() -> None:
    app = way(opened(), "file")
    upload(app, "mine (1).pth", saved({"state_dict": state("squeezenet1_1", 0.5)}))
    assert now(app) == ["squeezenet1_1", "mine", "(1).pth", "0.500"]
    assert url(app) == {"net": "squeezenet1_1"}
    assert app.file_uploader[0].value is None
    held = app.session_state["_weights_held"]["squeezenet1_1"]
    assert SHELF.find(held.key) is not None
    ran(app.selectbox(key="name").set_value("lecture_cnn").run())
    assert now(app)[:2] == ["lecture_cnn", "random"]
    assert app.radio[0].options == ["Random", "From a file"]
    ran(app.selectbox(key="name").set_value("squeezenet1_1").run())
    assert now(app)[3] == "0.500"
    way(app, "random")
    assert now(app)[1] == "random"
    stranger = opened()
    assert now(stranger)[1] == "random"


def test_weights_that_had_to_make_room_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = upload(way(opened(net="lecture_cnn"), "file"), "a.safetensors", save(state("lecture_cnn", 0.5)))
    assert now(app)[2] == "0.500"
    monkeypatch.setattr(SHELF, "find", lambda key: None)
    ran(app.run())
    assert "The weights of a.safetensors had to make room for others" in app.warning[0].value
    assert now(app)[1] == "random"


def test_a_file_of_another_network_is_offered_to_that() -> None:
    app = upload(way(opened(), "file"), "x.pth", saved(state("lenet5", 0.25)))
    assert "does not fit SqueezeNet 1.1" in app.warning[0].value
    assert "It does fit LeNet-5 (1998)." in app.warning[0].value
    assert now(app)[1] == "random"
    ran(app.button(key="_weights_to_lenet5").click().run())
    assert now(app) == ["lenet5", "x.pth", "0.250", "10"]
    assert not app.warning


def test_hostile_files_leave_a_sentence_and_the_weights_of_before() -> None:
    app = way(opened(net="lecture_cnn"), "file")
    for data, said in (
        (b"no weights at all, but text", "no file of weights"),
        (saved(torch.nn.ReLU()), "wants to call"),
    ):
        upload(app, "<b>[a](b)`.pth", data)
        assert said in app.warning[0].value
        assert now(app)[1] == "random"
    assert not ran(app.run()).warning


def test_a_file_with_a_last_layer_of_its_own() -> None:
    tensors = state("squeezenet1_1", 0.5)
    for key in ("classifier.1.weight", "classifier.1.bias"):
        tensors[key] = tensors[key][:3]
    app = upload(way(opened(), "file"), "tuned.pth", saved(tensors))
    assert now(app)[-1] == "3"
    assert "Its last layer has 3 classes of its own" in app.markdown[0].value


def test_the_servers_files_are_for_all(folder: Path) -> None:
    (folder / "a.safetensors").write_bytes(save(state("squeezenet1_1", 0.5)))
    (folder / "b.pth").write_bytes(saved(state("squeezenet1_1", 0.75)))
    (folder / "c.pth").write_bytes(saved(state("lenet5", 0.75)))
    app = way(opened(), "server")
    assert now(app) == ["squeezenet1_1", "a.safetensors", "0.500", "1000"]
    assert url(app)["w"] == "a.safetensors"
    assert app.selectbox[1].options == ["a.safetensors", "b.pth"]
    ran(app.selectbox[1].set_value("b.pth").run())
    assert url(app) == {"net": "squeezenet1_1", "w": "b.pth"}
    other = opened(**url(app))
    assert now(other) == now(app)
    assert other.text[0].value == app.text[0].value  # the same one in memory
    ran(other.selectbox(key="name").set_value("lenet5").run())
    assert not other.warning
    assert url(other) == {"net": "lenet5"}
    (folder / "b.pth").unlink()
    ran(app.run())
    assert "b.pth" in app.warning[0].value
    assert now(app)[1] == "random"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gone.pth", "there is no such file on this server"),
        ("../../etc/passwd", "it reads random, random.7"),
        ("random.123456", "the largest is 9999"),
        ("ours", "SqueezeNet 1.1 is none of the networks that come with the app"),
        ("x" * 5000, "it reads random"),
    ],
)
def test_bad_links_are_named(text: str, said: str) -> None:
    app = opened(net="squeezenet1_1", w=text)
    assert said in app.warning[0].value
    assert len(app.warning[0].value) < 300
    assert url(app) == {"net": "squeezenet1_1"}
    assert now(app)[1] == "random"


def test_a_link_to_a_file_of_another_network(folder: Path) -> None:
    (folder / "c.pth").write_bytes(saved(state("lenet5", 0.75)))
    app = opened(net="squeezenet1_1", w="c.pth")
    assert "It does fit LeNet-5 (1998)." in app.warning[0].value
    assert url(app) == {"net": "squeezenet1_1"}


def test_our_own_network_is_trained_already() -> None:
    app = opened(net="digits_lenet")
    assert now(app)[1] == "ours"
    assert app.radio[0].options == ["Trained by us", "Random", "From a file"]
    way(app, "random")
    assert url(app) == {"net": "digits_lenet", "w": "random"}
    way(app, "ours")
    assert url(app) == {"net": "digits_lenet"}


def test_the_download_ends_in_a_sentence_or_in_the_weights(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cnnviz.engine.networks.weights import fetch as weights_fetch
    from cnnviz.ui.weights import fetch as ui_fetch

    job: Any = None

    class Held(weights_fetch.Fetch):
        def run(self) -> None:
            nonlocal job
            job = self
            self.done = 2 * 2**20

    monkeypatch.setattr(weights_fetch, "Fetch", Held)
    monkeypatch.setattr(ui_fetch, "DOWNLOADS", weights_fetch.Downloads())
    app = way(opened(), "download")
    ran(app.button[0].click().run())
    assert "2 of 5 MB of squeezenet1_1-b8a52dc0.pth" in app.get("progress")[0].proto.text
    watcher = way(opened(), "download")
    assert any("Another session asked for it" in one.value for one in watcher.markdown)
    assert not watcher.button
    busy = way(opened(net="mobilenet_v2"), "download")
    ran(busy.button[0].click().run())
    waits = (
        "mobilenet_v2-b0353104.pth waits: one file comes first, for one comes at a time. squeezenet1_1-b8a52dc0.pth: "
    )
    assert any(one.value.startswith(waits) for one in busy.markdown)
    ran(busy.button(key="_weights_stop").click().run())
    ran(app.button(key="_weights_stop").click().run())
    assert "was stopped" in app.warning[0].value
    ran(app.button[0].click().run())
    (folder / "squeezenet1_1-b8a52dc0.pth").write_bytes(saved(state("squeezenet1_1", 0.5)))
    job._ended.set()
    ran(app.run())
    assert now(app)[1] == "squeezenet1_1-b8a52dc0.pth"
    assert url(app)["w"] == "squeezenet1_1-b8a52dc0.pth"
    assert app.radio[0].options == ["Random", "On this server", "From a file"]


@pytest.mark.parametrize("evil", [one for one in HOSTILE if len(one) < 100 and one.isprintable()])
def test_names_of_files_and_tensors_are_only_words(evil: str) -> None:
    """A good file's name stands in the label of the door, and a bad one's tensors in a message."""
    app = way(opened(net="lecture_cnn"), "file")
    upload(app, f"{evil.replace('/', '_')}.pth", save(state("lecture_cnn", 0.5)))
    assert now(app)[-2] == "0.500"
    assert list(obeyed(app)) == []
    upload(app, f"{evil.replace('/', '_')}.pth", save({evil: torch.zeros(3)}))
    assert list(obeyed(app)) == []
    assert "evil" in app.warning[0].value
    app = opened(net="lecture_cnn", w=evil)
    assert list(obeyed(app)) == []
    assert "evil" in app.warning[0].value


def test_where_downloads_are_turned_off_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNNVIZ_DOWNLOADS", "0")
    app = way(opened(), "download")
    assert not app.button
    assert any("Downloads are turned off on this server. Get squeezenet1_1-" in one.value for one in app.markdown)
