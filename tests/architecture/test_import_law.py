"""The house rules of DESIGN.md that a machine can keep: who may import whom, and how long a piece may be."""

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

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "cnnviz"
MODULES = sorted(PACKAGE.rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))

# Data flows one way. A layer may import the layers above it in this list, never its neighbours in one line.
LAYERS = (("errors", "quoting"), ("spec",), ("engine",), ("explain", "scenes"), ("figures", "export"), ("ui",))
ALLOWED = {
    layer: {"cnnviz"} | {f"cnnviz.{above}" for line in LAYERS[:level] for above in line} | {f"cnnviz.{layer}"}
    for level, line in enumerate(LAYERS)
    for layer in line
}
# A spec is made of types that the engine computes with; their modules know nothing but numbers.
ALLOWED["spec"] |= {"cnnviz.engine.axis_layer", "cnnviz.engine.pictures.drawing", "cnnviz.engine.grids"}
MAY_IMPORT_TORCH_AT_THE_TOP = {"cnnviz.engine.features", "cnnviz.engine.training.experiments"}
LIMITS = {"module": 320, "page": 120, "function": 60, "script": 500}


def name_of(module: Path) -> str:
    parts = module.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST, importer: str = "", *, package: bool = False) -> Iterator[str]:
    """Every module that the code names, relative imports written out; `from a import b` gives a and a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            home = importer.split(".")
            base = home[: len(home) - node.level + package] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            yield origin
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def at_the_top(tree: ast.Module) -> Iterator[str]:
    """What an import of the module imports with it: all but the insides of functions and TYPE_CHECKING."""
    pending: list[ast.AST] = list(tree.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            pending.extend(node.orelse)
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from imported(ast.Module(body=[node], type_ignores=[]))
        pending.extend(ast.iter_child_nodes(node))


class Facts(NamedTuple):
    """What a module's code says of itself; the code is read once, since its tree is large and slow to make."""

    lines: int
    imports: frozenset[str]
    at_the_top: frozenset[str]
    attributes: frozenset[str]
    lengths: tuple[tuple[str, int], ...]


@cache
def facts(module: Path) -> Facts:
    text = module.read_text(encoding="utf-8")
    tree = ast.parse(text, filename=str(module))
    nodes = list(ast.walk(tree))
    return Facts(
        len(text.splitlines()),
        frozenset(imported(tree, name_of(module), package=module.name == "__init__.py")),
        frozenset(at_the_top(tree)),
        frozenset(node.attr for node in nodes if isinstance(node, ast.Attribute)),
        tuple(
            (node.name, node.end_lineno - node.lineno + 1)
            for node in nodes
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
        ),
    )


def roots(names: frozenset[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def layer_of(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("module", MODULES, ids=short)
def test_data_flows_one_way(module: Path) -> None:
    name = name_of(module)
    layer = layer_of(name)
    if not layer:
        allowed = {"cnnviz"}
    else:
        assert layer in ALLOWED, f"{short(module)} is in no layer of DESIGN.md."
        allowed = ALLOWED[layer]
    ours = {found for found in facts(module).imports if found.split(".")[0] == "cnnviz"}
    wrong = {
        found
        for found in ours
        if not {".".join(found.split(".")[:depth]) for depth in (2, 3)} & allowed and found != "cnnviz.__doc__"
    }
    assert not wrong, f"{short(module)} imports {sorted(wrong)}; it may import only {sorted(allowed)}."


@pytest.mark.parametrize("module", [m for m in MODULES if layer_of(name_of(m)) != "ui"], ids=short)
def test_only_the_interface_knows_streamlit(module: Path) -> None:
    assert "streamlit" not in roots(facts(module).imports)


@pytest.mark.parametrize("module", MODULES, ids=short)
def test_torch_is_imported_only_inside_functions_of_the_engine(module: Path) -> None:
    name = name_of(module)
    if name in MAY_IMPORT_TORCH_AT_THE_TOP:
        return
    assert "torch" not in roots(facts(module).at_the_top)
    if layer_of(name) != "engine":
        assert "torch" not in roots(facts(module).imports)


def test_importing_the_engine_loads_neither_torch_nor_streamlit() -> None:
    names = [
        name_of(module)
        for module in MODULES
        if layer_of(name_of(module)) != "ui" and name_of(module) not in MAY_IMPORT_TORCH_AT_THE_TOP
    ]
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
    found = facts(page)
    assert not roots(found.imports) & {"numpy", "torch", "plotly"}, "A page chooses a spec, traces it and shows it."
    assert "Figure" not in found.attributes


@pytest.mark.parametrize("module", [*MODULES, *PAGES], ids=short)
def test_a_module_is_one_idea_and_a_function_fits_a_screen(module: Path) -> None:
    limit = LIMITS["page"] if module in PAGES else LIMITS["module"]
    lines = facts(module).lines
    assert lines <= limit, f"{short(module)} has {lines} lines; the limit is {limit}."
    too_long = {name: length for name, length in facts(module).lengths if length > LIMITS["function"]}
    assert not too_long, f"{short(module)}: longer than {LIMITS['function']} lines: {too_long}"


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


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import torch.nn", {"torch.nn"}),
        ("from cnnviz import ui", {"cnnviz", "cnnviz.ui"}),
        ("from ..ui import main", {"cnnviz.ui", "cnnviz.site.main"}),
        ("from . import grids", {"cnnviz.spec", "cnnviz.state.grids"}),
    ],
)
def test_the_law_sees_every_way_to_import(code: str, found: set[str]) -> None:
    assert set(imported(ast.parse(code), "cnnviz.state.query")) == found


def test_the_law_knows_what_an_import_runs() -> None:
    tree = ast.parse(
        "class A:\n    import torch\n\ndef f():\n    import numpy\n\ntry:\n    import scipy\nfinally:\n    pass"
    )
    assert set(at_the_top(tree)) == {"torch", "scipy"}


def test_every_callback_begins_with_the_newest_state() -> None:
    """A change may come with an address older than our last answer; the stage and the slide send their whole state."""
    whole = {"cnnviz/ui/stage.py", "cnnviz/ui/slide.py"}
    wrong = []
    for module in (PACKAGE / "ui").glob("*.py"):
        place = module.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.keyword) or not re.fullmatch(
                r"on_(\w+_)?(change|click|select)", node.arg or ""
            ):
                continue
            said = ast.unparse(node.value)
            if not (said.startswith("fresh(") or said in {"freshen", "'ignore'"} or place in whole):
                wrong.append(f"{place}:{node.value.lineno}: {node.arg}={said}")
    assert wrong == []
