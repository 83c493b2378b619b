"""A lesson with pictures, without a browser: what its viewers get, and what they answer."""

from __future__ import annotations

from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from cnnviz.figures.codes import Codes, decode
from cnnviz.figures.panels import unwrap


def sent(page: AppTest, viewer: int = 0) -> tuple[dict[str, Any], list[bytes]]:
    """What one of the page's viewers gets: its head, and the bodies of the panels that are new to it."""
    assert not page.exception
    viewers = [part for part in page.get("bidi_component") if part.proto.component_name == "cnnviz_viewer"]
    return unwrap(viewers[viewer].proto.bytes)


def head(page: AppTest, viewer: int = 0) -> dict[str, Any]:
    return sent(page, viewer)[0]


def arrays(page: AppTest, viewer: int = 0) -> list[np.ndarray | None]:
    """The pictures of all panels; None where the viewer has it already."""
    told, bodies = sent(page, viewer)
    left = iter(bodies)
    return [decoded(next(left), panel) if panel["length"] else None for panel in told["panels"]]


def array(page: AppTest, panel: int = 0, viewer: int = 0) -> np.ndarray:
    found = arrays(page, viewer)[panel]
    assert found is not None
    return found


def titles(page: AppTest, viewer: int = 0) -> list[str]:
    return [panel["title"] for panel in head(page, viewer)["panels"]]


def by_title(page: AppTest, viewer: int = 0) -> dict[str, np.ndarray]:
    """The pictures that are new to the viewer, by title."""
    pairs = zip(titles(page, viewer), arrays(page, viewer), strict=True)
    return {title: picture for title, picture in pairs if picture is not None}


def controls(page: AppTest) -> dict[str, Any]:
    """The controls of the first viewer and where they stand."""
    return {control["name"]: control.get("value") for control in head(page)["controls"]}


def answered(lesson: str, page: AppTest, seq: int, **answer: Any) -> AppTest:
    """The page of a lesson after its viewer sent an answer."""
    page.session_state[f"{lesson}_viewer"] = {"answer": {"seq": seq, "set": {}, "have": [], **answer}}
    return page.run()


def decoded(body: bytes, panel: dict[str, Any]) -> np.ndarray:
    return decode(Codes(body, panel["bytes"], panel["decimals"], panel["channels"]), tuple(panel["size"]))
