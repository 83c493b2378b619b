"""The pack of the Convolution stage: one spec, all its neighbours.

>>> body = convolution_pack(ConvolutionSpec(), apart=False, sides=False)
>>> json.loads(body)["controls"][1]["name"]
'input'
"""

from __future__ import annotations

import json
from functools import lru_cache

from cnnviz.engine.trace import trace_convolution
from cnnviz.scenes.controls import Mend
from cnnviz.scenes.convolution import convolution_scene
from cnnviz.scenes.convolution_controls import convolution_controls, mend_convolution
from cnnviz.scenes.pack import Pack, write_json
from cnnviz.scenes.scene import Scene
from cnnviz.spec.convolution import ConvolutionSpec

__all__ = ["convolution_pack", "json"]


@lru_cache(maxsize=256)
def convolution_pack(spec: ConvolutionSpec, *, apart: bool, sides: bool) -> str:
    """Write the pack of a spec; a lecture's students ask for the same few, so the last ones are kept."""

    def picture(other: ConvolutionSpec) -> Scene:
        return convolution_scene(trace_convolution(other))

    def mend(other: ConvolutionSpec) -> list[Mend]:
        return mend_convolution(other, apart=apart, sides=sides)

    query = spec.to_query() | ({"apart": "1"} if apart else {}) | ({"sides": "1"} if sides else {})
    controls = convolution_controls(spec, apart=apart, sides=sides)
    return write_json(Pack(picture, mend).build(spec, query, controls))
