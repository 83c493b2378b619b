"""The running app, for the tests that need a real server: those in tests/app and in tests/browser."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.serving import Server, running_app


def pytest_collection_finish() -> None:
    """Eleven thousand tests and torch stay until the end: no collection needs to look at them again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One running app for the whole session. Tests that change its settings start their own."""
    with running_app() as running:
        yield running
