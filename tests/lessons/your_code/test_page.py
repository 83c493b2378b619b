"""The page for one's own code, without a browser."""

import pytest

from cnnviz.engine.networks.code.reader import LONGEST_CODE
from cnnviz.lessons.your_code.spec_examples import CODE_EXAMPLES
from cnnviz.state.network_choice import pack_code
from cnnviz.ui.network import CODE
from tests.ui.lesson import box, opened_alone, url


@pytest.mark.parametrize("example", CODE_EXAMPLES, ids=lambda example: example.name)
def test_every_example_of_code_is_read(example):
    app = opened_alone("your_code", f"ex={example.name}")
    assert not app.warning
    assert bool(app.error) == (example.name in {"features", "channels", "flatten", "shortcut"})
    if app.error:
        assert [one for one in app.button if (one.key or "").startswith("your_code_mend")]
    else:
        assert app.success


def test_a_mend_is_one_click():
    app = opened_alone("your_code", "ex=features")
    assert "2,704 arrive" in app.error[0].value
    app.button(key="your_code_mend_0").click().run()
    assert not app.error
    code = app.text_area[0].value
    assert code is not None
    assert "in_features" not in code
    assert "nn.Linear(2704, 120)" in code
    assert set(url(app)) == {"c", "in"}


def test_typed_code_stays_in_the_link_and_follows_to_the_other_page():
    app = opened_alone("your_code")
    code = "nn.Sequential(nn.Conv2d(3, 7, 3), nn.ReLU())"
    app.text_area[0].set_value(code).run()
    assert app.success
    assert url(app)["c"] == pack_code(code)
    other = opened_alone("networks", f"c={url(app)['c']}&in=3.8.8")
    assert {one.label: one.value for one in other.metric}["Output"] == "7×6×6"
    assert box(other, "Network").value == "own"


def test_what_is_not_understood_is_named_with_its_line():
    app = opened_alone("your_code")
    app.text_area[0].set_value("m = nn.Sequential(\n    nn.Conv2d(3, 7, 3),\n    nn.LSTM(7, 7),\n)").run()
    assert "Line 3: nn.LSTM" in app.warning[0].value
    app.text_area[0].set_value("while True: pass").run()
    assert "does not come to an end" in app.warning[0].value
    assert not app.exception


def test_hostile_letters_are_text():
    app = opened_alone("your_code")
    app.text_area[0].set_value("m = nn.Sequential(OrderedDict([('<img src=x onerror=alert(1)>', nn.ReLU())]))").run()
    assert not app.exception
    assert all("<img" not in one.value for one in app.get("html") if hasattr(one, "value"))


def test_a_session_keeps_no_more_code_than_is_read() -> None:
    app = opened_alone("your_code")
    app.text_area[0].set_value("#" * 3 * LONGEST_CODE).run()
    assert not app.exception
    assert len(app.session_state[CODE]) == LONGEST_CODE
