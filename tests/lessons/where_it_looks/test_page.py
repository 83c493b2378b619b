"""The page Where it looks without a browser: links, what is chosen, clicks, random weights."""

from __future__ import annotations

from functools import partial

import pytest

from cnnviz.lessons.where_it_looks.examples import WHERE_PRESETS
from tests.ui import pictures
from tests.ui.lesson import box, opened_alone, url, words
from tests.ui.pictures import head, titles

page = partial(opened_alone, "where_it_looks")


def answered(app, seq: int, **answer):
    app = pictures.answered("where_it_looks", app, seq, **answer)
    assert not app.exception, app.exception
    return app


def test_it_opens_on_a_seven_with_four_pictures() -> None:
    app = page()
    assert titles(app) == ["The picture", "Gradient", "Grad-CAM", "Score lost when covered"]
    assert url(app) == {"net": "digits_lenet"}
    assert "The network says **7**" in words(app)
    assert not app.warning


@pytest.mark.parametrize("preset", WHERE_PRESETS, ids=lambda preset: preset.name)
def test_every_example_opens_and_stands_as_written(preset) -> None:
    app = page("&".join(f"{name}={text}" for name, text in preset.state.items()))
    assert url(app) == dict(preset.state)
    assert box(app, "Example").value == preset.name
    assert not app.warning


def test_controls_become_the_state() -> None:
    app = page()
    answered(app, 1, set={"way": "times", "l": "5", "patch": "9", "cover": "black", "show": "numbers"})
    assert url(app) == {
        "net": "digits_lenet", "way": "times", "layer": "relu2", "patch": "9", "cover": "black", "show": "numbers",
    }  # fmt: skip
    answered(app, 2, click=[0, 3, 3])
    assert url(app)["at"] == "3.3"
    assert "rows 0 to 7, columns 0 to 7 covered" in words(app)
    answered(app, 3, click=[3, 13, 13])
    assert url(app)["at"] == "27.27"
    box(app, "Class").set_value(3).run()
    assert url(app)["class"] == "3"
    assert "You ask about **3**" in words(app)
    box(app, "Class").set_value(-1).run()
    assert "class" not in url(app)


def test_random_weights_say_so() -> None:
    assert "nothing was learned" in words(page("net=shapes_vgg&random=1"))


def test_a_published_network_is_covered_when_asked() -> None:
    app = page("net=squeezenet1_1&see=star.4&patch=112&step=112")
    assert len(head(app)["panels"]) == 3
    next(one for one in app.button if one.key == "where_it_looks_cover").click().run()
    assert not app.exception
    assert len(head(app)["panels"]) == 4


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("class=10", "class 10, but the last one is 9"),
        ("class=x", "the class “x”"),
        ("layer=fc1", "“fc1” is none"),
        ("patch=15", "covers too much of 28 pixels; the largest here is 14"),
        ("at=3", "row.column"),
        ("way=guided", "the gradient “guided”"),
        ("net=digits_lenet&class=99999", "the largest is 9999"),
    ],
)
def test_bad_links_get_a_sentence(link: str, says: str) -> None:
    app = page(link)
    assert says in " ".join(one.value for one in app.warning)
    assert len(head(app)["panels"]) == 4


def test_what_is_said_about_an_example_stands_above_the_pictures() -> None:
    said = words(page("net=shapes_vgg&random=1"))
    assert said.index("A network that learned nothing") < said.index("The network says")
