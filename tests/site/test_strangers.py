"""Words of a stranger on every page: a link's values, pasted code, names of files. They are shown, and never obeyed."""

from __future__ import annotations

import ast
import os
import random
from collections.abc import Callable
from functools import cache

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.engine.networks.code.sized import read_code
from cnnviz.engine.networks.weights.words import short_name
from cnnviz.quoting import as_markdown, one_line
from cnnviz.state.network_choice import pack_code
from tests.hostile.markup import live
from tests.hostile.strangers import HOSTILE, obeyed
from tests.serving import ROOT
from tests.ui.lesson import MAIN

ROUNDS = int(os.environ.get("CNNVIZ_STRANGERS", "2"))
"""How many hostile values each page gets; all of them by a number as large as the list."""

LESSONS = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))


@cache
def link_names() -> tuple[str, ...]:
    """Every name that stands in some page's link: the first word of each field in the tables."""
    names = {"img", "w", "c", "net"}
    for module in (ROOT / "cnnviz").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Field":
                names |= {str(one.value) for one in node.args[:1] if isinstance(one, ast.Constant)}
    assert len(names) > 100
    return tuple(sorted(names))


def visited(lesson: str, query: dict[str, str]) -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=60)
    app.switch_page(str(ROOT / "pages" / f"{lesson}.py"))
    for name, text in query.items():
        app.query_params[name] = text
    return app.run()


def chosen(page: int, rounds: int = ROUNDS) -> list[str]:
    """Some hostile values, others for each page: over all pages, every one is tried."""
    if rounds >= len(HOSTILE):
        return HOSTILE
    return [HOSTILE[0], *(HOSTILE[(page * rounds + number) % len(HOSTILE)] for number in range(rounds))]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_link_full_of_markup_is_only_words(lesson: str) -> None:
    for value in chosen(LESSONS.index(lesson)):
        page = visited(lesson, dict.fromkeys(link_names(), value))
        assert not page.exception, page.exception
        assert list(obeyed(page)) == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_setting_alone_is_only_words(lesson: str) -> None:
    """One bad value among good ones goes further than many: the page behind it is drawn, and its parts."""
    chance = random.Random(lesson)
    for name in chance.sample(link_names(), 3 * ROUNDS if ROUNDS < len(HOSTILE) else len(link_names())):
        page = visited(lesson, {name: chance.choice(HOSTILE)})
        assert not page.exception, page.exception
        assert list(obeyed(page)) == []


def names_of_layers(evil: str) -> str:
    """Code whose layers have hostile names."""
    return f"""import torch.nn as nn
from collections import OrderedDict
part = nn.Sequential(OrderedDict([({evil!r}, nn.Conv2d(8, 8, 3)), ("b", nn.Conv2d(8, 4, 3))]))
net = nn.Sequential(OrderedDict([({evil!r}, nn.Conv2d(3, 8, 3)), ({evil!r} + "2", nn.ReLU()), ("part", part)]))
"""


def names_that_do_not_fit(evil: str) -> str:
    return names_of_layers(evil).replace("Conv2d(8, 4", "Conv2d(9, 4").replace("Conv2d(8, 8", "Conv2d(9, 8")


def words_in_code(evil: str) -> str:
    """Code with hostile strings, and names that are words of Python and yet markup."""
    return f"""import torch
import torch.nn as nn
from collections import OrderedDict
class Evil__evil__(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3, padding={evil!r})
        self.b = nn.Conv2d(3, 8, {evil!r}, stride=2)
        self.c = nn.Sequential(nn.Conv2d(3, 8, 3, padding_mode={evil!r}), nn.Upsample(scale_factor=2, mode={evil!r}))
        self.m = nn.ModuleDict({{{evil!r}: nn.Conv2d(3, 3, 3)}})
        self.__evil__ = nn.Conv2d(3, 3, 3)
        self.www = nn.Sequential(OrderedDict([("evil", nn.Sequential(OrderedDict([("example", nn.Conv2d(3, 3, 1))])))]))
    def forward(self, x):
        x = self.__evil__(x)
        x = self.www(x)
        x = self.m[{evil!r} + "x"](x)  # {evil!r}
        x = getattr(self, {evil!r})(x)
        return self.a(x)[{evil!r}]
"""


CODES = (names_of_layers, names_that_do_not_fit, words_in_code)
READ_CODE = ("your_code", "build", "networks", "receptive_field")


@pytest.mark.parametrize("lesson", READ_CODE)
@pytest.mark.parametrize("code", CODES)
def test_pasted_code_is_only_words(lesson: str, code: Callable[[str], str]) -> None:
    """The page sets a layer's name in bold, whatever it is."""
    for evil in [
        *chosen(CODES.index(code) * len(READ_CODE) + READ_CODE.index(lesson)),
        "<a href='//evil.example'>evil",
    ]:
        page = visited(lesson, {"c": pack_code(code(evil)), "view": "where"})
        assert not page.exception, page.exception
        assert list(obeyed(page, but="bold")) == []


def test_names_that_are_one_word_stay_two_layers() -> None:
    layers = "('a(', nn.Conv2d(3, 4, 3)), ('a)', nn.Conv2d(4, 5, 3))"
    network = read_code(f"nn.Sequential(OrderedDict([{layers}]))").network
    assert network is not None
    assert [node.home for node in network] == ["a_", "a__2"]


@pytest.mark.parametrize("evil", HOSTILE)
def test_a_tensor_or_a_file_is_only_words(evil: str) -> None:
    """What is said of a file of weights repeats its name, its tensors' names and what PyTorch says of it."""
    assert live(as_markdown(f"{short_name(evil)} has no plain tensor in {short_name(evil)}")) == []
    assert live(as_markdown(one_line(evil))) == []
    assert len(short_name(evil)) <= 62
