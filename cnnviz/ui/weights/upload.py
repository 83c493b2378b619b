"""A learner's own file of weights: it comes in, its network goes among those in memory, and the file is forgotten."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnnviz.engine.networks.weights.cache import SHELF
from cnnviz.engine.networks.weights.file import open_weights
from cnnviz.engine.networks.weights.fitting import loaded_eyes, misfit
from cnnviz.engine.networks.weights.published import FILE, PUBLISHED_FILES, WeightsChoice
from cnnviz.engine.networks.weights.words import short_name
from cnnviz.errors import WeightsError
from cnnviz.ui.holdings import note_holding
from cnnviz.ui.picture import forget_upload
from cnnviz.ui.waiting import computing
from cnnviz.ui.weights.state import PANEL, complain, hold, memory_of, on_shelf

UPLOADS = "_weights_uploads"
NO_ROOM = (
    "Your file could not be read: the server’s temporary folder is full or missing. Tell whoever runs the server; "
    "weights in its own folder still open."
)

log = logging.getLogger(__name__)


def offer_upload(name: str) -> None:
    """Let the learner choose a file."""
    limit = st.get_option("server.maxUploadSize")
    published = PUBLISHED_FILES.get(name)
    where = f" The published ones: [{published.file}]({published.url}), {published.megabytes} MB." if published else ""
    st.markdown(
        f":small[A state dict as torchvision names it: .safetensors, .pth or .pt, up to {limit} MB. It is read as data "
        f"and never run, stays in memory, and no other session is shown it.{where}]"
    )
    with st.container(key="weights-file"):  # app.css hides Streamlit's own limit, which it rounds to 1 GB
        st.file_uploader("Drop a file of weights here, or choose one", key=_widget())


def take_upload(name: str) -> None:
    """Read what was uploaded since the last run; call it before anything large is in the hands of this run.

    It waits for its turn before it touches the file: a click meanwhile, or too long a queue, must not lose it.
    """
    file: UploadedFile | None = st.session_state.get(_widget())
    if file is None:
        return
    with computing("Reading the weights …"), SHELF.turns.one():
        read_upload(name, file)
    st.session_state[UPLOADS] = _uploads() + 1  # another widget: nothing of the file stays with this one


def _uploads() -> int:
    return int(st.session_state.get(UPLOADS, 0))


def _widget() -> str:
    return f"_weights_upload_{_uploads()}"


def read_upload(name: str, file: UploadedFile) -> None:
    """Put an uploaded file's weights among the networks in memory, and choose them if they are of this network."""
    title = short_name(file.name)[1:-1] or "your file"
    data = file.getvalue()
    digest = hashlib.sha256(data).hexdigest()[:24]
    forget_upload(file)
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "weights"
            path.write_bytes(data)
            del data
            target = _shelve(name, path, title, digest)
    except WeightsError as error:
        complain(str(error))
        return
    except OSError as error:  # the server's log says which folder; the learner need not know it
        log.warning("A file of weights found no room in the temporary folder: %s", error)
        complain(NO_ROOM)
        return
    hold(target, WeightsChoice(FILE, title), f"{target} {digest}")
    note_holding("weights")
    st.session_state.setdefault(PANEL, {})[target] = FILE


def _shelve(name: str, path: Path, title: str, digest: str) -> str:
    """Read a file for the network that was asked for, or for the one that it fits; give the network's name."""
    with open_weights(path) as opened:
        target = name
        if not misfit(name, opened.shapes).fits:
            try:
                loaded_eyes(name, opened)  # says why it does not fit
            except WeightsError as error:
                if not error.fits:
                    raise
                target = error.fits
                complain(str(error), target)
        key = f"{target} {digest}"
        on_shelf(key, memory_of(target, path), lambda: loaded_eyes(target, opened, title, key))
    return target
