"""The README's examples do what it says."""

from __future__ import annotations

import doctest
import re

from tests.serving import ROOT

README = ROOT / "README.md"


def test_every_example_runs() -> None:
    failed, tried = doctest.testfile(str(README), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert tried > 15
    assert not failed


def test_every_lesson_is_listed_and_every_file_is_there() -> None:
    from cnnviz.ui.main import LESSONS

    text = README.read_text(encoding="utf-8")
    listed = " ".join(row.split("|")[1] for row in text.splitlines() if row.startswith("| "))
    assert not [lesson.title for lesson in LESSONS if lesson.title not in listed]
    named = re.findall(r"\((assets/[^)]+)\)|`((?:assets|cnnviz|tests|pages)/[\w/.*]+)`", text)
    for one in {first or second for first, second in named}:
        assert list(ROOT.glob(one.rstrip("/"))), one
