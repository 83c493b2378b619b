"""Every state of the Filter chains page makes panels that can be sent, controls within bounds, and words."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cnnviz.errors import SpecError
from cnnviz.figures.panels import MOST_PANELS, message, unwrap
from cnnviz.lessons.filter_chains.code import torch_chain
from cnnviz.lessons.filter_chains.spec import FilterChainsSpec
from cnnviz.lessons.filter_chains.view_gradient import gradient_part
from cnnviz.lessons.filter_chains.view_scale import scale_part
from cnnviz.lessons.filter_chains.view_sequence import sequence_part
from tests.lessons.convolution.specs import examples
from tests.lessons.filter_chains.test_spec import SPECS

PICTURES = arrays.arrays(np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24)))
PARTS = {"sequence": sequence_part, "gradient": gradient_part, "scale": scale_part}


@examples(250)
@given(PICTURES, SPECS)
def test_every_state_can_be_shown(picture: np.ndarray, spec: FilterChainsSpec) -> None:
    try:
        part = PARTS[spec.view](picture, spec, "Noise")
    except SpecError as error:
        assert error.message.endswith(".")
        return
    told, _ = unwrap(message(part.panels, controls=part.controls))
    assert 2 <= len(told["panels"]) <= MOST_PANELS
    assert len({panel["title"] for panel in told["panels"]}) == len(told["panels"])
    for control in told["controls"]:
        if control["type"] == "slider":
            assert control["low"] <= control["value"] <= control["high"]
    for panel in told["panels"]:
        for row, column, height, width, *_ in panel["marks"]:
            assert 0 <= row < row + height <= panel["size"][0]
            assert 0 <= column < column + width <= panel["size"][1]
    assert not part.note or part.note[-1] in ".0123456789"
    assert part.left and part.right
    compile(torch_chain(spec), "page", "exec")
