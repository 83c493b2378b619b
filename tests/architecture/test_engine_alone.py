"""The engine is a library: it can be imported where the rest of cnnviz cannot, and without torch or Streamlit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import importlib, pkgutil, sys

class EngineOnly:
    def find_spec(self, name, path=None, target=None):
        first, _, rest = name.partition(".")
        if first in {"torch", "streamlit"} or first == "cnnviz" and rest.split(".")[0] not in KNOWN:
            raise ImportError(f"the engine imports {name}")

KNOWN = {"", "engine", "errors", "quoting"}
sys.meta_path.insert(0, EngineOnly())
import cnnviz.engine
for module in pkgutil.walk_packages(cnnviz.engine.__path__, "cnnviz.engine."):
    importlib.import_module(module.name)
    print(module.name)
"""


def test_the_engine_stands_alone() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    assert "cnnviz.engine.windows" in done.stdout.split()
