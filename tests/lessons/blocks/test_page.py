"""The Blocks page without a browser: links, controls, what is clicked."""

from __future__ import annotations

from functools import partial

import pytest

from cnnviz.lessons.blocks.examples import BLOCKS_PRESETS
from tests.ui.lesson import box, opened_in_the_app, url, words
from tests.ui.pictures import answered, by_title, titles

page = partial(opened_in_the_app, "blocks")


@pytest.mark.parametrize("preset", BLOCKS_PRESETS, ids=lambda preset: preset.name)
def test_every_example_opens_and_stands_as_written(preset) -> None:
    app = page("&".join(f"{name}={text}" for name, text in preset.state.items()))
    assert url(app) == dict(preset.state)
    assert box(app, "Example").value == preset.name
    assert not app.warning


def test_what_is_built_in_shows() -> None:
    app = page()
    assert titles(app)[1:] == ["Without: after layer 10", "With: before batch norm", "With: after layer 10"]
    assert "the maps shrink from layer to layer" in words(app)
    assert "little is left without" in words(app)
    answered("blocks", app, 1, set={"with": "both", "depth": "6", "at": "40", "map": "3", "gain": "1.2", "eval": "1"})
    assert url(app) == {"with": "both", "depth": "6", "at": "40", "map": "3", "gain": "1.2", "eval": "1"}
    assert titles(app)[2:] == ["With: what it adds", "With: after layer 6"]
    shown = by_title(app)
    assert (shown["With: after layer 6"] >= 0).all()


def test_a_click_chooses_the_output_of_the_bottleneck() -> None:
    app = page("with=skip")
    answered("blocks", app, 1, set={"levels": "2"}, click=[3, 5, 60])
    assert url(app) == {"with": "skip", "levels": "2", "unit": "5.60"}
    assert "the output at (5, 60) hears all 4×4 pixels" in words(app)


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("with=dropout", "norm, shortcut, both, skip"),
        ("gain=9", "it lies between 0.1 and 3"),
        ("gain=nan", "that is not a number"),
        ("n=0", "the smallest is 1"),
        ("unit=70.1", "from 0 to 63"),
    ],
)
def test_bad_links_get_a_sentence(link: str, says: str) -> None:
    app = page(link)
    assert says in " ".join(one.value for one in app.warning)
