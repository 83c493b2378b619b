"""The running app, for the tests that need a real server; and what all tests of pages need."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

from tests.serving import Server, running_app

SLOW = re.compile(
    r"tests/(browser|site|ui|hostile|test_links|engine/(tasks|training))|/test_\w*(page|hostile|random|worker)"
)
"""Files whose tests open pages, start processes or search long: `make fast` leaves them out."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, by where it lies."""
    for item in items:
        if SLOW.search(item.path.as_posix()):
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """Eleven thousand tests and torch stay until the end: no collection needs to look at them again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One running app for the whole session. Tests that change its settings start their own."""
    with running_app() as running:
        yield running


@pytest.fixture(scope="session", autouse=True)
def installed_components() -> Iterator[None]:
    """Look for installed components once: every run of an AppTest reads all packages' metadata for them, 40 % of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield
