"""The law of the house: who may import whom, how long a piece may be, and how full a folder."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.architecture.not_yet import NOT_YET

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "cnnviz"
MODULES = sorted(PACKAGE.rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))

WINGS = (
    ("errors", "quoting"),
    ("engine",),
    ("state",),
    ("stage", "explain"),
    ("figures",),
    ("ui",),
    ("lessons",),
    ("site",),
)
"""Data flows one way: a wing may import those above it in this list, never its neighbours in one line."""
ALLOWED = {
    wing: {above for line in WINGS[:level] for above in line} | {wing}
    for level, line in enumerate(WINGS)
    for wing in line
}
ORDER = {"spec": 0, "examples": 1, "trace": 1, "topic": 1, "topics": 1, "controls": 3, "view": 4}
"""Inside a lesson: spec, then trace, then scene, words, code and figures, then controls, then view."""
BETWEEN = 2
EXTENDS = {
    "matrix": {"convolution"},
    "signals": {"convolution"},
}
"""Lessons that are built on another one."""
LIMITS = {"module": 320, "page": 120, "function": 60, "script": 500, "folder": 25}


class Imported(NamedTuple):
    """A module that is named by an import."""

    name: str
    at_the_top: bool


class Facts(NamedTuple):
    """What a module's code says of itself; the code is read once, since its tree is large and slow to make."""

    lines: int
    imports: frozenset[Imported]
    attributes: frozenset[str]
    lengths: tuple[tuple[str, int], ...]


