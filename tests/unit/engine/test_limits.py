"""Settings from the environment: a number, a switch, and a sentence for what is neither."""

from __future__ import annotations

import pytest

from cnnviz.engine.limits import check_limits, switch, whole_number

NAME = "CNNVIZ_OF_A_TEST"


@pytest.mark.parametrize(("text", "value"), [("", 7), ("  ", 7), ("1", 1), (" 250 ", 250)])
def test_a_number_or_the_default(monkeypatch: pytest.MonkeyPatch, text: str, value: int) -> None:
    monkeypatch.setenv(NAME, text)
    assert whole_number(NAME, 7) == value


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", "²", "1e3", "9" * 5000 + "x"])
def test_no_number_is_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(NAME, text)
    with pytest.raises(ValueError, match=rf"{NAME} holds .* whole number of at least 1\. Without the setting it is 7"):
        whole_number(NAME, 7)


@pytest.mark.parametrize(("text", "value"), [("", True), ("1", True), ("0", False)])
def test_a_switch(monkeypatch: pytest.MonkeyPatch, text: str, value: bool) -> None:
    monkeypatch.setenv(NAME, text)
    assert switch(NAME) is value


def test_no_switch_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "off")
    with pytest.raises(ValueError, match=f"{NAME} holds 'off': write 1 or 0"):
        switch(NAME)


@pytest.mark.parametrize("name", ["CNNVIZ_DOWNLOADS", "CNNVIZ_PICTURES_MB", "CNNVIZ_OWN_MAPS_MB"])
def test_a_bad_setting_stops_the_start(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    check_limits()
    monkeypatch.setenv(name, "lots")
    with pytest.raises(ValueError, match=f"{name} holds 'lots'"):
        check_limits()
