"""`streamlit run app.py` opens the app where somebody sits before the machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.serving import ROOT, START_LIMIT, free_port


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere another command opens a browser")
@pytest.mark.parametrize(("headless", "opens"), [("false", True), ("true", False)])
def test_the_app_opens_itself_unless_there_is_no_screen(tmp_path: Path, headless: str, opens: bool) -> None:
    told, browser, port = tmp_path / "told", tmp_path / "xdg-open", free_port()
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {tmp_path}/part && mv {tmp_path}/part {told}\n', encoding="utf-8")
    browser.chmod(0o755)
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), f"--server.port={port}"]
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, f"--server.headless={headless}"],
            env=os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        begin = time.monotonic()
        done = told.exists if opens else lambda: "Room for" in log.read_text(encoding="utf-8")
        while not done() and time.monotonic() - begin < START_LIMIT:
            time.sleep(0.05)  # another process's file has no other way to say that it is there
        assert told.exists() == opens, log.read_text(encoding="utf-8")
        if opens:
            assert told.read_text(encoding="utf-8") == f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)
