"""What is installed is chosen, locked, and its licence known."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
FILES = ("requirements", "requirements-dev")


def locked(name: str) -> dict[str, str]:
    text = (ROOT / f"{name}.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==([^\s;\\]+)", text, flags=re.MULTILINE))


def asked(name: str) -> list[tuple[Requirement, str]]:
    lines = [line.partition("#") for line in (ROOT / f"{name}.txt").read_text(encoding="utf-8").splitlines()]
    return [(Requirement(line), why.strip()) for line, _, why in lines if line.strip() and not line.startswith("-r")]


@pytest.mark.parametrize("name", FILES)
def test_every_requirement_has_a_range_a_reason_and_a_locked_version_in_it(name: str) -> None:
    for requirement, why in asked(name):
        assert requirement.specifier and why, requirement.name
        assert requirement.specifier.contains(locked(name)[requirement.name]), requirement.name


@pytest.mark.parametrize("name", FILES)
def test_every_locked_file_has_its_hash(name: str) -> None:
    text = (ROOT / f"{name}.lock").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9.-]+==)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)


def test_both_lock_files_agree() -> None:
    run, every = (locked(name) for name in FILES)
    assert run.items() <= every.items()


def test_the_licence_of_everything_locked_is_listed() -> None:
    table = (ROOT / "DEPENDENCIES.md").read_text(encoding="utf-8").partition("|---|")[2]
    rows = re.findall(r"^\| (\S+) \| (\S+) \| (\S.*?) \|", table, flags=re.MULTILINE)
    assert {name: version for name, version, _ in rows} == locked("requirements-dev")
