"""Both themes on a bad projector: every pair of colours that meets on a page keeps its contrast."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.serving import ROOT

THEMES: dict[str, Any] = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
READABLE = 4.5
EASY = 7.0
NAMES = ("red", "orange", "yellow", "green", "blue", "violet", "gray")


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_is_easy_to_read_on_every_surface(mode: str) -> None:
    for theme in (THEMES[mode], THEMES[mode]["sidebar"]):
        for surface in ("backgroundColor", "secondaryBackgroundColor", "codeBackgroundColor"):
            assert contrast(theme["textColor"], theme[surface]) >= EASY
            assert contrast(theme["linkColor"], theme[surface]) >= READABLE
            assert contrast(theme["codeTextColor"], theme[surface]) >= EASY


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_primary_colour_works_as_text_and_under_white_text(mode: str) -> None:
    theme = THEMES[mode]
    assert contrast(theme["primaryColor"], "#ffffff") >= READABLE
    assert contrast(theme["primaryColor"], theme["backgroundColor"]) >= READABLE
    assert contrast(theme["sidebar"]["primaryColor"], theme["sidebar"]["backgroundColor"]) >= READABLE


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_messages_and_coloured_words_are_readable(mode: str, name: str) -> None:
    theme = THEMES[mode]
    assert contrast(theme[f"{name}TextColor"], theme[f"{name}BackgroundColor"]) >= READABLE
    assert contrast(theme[f"{name}TextColor"], theme["backgroundColor"]) >= READABLE


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_chart_colours_stand_out_from_the_page(mode: str) -> None:
    theme = THEMES[mode]
    assert all(contrast(colour, theme["backgroundColor"]) >= 3 for colour in theme["chartCategoricalColors"])
    assert len(theme["chartSequentialColors"]) == len(theme["chartDivergingColors"]) == 10


def test_no_font_comes_over_the_network() -> None:
    assert not any("http" in str(value) for value in THEMES.values() if isinstance(value, str))


def test_the_chosen_button_of_a_row_is_not_left_to_streamlit() -> None:
    """Streamlit writes the primary colour on a tenth of itself, too faint on a dark page; assets/app.css takes over."""
    dark = THEMES["dark"]
    mixed = [
        round(0.1 * int(dark["primaryColor"][i : i + 2], 16) + 0.9 * int(dark["backgroundColor"][i : i + 2], 16))
        for i in (1, 3, 5)
    ]
    tint = "#" + "".join(f"{channel:02x}" for channel in mixed)
    assert contrast(dark["primaryColor"], tint) < READABLE, "then the rule is no longer needed"
    assert contrast(dark["textColor"], tint) >= EASY
    page = AppTest.from_file(str(ROOT / "cnnviz" / "site" / "main.py"), default_timeout=30).run()
    styles = [element.proto.body for element in page.get("html")]
    assert any('stButtonGroup"] button[aria-checked="true"]' in style for style in styles)