def name_of(module: Path) -> str:
    parts = module.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(node: ast.AST, *, at_the_top: bool = True) -> Iterator[Imported]:
    """Every module that the code names; `from a import b` gives a and a.b. Insides of functions run later."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Imported(alias.name, at_the_top) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert not child.level, f"line {child.lineno}: imports are written from the top, so that the law sees them"
            yield Imported(child.module or "", at_the_top)
            yield from (Imported(f"{child.module}.{alias.name}", at_the_top) for alias in child.names)
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            yield from imported(child, at_the_top=False)
        else:
            later = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from imported(child, at_the_top=at_the_top and not later)


@cache
def facts(module: Path) -> Facts:
    text = module.read_text(encoding="utf-8")
    tree = ast.parse(text, filename=str(module))
    nodes = list(ast.walk(tree))
    return Facts(
        len(text.splitlines()),
        frozenset(imported(tree)),
        frozenset(node.attr for node in nodes if isinstance(node, ast.Attribute)),
        tuple(
            (node.name, node.end_lineno - node.lineno + 1)
            for node in nodes
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
        ),
    )


def ours(module: Path) -> Iterator[list[str]]:
    """The parts of the names of our own modules that a module imports."""
    yield from (one.name.split(".") for one in facts(module).imports if one.name.startswith("cnnviz."))


def roots(module: Path, *, at_the_top: bool = False) -> set[str]:
    return {one.name.split(".")[0] for one in facts(module).imports if one.at_the_top or not at_the_top}


def wing_of(module: Path) -> str:
    parts = name_of(module).split(".")
    return parts[1] if len(parts) > 1 else ""


def lesson_of(parts: list[str]) -> str:
    """Name the lesson that a module belongs to; the registry belongs to none."""
    return parts[2] if parts[1:2] == ["lessons"] and len(parts) > 2 and is_lesson(parts[2]) else ""


@cache
def is_lesson(name: str) -> bool:
    return (PACKAGE / "lessons" / name).is_dir()


def rank(part: str) -> int:
    return ORDER.get(part.partition("_")[0], BETWEEN)


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def knows_streamlit(module: Path) -> bool:
    wing = wing_of(module)
    return wing in {"ui", "site"} or (wing == "lessons" and rank(module.stem) == ORDER["view"])


@pytest.mark.parametrize("module", MODULES, ids=short)
def test_data_flows_one_way(module: Path) -> None:
    wing = wing_of(module)
    assert not wing or wing in ALLOWED, f"{short(module)} is in no wing of the house."
    allowed = ALLOWED.get(wing, set())
    wrong = {".".join(parts) for parts in ours(module) if parts[1] not in allowed}
    assert not wrong, f"{short(module)} imports {sorted(wrong)}; it may import only {sorted(allowed)}."


@pytest.mark.parametrize("module", [one for one in MODULES if wing_of(one) == "lessons"], ids=short)
def test_a_lesson_knows_no_other_lesson_and_its_parts_stand_in_order(module: Path) -> None:
    me = name_of(module).split(".")
    if len(me) < 4:
        return  # the registry, and what a lesson says of itself
    others, upwards = set(), set()
    for parts in ours(module):
        lesson = lesson_of(parts)
        if lesson and lesson != me[2] and lesson not in EXTENDS.get(me[2], set()):
            others.add(".".join(parts[:4]))
        elif lesson == me[2] and len(parts) > 3 and rank(parts[3]) > rank(me[3]):
            upwards.add(".".join(parts[:4]))
    taken = {one.removeprefix("cnnviz.lessons.") for one in others}
    assert taken == NOT_YET.get(".".join(me[2:]), set()), f"{short(module)} imports {sorted(taken)}."
    assert not upwards, f"{short(module)} imports {sorted(upwards)}, which stand above it."


@pytest.mark.parametrize("module", [one for one in MODULES if not knows_streamlit(one)], ids=short)
def test_only_the_interface_knows_streamlit(module: Path) -> None:
    assert "streamlit" not in roots(module)
    assert not {".".join(parts) for parts in ours(module) if parts[1] == "ui"}


@pytest.mark.parametrize("module", MODULES, ids=short)
def test_torch_is_imported_only_inside_functions_that_compute(module: Path) -> None:
    assert "torch" not in roots(module, at_the_top=True)
    if wing_of(module) != "engine" and not module.stem.startswith("trace"):
        assert "torch" not in roots(module)


def test_importing_what_draws_nothing_loads_neither_torch_nor_streamlit() -> None:
    names = [name_of(module) for module in MODULES if not knows_streamlit(module)]
    code = (
        "import importlib, json, sys\n"
        f"[importlib.import_module(name) for name in {names!r}]\n"
        "print(json.dumps([m for m in ('torch', 'streamlit') if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_a_page_computes_and_draws_nothing_itself(page: Path) -> None:
    assert not roots(page) & {"numpy", "torch", "plotly"}, "A page chooses a spec, traces it and shows it."
    assert "Figure" not in facts(page).attributes


@pytest.mark.parametrize("module", [*MODULES, *PAGES], ids=short)
def test_a_module_is_one_idea_and_a_function_fits_a_screen(module: Path) -> None:
    limit = LIMITS["page"] if module in PAGES else LIMITS["module"]
    lines = facts(module).lines
    assert lines <= limit, f"{short(module)} has {lines} lines; the limit is {limit}."
    too_long = {name: length for name, length in facts(module).lengths if length > LIMITS["function"]}
    assert not too_long, f"{short(module)}: longer than {LIMITS['function']} lines: {too_long}"
    assert not module.stem.endswith("_more"), f"{short(module)} is a leftover of another module."


def test_no_folder_is_a_hall_and_none_holds_a_single_module() -> None:
    folders = {module.parent for module in MODULES}
    counts = {short(one): len([each for each in one.glob("*.py") if each.stem != "__init__"]) for one in folders}
    full = {name: count for name, count in counts.items() if count > LIMITS["folder"]}
    assert not full, full
    assert not [name for name, count in counts.items() if count == 1]


def test_a_script_of_the_browser_stays_readable() -> None:
    lengths = {
        short(script): len(script.read_text(encoding="utf-8").splitlines())
        for script in (ROOT / "assets").glob("*/*.js")
    }
    assert lengths
    assert all(length <= LIMITS["script"] for length in lengths.values()), lengths


def test_what_a_script_imports_lies_where_it_says() -> None:
    for script in (ROOT / "assets").glob("*/*.js"):
        for place in re.findall(r'(?:from|import) "([^"]+)"', script.read_text(encoding="utf-8")):
            assert place.startswith("."), f"{short(script)} imports {place}"
            assert (script.parent / place).is_file(), f"{short(script)} imports {place}"


def test_the_law_sees_what_an_import_runs() -> None:
    tree = ast.parse(
        "class A:\n    import torch\n\ndef f():\n    import numpy\n\ntry:\n    from a import b\nfinally:\n    pass"
    )
    assert set(imported(tree)) == {
        Imported("torch", True), Imported("numpy", False), Imported("a", True), Imported("a.b", True)
    }  # fmt: skip


def test_every_callback_begins_with_the_newest_state() -> None:
    """A change may come with an address older than our last answer; the stage and the slide send their whole state."""
    whole = {"cnnviz/ui/stage.py", "cnnviz/ui/slide.py"}
    wrong, seen = [], 0
    for module in filter(knows_streamlit, MODULES):
        place = short(module)
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.keyword) or not re.fullmatch(
                r"on_(\w+_)?(change|click|select)", node.arg or ""
            ):
                continue
            seen += 1
            said = ast.unparse(node.value)
            if not (said.startswith("fresh(") or said in {"freshen", "'ignore'"} or place in whole):
                wrong.append(f"{place}:{node.value.lineno}: {node.arg}={said}")
    assert seen > 40
    assert wrong == []
