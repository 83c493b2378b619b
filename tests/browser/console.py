"""What a page complains about: uncaught errors, and errors in the browser's console."""

from __future__ import annotations

import re

from playwright.sync_api import ConsoleMessage, Error, Page

# A page below the root asks for Streamlit's own addresses there first, to find out at which base path the app lives.
STREAMLITS_OWN = (r"404 .*/_stcore/(health|host-config)",)


class Console:
    """Collects complaints. A test that provokes some says so: `console.allow(r"ERR_CONNECTION_REFUSED")`."""

    def __init__(self) -> None:
        self._complaints: list[str] = []
        self._allowed = list(STREAMLITS_OWN)

    def listen(self, page: Page) -> None:
        page.on("console", self.hear)
        page.on("pageerror", self.uncaught)

    def allow(self, *patterns: str) -> None:
        self._allowed.extend(patterns)

    def complaints(self) -> list[str]:
        return [said for said in self._complaints if not any(re.search(one, said, re.S) for one in self._allowed)]

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._complaints.append(f"{message.text} {message.location.get('url', '')}")

    def uncaught(self, error: Error) -> None:
        self._complaints.append(f"uncaught: {error}")
