"""Words of a stranger in a real browser: the reader of Markdown is Streamlit's own, and Plotly reads HTML."""

from __future__ import annotations

from itertools import cycle, islice
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from cnnviz.quoting import one_line
from cnnviz.state.network_choice import pack_code
from tests.browser.tab import arrive
from tests.hostile.strangers import HOSTILE
from tests.serving import Server

WORDS = [one for one in HOSTILE if len(one) < 40 and one.isprintable()]
"""What a note repeats whole."""

FIELDS = {
    "networks": ["net", "in", "b", "view", "count", "area", "vs", "swap"],
    "where_it_looks": ["net", "see", "ink", "pen", "dye", "fill"],
    "filters": ["img", "k", "s", "d", "mode"],
    "convolution": ["n", "k", "s", "p", "d", "mode", "flip", "x", "w", "seed"],
}
ALERT = '[data-testid="stAlert"]'
MARKUP = ["a", "img", "strong", "em", "del", "code", ".katex", "h1", "li", "table", "blockquote"]
MARKED = ", ".join(['[href*="evil"]', '[src*="evil"]', "[onerror]", *(f"{ALERT} {tag}" for tag in MARKUP)])
"""What no page has: a note is words and an icon."""


@pytest.mark.parametrize("lesson", FIELDS)
def test_a_note_shows_a_strangers_words_as_they_stand(page: Page, server: Server, lesson: str) -> None:
    names, values = FIELDS[lesson], cycle(WORDS)
    for _ in range(-(-len(WORDS) // len(names)) if lesson == "networks" else 2):
        query = dict(zip(names, islice(values, len(names)), strict=True))
        arrive(page, f"{server.url}/{lesson}?{urlencode(query)}")
        notes = page.locator(f'{ALERT}, [role="status"]').filter(has_text="The link asks for")
        expect(notes.first).to_be_visible()
        said = "\n".join(notes.all_inner_texts()).replace("\N{WORD JOINER}", "")
        for value in query.values():
            assert f"“{one_line(value)}”" in said
        expect(page.locator(MARKED)).to_have_count(0)


CODE = """import torch.nn as nn
from collections import OrderedDict
inner = nn.Sequential(OrderedDict([("example", nn.Conv2d(9, 8, 3))]))
net = nn.Sequential(OrderedDict([
    ("<a href='https://evil.example'>evil</a>", nn.Conv2d(3, 8, 3)), ("[evil](//evil.example)", nn.Conv2d(8, 8, 3)),
    ("__evil__", nn.ReLU()), ("www", nn.Sequential(OrderedDict([("evil", inner)]))),
]))
"""


@pytest.mark.parametrize("lesson", ["your_code", "build", "networks", "receptive_field"])
def test_names_out_of_pasted_code_are_only_words(page: Page, server: Server, lesson: str) -> None:
    for code in (CODE, CODE.replace("Conv2d(9", "Conv2d(8")):
        arrive(page, f"{server.url}/{lesson}?{urlencode({'c': pack_code(code), 'view': 'where'})}")
        expect(page.get_by_text("evil").first).to_be_attached()
        expect(page.locator('a[href*="evil"], img[src*="evil"]')).to_have_count(0)
        hrefs = page.evaluate("[...document.querySelectorAll('svg a')].map(one => one.href.baseVal ?? one.href)")
        assert not [one for one in hrefs if "evil" in one]
