"""The README's examples do what it says."""

from __future__ import annotations

import doctest
import re

from cnnviz.lessons.registry import LESSONS
from cnnviz.site.limits import LIMITS
from tests.serving import ROOT

README = ROOT / "README.md"


def test_every_example_runs() -> None:
    failed, tried = doctest.testfile(str(README), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert tried > 15
    assert not failed


def test_every_lesson_is_listed_and_every_file_is_there() -> None:
    text = README.read_text(encoding="utf-8")
    table = text.partition("| lesson | what you can do there |\n|---|---|\n")[2].partition("\n\n")[0]
    listed = [title for row in table.splitlines() for title in row.split("|")[1].strip().split(", ")]
    assert listed == [lesson.title for lesson in LESSONS.values()]
    named = re.findall(r"\((assets/[^)]+)\)|`((?:assets|cnnviz|tests|pages)/[\w/.*]+)`", text)
    for one in {first or second for first, second in named}:
        assert list(ROOT.glob(one.rstrip("/"))), one


def test_every_setting_of_a_server_is_listed_with_its_default() -> None:
    text = README.read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `(CNNVIZ_\w+)` \| (\d+) \|", text, flags=re.MULTILINE))
    assert listed == {limit.name: str(limit.default) for limit in LIMITS}
    sources = [*(ROOT / "cnnviz").rglob("*.py"), ROOT / "app.py"]
    used = {name for path in sources for name in re.findall(r"\bCNNVIZ_[A-Z_]+\b", path.read_text(encoding="utf-8"))}
    text += (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert not [name for name in sorted(used) if name not in text]
