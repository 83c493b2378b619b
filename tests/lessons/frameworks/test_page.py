"""The Frameworks page and the Solver's open numbers, without a browser."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.lessons.frameworks.examples import FRAMEWORKS_PRESETS
from cnnviz.lessons.solver.examples_open import OPEN_PRESETS
from tests.ui.lesson import box, html, opened_alone, url, words


def button(app: AppTest, label: str):
    return next(one for one in app.button if one.label == label)


def link_of(preset) -> str:
    return "&".join(f"{name}={value}" for name, value in preset.state.items())


def test_the_first_view_shows_the_shift():
    app = opened_alone("frameworks")
    assert "each stands 1 cell further right" in words(app)
    assert "output 0 stands on cell 1" in html(app)
    assert url(app) == {}
    assert any("F.pad(x, (2, 3, 2, 3))" in one.value for one in app.code)


@pytest.mark.parametrize("preset", FRAMEWORKS_PRESETS, ids=lambda preset: preset.name)
def test_every_example_opens_and_stands_as_written(preset):
    app = opened_alone("frameworks", link_of(preset))
    assert url(app) == dict(preset.state)
    assert preset.title in words(app)
    other = opened_alone("frameworks", "n=9&k=5")
    box(other, "Example").set_value(preset.name).run()
    assert url(other) == dict(preset.state)


def test_settings_change_the_url():
    app = opened_alone("frameworks")
    box(app, "Kernel").set_value(3).run()
    box(app, "PyTorch’s padding").set_value(1).run()
    assert url(app) == {"k": "3", "p": "1"}
    assert "MobileNet" in words(app)


@pytest.mark.parametrize(
    "link", ["op=pool&n=1&k=16&p=16&d=8", "n=1&k=16&p=0&d=8&s=8", "op=pool&k=9&n=4&p=4&s=3", "n=x&k=99"]
)
def test_refusals_and_bad_links_are_told(link):
    app = opened_alone("frameworks", link)
    assert "Refused." in html(app)
    assert bool(app.warning) == ("x" in link)


@pytest.mark.parametrize("preset", OPEN_PRESETS, ids=lambda preset: preset.name)
def test_every_open_example(preset):
    app = opened_alone("solver", link_of(preset))
    assert url(app) == dict(preset.state)
    assert preset.note in words(app)
    assert bool(app.success) == (preset.name != "impossible")


def test_an_open_number_is_found_and_put_in():
    app = opened_alone("solver", "do=open&f=256_conv.~.s2.p1_pool.4.s1_125")
    assert "2 values of the kernel work. The simplest is kernel 3" in app.success[0].value
    button(app, "Put in kernel 4").click().run()
    assert url(app)["f"] == "256_conv.4.s2.p1_pool.4.s1_125"
    assert app.success[0].value == "It comes out: 256 → 128 → 125."
    button(app, "Every layer in detail").click().run()
    assert (url(app)["do"], url(app)["layers"]) == ("chain", "conv.4.s2.p1_pool.4.s1")
    assert "256 becomes 125 in 2 layers" in words(app)


def test_numbers_open_and_close_by_a_click():
    app = opened_alone("solver", "do=open")
    pills = app.button_group[1]
    assert pills.value == [3]
    pills.set_value([2]).run()
    assert url(app)["f"] == "256_conv.3.s~.p1_pool.4.s1_125", "the padding keeps what worked"
    app.button_group[1].set_value([1, 2, 3]).run()
    assert "At most 2 numbers" in app.warning[0].value
    assert app.button_group[1].value == [2]


def test_the_nearest_is_offered():
    app = opened_alone("solver", "do=open&f=256_conv.3.s~.p1_pool.4.s1_126")
    assert "The nearest: stride 2 gives 125; stride 1 gives 253." in app.warning[0].value
    button(app, "Put in stride 2, output 125").click().run()
    assert app.success[0].value == "It comes out: 256 → 128 → 125."


def test_typing_a_chain():
    app = opened_alone("solver", "do=open")
    box(app, "Chain of layers, with ? for what is looked for").set_value("7 -> transposed ? s2 -> 14").run()
    assert "Kernel 2 is the only one that works: 7 → 14." in app.success[0].value
    box(app, "Chain of layers, with ? for what is looked for").set_value("7 -> relu -> 14").run()
    assert "begins with conv" in app.error[0].value
