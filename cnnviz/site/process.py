"""What a server process needs once, before it meets its first learner.

Some things decide whether three hundred phones at once feel fast:

- **One thread a computation.** PyTorch starts a thread for every core in every small convolution; with many
  learners on few cores they only wait for each other (16 at once: 1.1 ms each instead of 0.2 ms). The libraries
  read their environment when they are first loaded, so `prepare_process` sets it without importing any of them.
  Whoever imports torch later has nothing to do; `torch.set_num_threads(1)` there says the same again.
- **No forced garbage collection.** Streamlit runs a full collection after every script run while it holds the
  interpreter's lock: up to 101 ms once torch is loaded. `runner.postScriptGC = false` in `.streamlit/config.toml`
  turns that off. The option is hidden and may vanish in another version of Streamlit, so `collections_are_forced`
  looks, and `keep_collections_short` is the way out.
- **The theme is written once** (`keep_theme`). Streamlit writes it anew from some two hundred options at the start of
  every run: 1 ms of 20.
- **Nothing from a page that was left** (`pass_over_late_parts`). What a page sends when its hand rests may come after
  the learner has gone to another page; Streamlit would go back for it, and the browser clears its page for that.
- **Tabs that outlived their session** (`cnnviz/ui/reconnect.py`) are served, and not dead without a word.
- **Short turns** between that thread and the script: 1 ms instead of Python's 5 ms.
- **The project's settings**, whatever the current folder is.

Python's own collector stays on (no `gc.disable()`): each script run leaves cycles behind, and without a collector
the memory of a long lecture only grows.
"""

from __future__ import annotations

import functools
import gc
import os
import sys
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from streamlit import config
from streamlit.errors import StreamlitAPIException
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import app_session

from cnnviz.site.address import never_ask_for_address
from cnnviz.site.spooling import keep_pictures_in_memory
from cnnviz.ui.reconnect import serve_tabs_of_former_sessions

SWITCH_SECONDS = 0.001
SINGLE_THREADED = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")

_frozen_modules = 0


def prepare_process(entry: Path) -> None:
    """Set up this process; `entry` is the project's app.py."""
    sys.setswitchinterval(SWITCH_SECONDS)
    for name in SINGLE_THREADED:
        os.environ.setdefault(name, "1")
    use_project_config(entry)
    keep_theme()
    pass_over_late_parts()
    never_ask_for_address()
    keep_pictures_in_memory()
    serve_tabs_of_former_sessions()


def use_project_config(entry: Path) -> None:
    """Make Streamlit read the `.streamlit/config.toml` beside `entry`, however the server was started.

    `streamlit run` and `App.run` tell Streamlit where the entry is. Other servers (`uvicorn app:app`) do not, and
    Streamlit would look beside cnnviz/site/main.py. There is no public way to say it.
    """
    if getattr(config, "_main_script_path", entry) is None:
        config._main_script_path = str(entry)
        config.get_config_options(force_reparse=True)


def keep_theme() -> None:
    """Keep the theme as Streamlit wrote it first, until the settings are read again.

    The function is Streamlit's own, so this is done only while it is there; without it runs are a little slower.
    """
    write = getattr(app_session, "_populate_theme_msg", None)
    if write is None or hasattr(write, "__wrapped__"):
        return
    kept: dict[str, bytes] = {}

    @functools.wraps(write)
    def write_kept(message: Any, section: str = "theme") -> None:
        if section not in kept:
            fresh = type(message)()
            write(fresh, section)
            kept[section] = fresh.SerializeToString()
        if kept[section]:  # merging nothing would leave an empty section, which is not the same as none
            message.MergeFromString(kept[section])

    app_session._populate_theme_msg = write_kept  # type: ignore[assignment]
    config.on_config_parsed(kept.clear, force_connect=True)


def pass_over_late_parts() -> None:
    """Let a session pass over what is asked for a part of a page that its learner has left.

    A browser asks for a page and learns only from the answer that it is there; until then the old page's controls and
    timers work, and ask in the old page's name. What they set is of no use to the page that comes.

    Streamlit's own function, so only while it is there, like `keep_theme`. A page that sent its learner to another one
    (`st.switch_page`) would have to be noted here as well; none does.
    """
    ask = getattr(app_session.AppSession, "request_rerun", None)
    if ask is None or hasattr(ask, "__wrapped__"):
        return
    asked_for: WeakKeyDictionary[app_session.AppSession, str] = WeakKeyDictionary()

    @functools.wraps(ask)
    def ask_unless_left(self: app_session.AppSession, client_state: ClientState | None) -> None:
        if client_state and not client_state.fragment_id:
            asked_for[self] = client_state.page_script_hash  # none in the first request: it names its page in words
        elif client_state and asked_for.get(self, "") not in {"", client_state.page_script_hash}:
            return
        ask(self, client_state)

    app_session.AppSession.request_rerun = ask_unless_left  # type: ignore[method-assign]


def collections_are_forced() -> bool:
    """Whether Streamlit runs a full garbage collection after each script run."""
    try:
        return config.get_option("runner.postScriptGC") is not False
    except (RuntimeError, StreamlitAPIException):
        return True  # the option is gone: expect the worst


def keep_collections_short() -> None:
    """If collections are forced, take what is loaded for good (modules, classes, functions) out of their sight.

    Called after every run of a page, since modules are loaded when a page first needs them; it acts only when
    modules were added since the last time.
    """
    global _frozen_modules  # noqa: PLW0603 - a fact about the process, like the collector's own state
    if len(sys.modules) != _frozen_modules and collections_are_forced():
        _frozen_modules = len(sys.modules)
        gc.collect()
        gc.freeze()
