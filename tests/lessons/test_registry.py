"""A lesson is a folder, a page and an entry of the registry; the three say the same."""

from __future__ import annotations

import json
import subprocess
import sys
from urllib.parse import parse_qsl

import pytest

from cnnviz.lessons.lesson import Lesson
from cnnviz.lessons.registry import LESSONS
from cnnviz.state.preset import Preset
from tests.serving import ROOT

EVERY = [pytest.param(lesson, id=key) for key, lesson in LESSONS.items()]
ALL_EXAMPLES = [
    pytest.param(lesson, one, id=f"{key}-{one.name}") for key, lesson in LESSONS.items() for one in lesson.examples
]


def test_every_folder_and_every_page_is_a_lesson() -> None:
    folders = {one.parent.name for one in (ROOT / "cnnviz" / "lessons").glob("*/__init__.py")}
    assert folders == {page.stem for page in (ROOT / "pages").glob("*.py")} == set(LESSONS)


@pytest.mark.parametrize("lesson", EVERY)
def test_a_lesson_says_all_that_the_menu_needs(lesson: Lesson) -> None:
    assert LESSONS[lesson.key] is lesson
    assert lesson.page == ROOT / "pages" / f"{lesson.key}.py"
    assert lesson.page.is_file()
    assert lesson.icon.startswith(":material/")
    assert lesson.help.endswith((".", "?"))


@pytest.mark.parametrize("lesson", EVERY)
def test_a_lesson_has_tests(lesson: Lesson) -> None:
    assert list((ROOT / "tests" / "lessons" / lesson.key).glob("test_*.py"))


def test_a_section_stands_together_and_no_title_comes_twice() -> None:
    sections = [lesson.section for lesson in LESSONS.values()]
    assert sections == sorted(sections, key=sections.index)
    assert len({lesson.title for lesson in LESSONS.values()}) == len(LESSONS)


@pytest.mark.parametrize("lesson", EVERY)
def test_examples_have_names_of_their_own(lesson: Lesson) -> None:
    names = [one.name for one in lesson.examples]
    assert len(set(names)) == len(names)
    assert bool(names) is any(lesson.page.parents[1].glob(f"cnnviz/lessons/{lesson.key}/examples.py"))


@pytest.mark.parametrize(("lesson", "example"), ALL_EXAMPLES)
def test_a_link_says_the_whole_state(lesson: Lesson, example: Preset) -> None:
    page, _, query = lesson.link(example.state).partition("?")
    assert page == lesson.key
    assert dict(parse_qsl(query)) == dict(example.state)
    assert lesson.example(example.name) is example


def test_the_registry_loads_no_lesson() -> None:
    """The menu, the command line and every lesson read it: it must not load what only one page shows."""
    code = "import json, sys, cnnviz.lessons.registry; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert not loaded & {"streamlit", "torch", "numpy", "plotly"}
    below = {name for name in loaded if name.startswith("cnnviz.lessons.")}
    assert below == {f"cnnviz.lessons.{name}" for name in ("lesson", "registry", *LESSONS)}
