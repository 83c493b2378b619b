"""Finds the browser for the tests and benchmarks, and installs one where there is none.

`executable()` is what tests use. `python tests/browser/chromium.py --install` is what the Makefile calls.
A missing browser is an error and never a reason to skip: a stage that nobody looked at is not tested.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
USUAL_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
)
# What keeps a browser quiet, alike on every machine, and off the network.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoBrowserError(RuntimeError):
    """There is no Chromium on this machine."""


def executable() -> str:
    """The path of a Chromium: CNNVIZ_CHROMIUM, the system's, or Playwright's own."""
    chosen = os.environ.get("CNNVIZ_CHROMIUM")
    if chosen:
        if not Path(chosen).is_file():
            raise NoBrowserError(f"CNNVIZ_CHROMIUM is {chosen!r}, and there is no such file.")
        return chosen
    found = next(filter(None, map(shutil.which, NAMES)), None) or next(
        (place for place in USUAL_PLACES if Path(place).is_file()), None
    )
    found = found or _playwrights_own()
    if found is None:
        raise NoBrowserError(
            "The browser tests need Chromium or Chrome. Install one, or run `python tests/browser/chromium.py "
            "--install`, or set CNNVIZ_CHROMIUM to the path of one."
        )
    return found


def install() -> str:
    """The path of a Chromium, downloaded by Playwright or installed by apt if there is none yet."""
    try:
        return executable()
    except NoBrowserError:
        print("No Chromium found. Installing one ...", flush=True)
    attempts = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        attempts.append(["apt-get", "update", "--quiet=2"])
        attempts.append(["apt-get", "install", "--yes", "--quiet=2", "chromium", "fonts-dejavu-core"])
    for command in attempts:
        # A failure is not the end (there may be no download from here); what counts is a browser afterwards.
        subprocess.run(command, check=False, timeout=600)
        try:
            return executable()
        except NoBrowserError:
            continue
    return executable()


def _playwrights_own() -> str | None:
    """The browser that `playwright install chromium` downloads, if it did."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


if __name__ == "__main__":
    print(install() if "--install" in sys.argv[1:] else executable())
