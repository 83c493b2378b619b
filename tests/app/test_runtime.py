"""What a server process sets up for itself: its settings, its garbage collector, the files that it hands out."""

from __future__ import annotations

import gc
import gzip
import inspect
import threading
import tomllib
from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.runtime import app_session

from cnnviz.ui import runtime, vendor
from tests.serving import ROOT, copy_of_the_app, frames_of_a_visit, running_app

# Streamlit's own name for the collector is replaced by one that counts what is asked of it.
COUNTS_COLLECTIONS = """
import gc, types
import streamlit as st
from streamlit.runtime.scriptrunner import script_runner

if not hasattr(script_runner, "asked"):
    script_runner.asked = []
    script_runner.gc = types.SimpleNamespace(collect=lambda *generation: script_runner.asked.append(generation))
st.write(f"forced collections: {len(script_runner.asked)}")
"""


def test_the_settings_file_names_only_options_that_exist() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    known = config._config_options_template
    for section, options in settings.items():
        if section != "theme":
            assert {f"{section}.{option}" for option in options} <= set(known)


def test_the_hidden_option_against_forced_collections_still_exists() -> None:
    assert config._config_options_template["runner.postScriptGC"].default_val is True
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["runner"]["postScriptGC"] is False


@pytest.mark.parametrize(("forced", "collections"), [("false", 0), ("true", 1)])
def test_the_hidden_option_still_works(forced: str, collections: int, tmp_path: Path) -> None:
    """Two runs of a page on a real server; with the option on, to show that a collection would be seen."""
    app = copy_of_the_app(tmp_path, page=COUNTS_COLLECTIONS)
    with running_app(f"--runner.postScriptGC={forced}", app=app) as server:
        first, second = (str(frames_of_a_visit(server)) for _ in range(2))
    assert "forced collections: 0" in first
    assert f"forced collections: {collections}" in second


def test_without_the_option_the_collections_are_kept_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "get_option", lambda name: (_ for _ in ()).throw(RuntimeError(name)))
    monkeypatch.setattr(runtime, "_frozen_modules", 0)
    assert runtime.collections_are_forced()
    frozen = gc.get_freeze_count()
    try:
        runtime.keep_collections_short()
        assert gc.get_freeze_count() > frozen
    finally:
        gc.unfreeze()


def test_a_changed_asset_gets_a_new_address_only_in_development(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor, "ASSETS", tmp_path)
    asset = tmp_path / "stage" / "stage.js"
    asset.parent.mkdir()
    asset.write_text("first", encoding="utf-8")
    first = vendor.vendor_url("stage/stage.js")
    asset.write_text("second!", encoding="utf-8")
    assert vendor.vendor_url("stage/stage.js") == first
    monkeypatch.setenv("CNNVIZ_DEV", "1")
    second = vendor.vendor_url("stage/stage.js")
    assert second != first
    assert gzip.decompress(vendor.own_shelf().body("stage/stage.js").packed) == b"second!"
    (tmp_path / "stage" / "draw.js").write_text("a new module", encoding="utf-8")
    assert vendor.vendor_url("stage/stage.js") not in {first, second}, "modules import each other by name"
    assert len(vendor.modules_at_once()) == 1, "nothing imports it yet"
    asset.write_text('import { draw } from "./draw.js";\n', encoding="utf-8")
    assert [url.rpartition("/")[2] for url in vendor.modules_at_once()] == ["stage.js", "draw.js"]


def test_the_kept_theme_is_the_theme(monkeypatch: pytest.MonkeyPatch) -> None:
    write = inspect.unwrap(app_session._populate_theme_msg)
    monkeypatch.setattr(app_session, "_populate_theme_msg", write)
    runtime.keep_theme()
    for section in ("theme", "theme.light", "theme.dark", "theme.sidebar", "theme.light.sidebar", "theme.dark.sidebar"):
        for _ in range(2):
            plain, kept = NewSession(), NewSession()
            write(plain.custom_theme.light, section)
            app_session._populate_theme_msg(kept.custom_theme.light, section)
            assert plain == kept


def test_settings_that_are_read_again_change_the_kept_theme(monkeypatch: pytest.MonkeyPatch) -> None:
    colours: list[str] = []

    def write(message: Any, _section: str = "theme") -> None:
        message.primary_color = f"#{len(colours)}"

    monkeypatch.setattr(app_session, "_populate_theme_msg", write)
    runtime.keep_theme()
    for reread in (False, False, True):
        if reread:
            config.get_config_options(force_reparse=True)
        message = NewSession().custom_theme
        app_session._populate_theme_msg(message)
        colours.append(message.primary_color)
    assert colours == ["#0", "#0", "#2"]


@pytest.mark.parametrize(
    "name", ["none.js", "stage.js", "stage/../stage/stage.js", "../vendor.py", "shared/boot.js", ""]
)
def test_a_name_that_is_not_in_the_table_has_no_address(name: str) -> None:
    with pytest.raises(FileNotFoundError):
        vendor.vendor_url(name)


def test_sessions_compute_in_turn_and_nobody_waits_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "LONGEST_WAIT", 5)
    together, most = [], []

    @runtime.in_turn
    def compute(depth: int) -> None:
        together.append(1)
        most.append(len(together))
        if depth:
            compute(depth - 1)  # a fragment inside a page: the same thread enters again
        together.pop()

    threads = [threading.Thread(target=compute, args=(1,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert max(most) == 2, "one thread at a time, itself twice"

    monkeypatch.setattr(runtime, "LONGEST_WAIT", 0.01)
    slow, done = threading.Event(), threading.Event()

    def hold() -> None:
        slow.set()
        done.wait(20)

    holder = threading.Thread(target=runtime.in_turn(hold))
    holder.start()
    assert slow.wait(20)
    assert runtime.in_turn(lambda: "went ahead")() == "went ahead"
    done.set()
    holder.join(timeout=20)


def test_who_comes_back_waits_no_longer_than_who_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "LONGEST_WAIT", 0.01)
    others, done = threading.Event(), threading.Event()

    @runtime.in_turn
    def hold() -> None:
        others.set()
        done.wait(60)

    holder = threading.Thread(target=hold)

    @runtime.in_turn
    def page() -> str:
        with runtime.out_of_turn():
            holder.start()
            assert others.wait(60)
        return "went ahead"

    came = threading.Event()

    def visit() -> None:
        if page() == "went ahead":
            came.set()

    visitor = threading.Thread(target=visit, daemon=True)
    visitor.start()
    try:
        assert came.wait(30), "the page still waits for its turn"
    finally:
        done.set()
        holder.join(timeout=60)
    visitor.join(timeout=60)
    assert runtime.in_turn(lambda: "next")() == "next"


def test_a_crash_gives_the_turn_back() -> None:
    def crash() -> None:
        raise ValueError("on purpose")

    with pytest.raises(ValueError, match="on purpose"):
        runtime.in_turn(crash)()
    nothing = runtime.in_turn(lambda: None)
    other = threading.Thread(target=nothing)
    other.start()
    other.join(timeout=0.2)
    assert not other.is_alive(), "the next session still waits"
