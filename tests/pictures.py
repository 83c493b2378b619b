"""Makes the README's pictures anew from the running app: `make pictures`, or `python -m tests.pictures FOLDER`."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.browser import chromium
from tests.serving import ROOT, running_app

SIZE: ViewportSize = {"width": 1280, "height": 760}
PATIENCE = 60_000
"""Milliseconds until a page has drawn all that it draws."""
PICTURES = {
    "convolution": ("convolution?n=7&s=2&p=1&x=lecture&w=sobel&at=output.1.2", "[data-cnnviz=stage][data-painted]"),
    "feature_maps": ("feature_maps?see=digit.7.3", "[data-cnnviz=wall]"),
}
"""By name: the link that it shows, and what must have been drawn before it is taken."""


def main(arguments: list[str]) -> int:
    """Take all pictures."""
    folder = Path(arguments[0]) if arguments else ROOT / "assets" / "pictures"
    with running_app() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.executable(), args=list(chromium.FLAGS))
        for name, (link, drawn) in PICTURES.items():
            page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
            page.goto(f"{server.url}/{link}")
            page.locator(drawn).first.wait_for(timeout=PATIENCE)
            _settle(page)
            picture = Image.open(io.BytesIO(page.screenshot()))
            picture.quantize(256, dither=Image.Dither.NONE).save(folder / f"{name}.png", optimize=True)
            page.close()
        browser.close()
    return 0


def _settle(page: Page) -> None:
    """Wait until Streamlit has finished and nothing is painted any more."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=PATIENCE)
    page.wait_for_function("document.fonts.status === 'loaded'", timeout=PATIENCE)
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
