"""The server's folder of weights: what the lecturer put there, or a session fetched, is there for all sessions.

The folder is `CNNVIZ_WEIGHTS`, or a folder of the user's caches. Its files are listed by name only; what they hold is
looked at when a network asks which of them fit, and then remembered as long as the file stays as it is.
"""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import Path

from cnnviz.engine.networks.weights.file import open_weights
from cnnviz.engine.networks.weights.fitting import misfit
from cnnviz.engine.networks.weights.published import PUBLISHED_FILES, is_weights_name
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.engine.tasks.pool import AGAIN
from cnnviz.errors import WeightsError, WorkerError

VARIABLE = "CNNVIZ_WEIGHTS"
MOST_FILES = 100


def weights_folder() -> Path:
    """Give the folder; it need not be there yet."""
    if named := os.environ.get(VARIABLE, "").strip():
        return Path(named).expanduser()
    if sys.platform == "win32":
        caches = Path(os.environ.get("LOCALAPPDATA", "~/AppData/Local"))
    elif sys.platform == "darwin":
        caches = Path("~/Library/Caches")
    else:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache")
    return caches.expanduser() / "cnnviz" / "weights"


def server_files() -> dict[str, Path]:
    """List the files of the folder that may hold weights, by their names."""
    try:
        found = sorted(weights_folder().iterdir())
        return {path.name: path for path in found if is_weights_name(path.name) and path.is_file()}
    except (OSError, RuntimeError):
        return {}


def files_for(name: str) -> list[str]:
    """Name the files of the folder that fit a network: its published one first, then those named after it."""
    fitting = [file for file, path in list(server_files().items())[:MOST_FILES] if _is_for(name, path)]
    published = PUBLISHED_FILES[name].file if name in PUBLISHED_FILES else ""
    return sorted(fitting, key=lambda file: (file != published, not file.startswith(name), file))


def file_key(path: Path) -> str:
    """Name a file as it is now: its name, its bytes, when it was written."""
    about = path.stat()
    return f"{path.name} {about.st_size} {about.st_mtime_ns}"


def _is_for(name: str, path: Path) -> bool:
    if path.name in _PUBLISHERS:
        return _PUBLISHERS[path.name] == name
    try:
        return name in _networks_of(path, file_key(path))
    except (OSError, WeightsError):  # it is gone, or could not be looked at right now
        return False


_PUBLISHERS = {one.file: name for name, one in PUBLISHED_FILES.items()}


@lru_cache(maxsize=4 * MOST_FILES)
def _networks_of(path: Path, _key: str) -> tuple[str, ...]:
    """Find the networks that a file fits."""
    try:
        with open_weights(path) as file:
            shapes = file.shapes
    except WeightsError as error:
        if isinstance(error.__cause__, WorkerError) and error.__cause__.cause not in AGAIN:
            raise  # another attempt may help: this is not to be remembered
        return ()
    return tuple(name for name in ARCHITECTURES if misfit(name, shapes).fits)
