"""Writes DEPENDENCIES.md: every package of the lock files, its version and its licence, as the package itself says."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAD = """# Dependencies and their licences

What `requirements.lock` installs to run cnnviz, and what `requirements-dev.lock` adds to test it. `make lock` writes
this list, with the licence that each package names in its own metadata.

| package | version | licence | for |
|---|---|---|---|
"""
SAID_IN_A_FILE = {"axe-playwright-python": "MIT; it carries axe-core, MPL-2.0"}
"""Packages whose metadata names no licence; a file in them does."""


def main() -> None:
    """Write the list."""
    run, every = _locked("requirements.lock"), _locked("requirements-dev.lock")
    rows = [
        f"| {name} | {version} | {licence(name)} | {'running' if name in run else 'testing'} |"
        for name, version in sorted(every.items())
    ]
    (ROOT / "DEPENDENCIES.md").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")


def _locked(file: str) -> dict[str, str]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==([^\s;\\]+)", text, flags=re.MULTILINE))


def licence(name: str) -> str:
    """Give the licence of an installed package: its expression, else its classifiers, else its first words on it."""
    about = metadata.metadata(name)
    classifiers = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier", []) if one.startswith("License")]
    words = (about["License"] or "").strip().split("\n")[0]
    found = about["License-Expression"] or "; ".join(classifiers) or words or SAID_IN_A_FILE.get(name)
    if not found:
        raise SystemExit(f"{name} names no licence: look into its files, and write it into SAID_IN_A_FILE.")
    return str(found)


if __name__ == "__main__":
    main()
