"""What a server process sets up for itself: its settings, its garbage collector, the files that it hands out."""

from __future__ import annotations

import gc
import gzip
import inspect
import tomllib
from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.runtime import app_session

from cnnviz.site import process as runtime
from cnnviz.ui import vendor
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
