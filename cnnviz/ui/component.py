"""What browsers draw themselves: the stage, the viewer, the wall of maps, the drawing pad, and smaller parts.

    VIEWER = Component("viewer/viewer", "The pictures", css="viewer/viewer.css", palette=PALETTE)
    VIEWER(message, key="left", on_answer_change=freshen)    # answers come back in st.session_state["left"]

A component's code is a module in a folder of assets/. Only a few lines travel with the page; they fetch the module, and
hand it Streamlit's messages and the config.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import streamlit as st

from cnnviz.ui.vendor import ASSETS, vendor_url

BOOT = (ASSETS / "shared" / "boot.js").read_text(encoding="utf-8")


class Component:
    """A part of a page, drawn by a module of assets/; `what` it is called if it does not arrive."""

    def __init__(self, module: str, what: str, *, css: str = "", **config: Any) -> None:
        """Describe it; nothing is read or registered before it is drawn."""
        self.name = module.rpartition("/")[2]
        self._module = module
        self._what, self._css, self._config = what, css, config

    def __call__(self, data: bytes | str | dict[str, Any], *, key: str, **callbacks: Callable[[], None]) -> None:
        """Draw it. Streamlit keeps what a browser answers only if there is a callback for it: `on_answer_change`."""
        _registered(self.name, self)(data=data, key=key, **callbacks)

    def boot(self) -> str:
        """Give the script that travels with the page."""
        config = {"module": vendor_url(f"{self._module}.js"), "plotly": vendor_url("plotly.min.js"), "what": self._what}
        config |= {"css": vendor_url(self._css)} if self._css else {}
        return BOOT.replace("__CONFIG__", json.dumps(config | self._config, separators=(",", ":")))


@st.cache_resource
def _registered(name: str, _component: Component) -> Callable[..., Any]:
    """Register a component: once a process."""
    return st.components.v2.component(f"cnnviz_{name}", js=_component.boot(), isolate_styles=False)
