"""The tab that all browser tests of a worker share."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.console import Console
from tests.browser.tab import Tab, arrive
from tests.serving import running_app


def test_a_page_whose_server_was_stopped_complains_to_nobody(tabs: Callable[[int], Tab], console: Console) -> None:
    tab = tabs(1400)
    with running_app() as server:
        arrive(tab.ready("light", 1400, Console()), server.url)
    page = tab.ready("light", 1400, console)
    assert page.url == "about:blank"
    assert console.complaints() == []
