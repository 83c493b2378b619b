"""The Backward and the Properties lesson without a browser: what is on the page for a link, and what commits do."""

from __future__ import annotations

import json
import zlib
from typing import Any
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.lessons.properties.spec import PROPERTIES
from tests.serving import ROOT


def opened(lesson: str, link: str = "") -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / f"{lesson}.py"), default_timeout=30)
    for name, text in parse_qsl(link, keep_blank_values=True):
        page.query_params[name] = text
    page = page.run()
    assert not page.exception
    return page


def pack(page: AppTest) -> dict[str, Any]:
    (stage,) = page.get("bidi_component")
    return json.loads(zlib.decompress(stage.proto.bytes))


def shape(page: AppTest) -> str:
    body = pack(page)
    return str(body["scenes"][body["here"]["scene"]]["shape"])


def url(page: AppTest) -> dict[str, str]:
    return {name: texts[0] if isinstance(texts, list) else texts for name, texts in page.query_params.items()}


def committed(page: AppTest, lesson: str, seq: int, link: str, edits: list[Any] | None = None) -> AppTest:
    page.session_state[lesson] = {"commit": {"seq": seq, "state": dict(parse_qsl(link)), "edits": edits or []}}
    page = page.run()
    assert not page.exception
    return page


@pytest.mark.parametrize("lesson", ["backward", "properties"])
def test_a_lesson_opens_from_the_menu(lesson: str) -> None:
    main = AppTest.from_file(str(ROOT / "cnnviz" / "site" / "main.py"), default_timeout=30).run()
    page = main.switch_page(f"../../pages/{lesson}.py").run()
    assert not page.exception
    assert [header.value for header in page.header] == [lesson.capitalize()]


def test_the_backward_page() -> None:
    page = opened("backward")
    assert shape(page) == "dL/dy 3×3 → dL/dx 5×5"
    assert pack(page)["messages"] == []
    assert [heading.value[:5] for heading in page.subheader] == ["dL/dx", "dL/dw", "dL/db", "The s"]
    assert [tab.label for tab in page.tabs] == ["PyTorch autograd", "Two convolutions"]
    for block in page.code:
        compile(block.value, "<page>", "exec")
    assert "y.backward(g)" in page.code[0].value


def test_the_lectures_line_is_said_with_numbers() -> None:
    page = opened("backward", "n=1x5&k=1x3&p=0x1&way=zeros&x=5+7+0+2+1&w=1+2+3&g=4+-1+2+0+3")
    said = " ".join(block.value for block in page.markdown)
    assert "Conv(dL/dy, [3, 2, 1]) = [7, 12, 1, 9, 6]" in said
    assert "its term is K3" in said


def test_the_gradient_can_be_typed_into_cells() -> None:
    page = committed(opened("backward"), "backward", 1, "grad=all", [["gradient", 0, 0, "5"], ["kernel", 1, 1, "-1"]])
    assert url(page) == {"grad": "all", "ge": "0.0 5", "we": "1.1 -1"}
    assert "# 13" in page.code[0].value


def test_padding_sides_apart() -> None:
    page = opened("backward", "p=0.1.2.0")
    assert url(page) == {"p": "0.1.2.0", "sides": "1", "apart": "1"}
    controls = {control["name"]: control for control in pack(page)["controls"]}
    sides = ("top", "bottom", "left", "right")
    assert [controls[f"padding_{side}"]["value"] for side in sides] == ["0", "1", "2", "0"]
    assert shape(page) == "dL/dy 4×5 → dL/dx 5×5"
    assert all("padded = F.pad(x, (2, 0, 0, 1))" in block.value for block in page.code)
    page = committed(opened("backward", "p=0.1.0.1"), "backward", 1, "")
    assert "sides" not in url(page)


def test_an_impossible_backward_pass_is_said_on_the_stage() -> None:
    page = opened("backward", "n=2&k=3")
    body = pack(page)
    assert "1 too few" in body["errors"][body["here"]["error"]]["text"]
    assert not page.code


@pytest.mark.parametrize("prop", PROPERTIES)
def test_every_experiment_has_its_words_and_code(prop: str) -> None:
    page = opened("properties", f"prop={prop}&n=6")
    assert shape(page)
    assert len(page.latex) == 1
    assert page.metric
    compile(page.code[0].value, "<page>", "exec")


def test_measures_stand_on_the_page() -> None:
    page = opened("properties", "prop=shift&n=6&border=zeros&x=ones&w=ones")
    assert {metric.label: metric.value for metric in page.metric} == {
        "Cells that differ": "20 of 36",
        "Largest difference": "5",
        "Cells clear of the border": "9",
    }
    assert "≠" in shape(page)


def test_another_experiment_is_chosen() -> None:
    page = opened("properties")
    page = committed(page, "properties", 1, "prop=linear&a=-1&b=3")
    assert url(page) == {"prop": "linear", "a": "-1", "b": "3"}
    assert shape(page).startswith("(−f + 3h) ⋆ w = ")
    names = [control["name"] for control in pack(page)["controls"]]
    assert {"a", "b", "border"} <= set(names)
    assert "flip" not in names


def test_numbers_of_the_second_kernel_are_typed() -> None:
    page = opened("properties", "prop=associative&k2=1x2")
    page.selectbox[0].set_value("Second kernel")
    page.text_area[0].set_value("1 2 1")
    page = next(button for button in page.button if button.label == "Use these numbers").click().run()
    assert not page.exception
    assert url(page)["v"] == "1 2 1"
    assert url(page)["k2"] == "1x3"


def typed(page: AppTest, grid: str, text: str) -> AppTest:
    page.selectbox[0].set_value(grid)
    page.text_area[0].set_value(text)
    page = next(button for button in page.button if button.label == "Use these numbers").click().run()
    assert not page.exception
    return page


def test_a_grid_that_the_experiment_does_not_have_is_refused() -> None:
    page = typed(opened("properties", "prop=stride"), "Second kernel", "1 2 1")
    assert [error.value for error in page.error] == [
        "Only the property “Associative” has a second kernel. Choose it first."
    ]
    assert url(page) == {"prop": "stride"}


def test_the_whole_gradient_is_typed() -> None:
    page = typed(opened("backward", "s=2&at=dx.1.1"), "dL/dy", "1 -2\n1/2 0")
    assert url(page) == {"s": "2", "g": "1 -2_0.5 0", "at": "dx.1.1"}
    assert [error.value for error in page.error] == []
    page = typed(page, "kernel", "1 2\n3 4")
    assert url(page)["k"] == "2"


def test_a_gradient_of_another_size_is_refused() -> None:
    page = typed(opened("backward"), "dL/dy", "1 2\n3 4")
    (error,) = page.error
    assert error.value == ("dL/dy has the size of y: it is 3×3 here, but this is 2×2. Type 3 rows of 3 numbers.")
    assert url(page) == {}
    assert "1 too few" in typed(opened("backward", "n=2"), "dL/dy", "1").error[0].value


def test_bad_links_are_said_and_mended() -> None:
    page = opened("properties", "prop=magic&n=7")
    assert "the choices are commutative" in pack(page)["messages"][0]
    assert url(page) == {"n": "7"}
