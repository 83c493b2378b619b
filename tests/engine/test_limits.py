"""Settings from the environment: a number, a switch, and a sentence for what is neither."""

from __future__ import annotations

import pytest

from cnnviz.engine.limits import DOWNLOADS, Limit, downloads_allowed
from cnnviz.errors import SettingError
from cnnviz.site.limits import LIMITS, check_limits

LIMIT = Limit("CNNVIZ_OF_A_TEST", 7, "tests")


@pytest.mark.parametrize(("text", "value"), [("", 7), ("  ", 7), ("1", 1), (" 250 ", 250)])
def test_a_number_or_the_default(monkeypatch: pytest.MonkeyPatch, text: str, value: int) -> None:
    monkeypatch.setenv(LIMIT.name, text)
    assert LIMIT.value() == value


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", "²", "1e3", "9" * 5000, "٣"])
def test_no_number_is_named(text: str) -> None:
    with pytest.raises(SettingError, match=rf"{LIMIT.name} is .*must be a whole number from 1 to 1000000, like 7\."):
        LIMIT.value({LIMIT.name: text})


@pytest.mark.parametrize(("text", "value"), [("", True), ("1", True), ("0", False)])
def test_a_switch(monkeypatch: pytest.MonkeyPatch, text: str, value: bool) -> None:
    monkeypatch.setenv(DOWNLOADS, text)
    assert downloads_allowed() is value


@pytest.mark.parametrize("name", [DOWNLOADS, *(limit.name for limit in LIMITS)])
def test_a_bad_setting_stops_the_start(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    check_limits()
    monkeypatch.setenv(name, "lots")
    with pytest.raises(SettingError, match=f"{name} is 'lots'"):
        check_limits()
