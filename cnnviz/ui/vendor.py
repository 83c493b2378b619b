"""The few files that browsers fetch from us: compressed once, kept in memory, cached by browsers for good.

>>> vendor_url("plotly.min.js").startswith("vendor/")
True

Three hundred phones open the app in the same minute. plotly.js is 4.6 MB as it comes and 1.4 MB compressed; Streamlit
compresses nothing that it serves from disk. So each file is compressed once (in another thread: zlib lets the rest of
the server run), and its address carries a version, so that a browser never asks twice: plotly's own version for
plotly.js, and one hash of all our files for each of them, since modules import each other by their places.

A name is a file's place below assets/. It names an entry of a fixed table; no part of it ever becomes a path.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import importlib.metadata
import importlib.util
import os
import posixpath
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PREFIX = "vendor"
ASSETS = Path(__file__).resolve().parents[2] / "assets"
FOLDERS = ("shared", "stage", "viewer", "maps", "pad", "build")
STAGE = "stage/stage.js"  # most lessons need it and what it imports, and fetch all of it at once
MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
NOT_FETCHED = {"boot.js"}  # it travels in Streamlit's own messages
HASH_LENGTH = 12
_IMPORT = re.compile(r'^import [^"]*"(\.[^"]+)";$', flags=re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Body:
    """A file's bytes as they travel."""

    plain: bytes
    packed: bytes


@dataclass(frozen=True, slots=True)
class Shelf:
    """Files that change together: their names, their places, and the one version in their addresses."""

    version: str
    paths: Mapping[str, Path]

    def body(self, name: str) -> Body:
        """The bytes of a file; slow the first time, so call it outside the event loop unless it is `ready`."""
        key = (self.paths[name], self.version)
        with _packing:
            if key not in _bodies:
                plain = self.paths[name].read_bytes()
                _bodies[key] = Body(plain, gzip.compress(plain, 9, mtime=0))
            return _bodies[key]

    def ready(self, name: str) -> bool:
        """Whether `body` answers at once."""
        return (self.paths[name], self.version) in _bodies


_bodies: dict[tuple[Path, str], Body] = {}
_packing = threading.Lock()
_imports: dict[str, list[str]] = {}


def shelf_of(name: str) -> Shelf | None:
    """The shelf that a file stands on, or None if it is not one of ours."""
    return next((shelf for shelf in _shelves() if name in shelf.paths), None)


def _shelves() -> tuple[Shelf, Shelf]:
    """All shelves, the small files first."""
    return own_shelf(), plotly_shelf()


def vendor_url(name: str) -> str:
    """The address of a file, relative to the app's own (so that any base path keeps working)."""
    shelf = shelf_of(name)
    if shelf is None:
        raise FileNotFoundError(f"The server has no file {name!r} to hand out. It looks in the folders of {ASSETS}.")
    return f"{PREFIX}/{shelf.version}/{name}"


def modules_at_once() -> list[str]:
    """The addresses of the stage's modules, for a page to fetch side by side instead of one after another."""
    shelf = own_shelf()
    return [f"{PREFIX}/{shelf.version}/{name}" for name in _imported_by(STAGE, shelf)]


def _imported_by(name: str, shelf: Shelf) -> list[str]:
    """The module and all that it imports, and what those import."""
    if shelf.version not in _imports:
        found, pending = [], [name] if name in shelf.paths else []
        while pending:
            one = pending.pop()
            if one not in found:
                found.append(one)
                text = shelf.paths[one].read_text(encoding="utf-8")
                places = (posixpath.join(posixpath.dirname(one), place) for place in _IMPORT.findall(text))
                pending += map(posixpath.normpath, places)
        _imports[shelf.version] = found
    return _imports[shelf.version]


def warm_up() -> None:
    """Read and compress everything, the small files first, so that the first learner does not wait for it."""
    for shelf in _shelves():
        for name in shelf.paths:
            shelf.body(name)


@functools.cache
def plotly_shelf() -> Shelf:
    """The plotly.js of the installed plotly, found without importing it."""
    spec = importlib.util.find_spec("plotly")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise ModuleNotFoundError("plotly is not installed: pip install -r requirements.txt", name="plotly")
    path = Path(next(iter(folders))) / "package_data" / "plotly.min.js"
    return Shelf(importlib.metadata.version("plotly"), {"plotly.min.js": path})


def own_shelf() -> Shelf:
    """Our own files. With CNNVIZ_DEV=1 they are read again whenever one changed."""
    if os.environ.get("CNNVIZ_DEV") == "1":
        stamps = tuple((name, path.stat().st_mtime_ns, path.stat().st_size) for name, path in _files(ASSETS).items())
        return _shelf_of_files(ASSETS, stamps)
    return _shelf_of_files(ASSETS)


@functools.lru_cache(maxsize=6)
def _shelf_of_files(assets: Path, _stamps: tuple[object, ...] = ()) -> Shelf:
    paths, digest = _files(assets), hashlib.sha256()
    for name, path in paths.items():
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return Shelf(digest.hexdigest()[:HASH_LENGTH], paths)


def _files(assets: Path) -> dict[str, Path]:
    found = sorted(path for folder in FOLDERS for path in (assets / folder).glob("*.*"))
    taken = (path for path in found if path.suffix in MEDIA_TYPES and path.name not in NOT_FETCHED)
    return {path.relative_to(assets).as_posix(): path for path in taken}
