"""The Channels lesson as Streamlit runs it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.lessons.channels.examples import CHANNELS_PRESETS
from cnnviz.quoting import as_markdown
from tests.serving import ROOT
from tests.ui.lesson import words

PAGE = str(ROOT / "pages" / "channels.py")


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def test_the_lesson_opens() -> None:
    app = opened()
    assert app.header[0].value == "Channels and groups"
    assert "every output channel reads all 3 input channels" in words(app)
    assert [metric.value for metric in app.metric] == ["54 weights", "33 weights"]
    assert "nn.Conv2d(3, 2, kernel_size=3, bias=False)" in app.code[0].value
    assert list(app.table[0].value["PyTorch"]) == ["(1, 3, 5, 5)", "(2, 3, 3, 3)", "(1, 2, 3, 3)"]


@pytest.mark.parametrize("preset", CHANNELS_PRESETS, ids=lambda preset: preset.name)
def test_every_example_opens_with_its_note(preset) -> None:
    app = opened(**preset.state)
    assert preset.note in words(app)
    assert len(app.code) == 3


def test_an_impossible_layer_keeps_the_page() -> None:
    app = opened(c="4", o="6", g="3")
    assert not app.code and not app.metric
    assert dict(app.query_params) == {"c": "4", "o": "6", "g": "3"}


def test_what_cannot_be_read_leaves_the_link() -> None:
    app = opened(c="99", k="2")
    assert dict(app.query_params) == {"k": "2"}
    assert "nn.Conv2d(3, 2, kernel_size=2, bias=False)" in app.code[0].value


def test_two_steps_say_their_ratio() -> None:
    app = opened(o="4", layer="separable")
    assert any(r"\frac{1}{4} + \frac{1}{3^2}" in formula.value for formula in app.latex)
    assert "69 weights fewer than the dense layer" in words(app)


def typed(app: AppTest, grid: str, text: str) -> AppTest:
    app.selectbox[0].set_value(grid)
    app.text_area[0].set_value(text)
    app = next(button for button in app.button if button.label == "Use these numbers").click().run()
    assert not app.exception
    return app


def test_channels_are_pasted_at_once() -> None:
    app = typed(opened(p="1", at="y0.1.1"), "All input channels", "1 2\n3 4\n\n5 6\n7 8\n\n\n9 9\n9 9\n\n0 0\n0 1")
    assert dict(app.query_params) == {
        "n": "2", "c": "4", "p": "1", "at": "y0.1.1",
        "xe": "_".join(
            f"{c}.{r}.{k} {value}"
            for c, plane in enumerate(((1, 2, 3, 4), (5, 6, 7, 8), (9, 9, 9, 9), (0, 0, 0, 1)))
            for (r, k), value in zip(((0, 0), (0, 1), (1, 0), (1, 1)), plane, strict=True)
        ),
    }  # fmt: skip
    assert "nn.Conv2d(4, 2, kernel_size=3, padding=1, bias=False)" in app.code[0].value


def test_a_kernel_is_pasted_with_all_its_slices() -> None:
    app = typed(opened(), "Kernel w[1]", "[[[1, 0]], [[0, 1]], [[1/2, -1]]]")
    assert dict(app.query_params) == {
        "k": "1x2",
        "apart": "1",
        "we": "1.0.0.0 1_1.0.0.1 0_1.1.0.0 0_1.1.0.1 1_1.2.0.0 0.5_1.2.0.1 -1",
    }


@pytest.mark.parametrize(
    ("link", "grid", "text", "said"),
    [
        ({}, "Kernel w[0]", "1 2\n3 4", "w[0] has 3 slices, one for each channel that it reads; this is one."),
        ({}, "Kernel w[2]", "1", "There are 2 kernels here, counted from 0."),
        ({}, "Input channel 5", "1", "There are 3 input channels, counted from 0."),
        ({}, "All kernels", "1\n\n2", "All kernels are 2 kernels of 3 slices, 6 grids in all; these are 2."),
        ({}, "Pointwise weights v", "1 2 3", "Only the layer “Depthwise + pointwise” has pointwise weights."),
        ({"layer": "separable"}, "Pointwise weights v", "1 2 3", "v is 2×3 here, but this is 1×3. Type 2 rows of 3"),
        ({}, "Bias b", "1 2 3", "There are 2 output channels and each has one bias, but these are 3."),
        ({}, "All input channels", "1 2\n\n1 2 3", "The grids must be equally large: one is 1×2, another 1×3."),
        ({}, "All input channels", "1\n\n" * 7, "These are 7 channels; 6 is the limit."),
        ({"c": "4", "o": "6", "g": "3"}, "Kernel w[0]", "1", "3 groups cannot share 4 input channels equally"),
        ({}, "Kernel w[0]", "1 2 3 4", "It has 1 rows and 4 columns; 3 of each is the limit."),
    ],
)
def test_what_does_not_fit_is_said(link: dict[str, str], grid: str, text: str, said: str) -> None:
    app = typed(opened(**link), grid, text)
    (error,) = app.error
    assert error.value.startswith(as_markdown(said))
    assert dict(app.query_params) == link


def test_bias_and_pointwise_weights_are_typed() -> None:
    app = typed(opened(layer="separable"), "Pointwise weights v", "1 2 3\n4 5 6")
    assert app.query_params["ve"] == "0.0 1_0.1 2_0.2 3_1.0 4_1.1 5_1.2 6"
    app = typed(app, "Bias b", "7\n-1")
    assert app.query_params["b"] == "7 -1"


def test_numbers_too_long_for_a_link_are_refused() -> None:
    plane = "\n".join([" ".join([".12345"] * 9)] * 9)
    app = typed(opened(), "All input channels", "\n\n".join([plane] * 6))
    assert "characters in the link, and 6000 are the limit" in app.error[0].value
    assert dict(app.query_params) == {}
