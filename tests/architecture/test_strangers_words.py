"""Words from outside reach Markdown only through `cnnviz.quoting`, and boxes are drawn by `ui/notes.py`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.test_law import MODULES, PAGES, ROOT, knows_streamlit, short

BOXES = {"warning", "error", "info", "success", "toast", "exception"}
DRAWS_BOXES = {"cnnviz/ui/notes.py"}
QUOTES = {"as_markdown", "as_code", "escape", "one_line", "short_name"}
READS_MARKDOWN = {
    *("markdown", "caption", "title", "header", "subheader", "metric", "badge", "write"),
    *("button", "popover", "expander", "toggle", "checkbox", "radio", "pills", "segmented_control", "tabs"),
}
WRITES = [*filter(knows_streamlit, MODULES), *PAGES]


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def boxes(tree: ast.AST) -> Iterator[int]:
    """Lines that draw a box by themselves; a constant is nobody else's word."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in BOXES:
            whose = node.func.value
            constant = node.args and isinstance(node.args[0], ast.Constant | ast.Name) and is_constant(node.args[0])
            if isinstance(whose, ast.Name) and whose.id not in {"logging", "LOG", "logger"} and not constant:
                yield node.lineno


def is_constant(node: ast.Constant | ast.Name) -> bool:
    return isinstance(node, ast.Constant) or node.id.isupper()


def unquoted(tree: ast.AST) -> Iterator[int]:
    """Lines where the message of an error goes into Markdown as it is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node) in READS_MARKDOWN | {"Markdown"}:
            yield from messages(node)


def messages(node: ast.AST) -> Iterator[int]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and name_of(child) in QUOTES:
            continue
        if isinstance(child, ast.Attribute) and child.attr == "message":
            yield child.lineno
        yield from messages(child)


@pytest.mark.parametrize("module", WRITES, ids=short)
def test_boxes_are_drawn_in_one_place(module: Path) -> None:
    if short(module) not in DRAWS_BOXES:
        assert list(boxes(ast.parse(module.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("module", WRITES, ids=short)
def test_messages_go_into_markdown_quoted(module: Path) -> None:
    assert list(unquoted(ast.parse(module.read_text(encoding="utf-8")))) == []


def test_there_is_one_way_to_quote() -> None:
    """A backslash before signs of Markdown is written in one module."""
    others = [
        short(module)
        for module in MODULES
        if module != ROOT / "cnnviz" / "quoting.py" and "`*" in module.read_text("utf-8")
    ]
    assert others == []


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("st.warning(note)", True),
        ("st.warning('Type a number first.')", False),
        ("place.error(error.message)", True),
        ("st.error(CRASH)", False),
        ("st.markdown(f'**{error.message}**')", True),
        ("refuse(Markdown(f'**{name}** {fault.message}'))", True),
        ("refuse(Markdown(as_markdown(fault.message)))", False),
        ("st.caption(as_markdown(error.message))", False),
    ],
)
def test_the_rule_sees_what_it_forbids(code: str, wrong: bool) -> None:
    tree = ast.parse(code)
    assert bool([*boxes(tree), *unquoted(tree)]) is wrong
