"""The slide: one component of the page, which lets one function slide over another and answers with commits.

Its message holds every curve, so that the browser needs no server while something moves; its commits have the form of
a stage's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from cnnviz.ui.component import Component
from cnnviz.ui.stage import nothing

SLIDE = Component("stage/slide", "The slide", css="stage/stage.css")


def show_slide(message: Mapping[str, Any], *, key: str) -> None:
    """Draw a slide; what the learner does with it comes back by `read_commit` in the next run."""
    SLIDE(orjson.dumps(message).decode(), key=key, on_commit_change=nothing)
