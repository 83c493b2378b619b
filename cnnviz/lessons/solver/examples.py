"""Examples for the tools of the Solver page, with the lectures' own numbers where they have some.

>>> lecture = CHAIN_PRESETS[0]
>>> lecture.name, find_chain_preset(SolverSpec(tool="chain")) is lecture
('lecture-chain', True)
"""

from __future__ import annotations

from cnnviz.lessons.solver.spec import SolverSpec
from cnnviz.state.preset import Preset

QUESTIONS = ("224 -> 112", "224 -> 56", "56 -> 112", "7x5 -> 4x3", "5 -> 100")
"""What to ask: halve, quarter, double, rows and columns apart, and something that no convolution does."""


def _chain(name: str, title: str, link: str, note: str, source: str = "Network") -> Preset:
    return Preset.from_link(f"do=chain{link}", name=name, title=title, group="Chains", note=note, source=source)


CHAIN_PRESETS = (
    _chain(
        "lecture-chain",
        "256 to 125",
        "",
        "The stride halves 256 to 128 and drops one padded row; pooling without padding takes 3 more.",
        "Lecture: size of a convolution and a pooling",
    ),
    _chain(
        "digits",
        "Digits, 28",
        "&layers=conv.5.c6_pool.2_conv.5.c16_pool.2&n=28",
        "A small network for handwritten digits: convolutions without padding take 4 cells, pooling takes half.",
    ),
    _chain(
        "stem",
        "224 to 56",
        "&layers=conv.7.s2.p3.c64_pool.3.s2.p1&n=224&c=3",
        "The first two layers of many networks: a quarter of the size, and every unit sees 11×11 cells.",
    ),
    _chain(
        "small-kernels",
        "Small kernels",
        "&layers=conv.3.p1.c64_conv.3.p1.c64_pool.2_conv.3.p1.c128_conv.3.p1.c128_pool.2&n=224&c=3",
        "Padding 1 keeps the size for a 3×3 kernel, so only the pooling changes it. Two such layers see 5×5 cells.",
    ),
    _chain(
        "unpadded",
        "Without padding",
        "&layers=conv.3.c64_conv.3.c64_pool.2_conv.3.c128_conv.3.c128_transposed.2.s2.c64&n=572",
        "Each 3×3 kernel takes 2 cells. What comes back up is smaller than what went down: 560 of 568 cells.",
    ),
    _chain(
        "generator",
        "4 to 64",
        "&layers=transposed.4.s2.p1.c256_transposed.4.s2.p1.c128_transposed.4.s2.p1.c64_transposed.4.s2.p1.c3&n=4&c=512",
        "Kernel 4, stride 2, padding 1 doubles exactly, and every output gets equally many stamps.",
    ),
    _chain(
        "there-and-back",
        "There and back",
        "&layers=conv.3.s2.p1.c8_conv.3.s2.p1.c16_transposed.3.s2.p1.c8_transposed.3.s2.p1.c1&n=28",
        "28 goes to 7 and comes back as 25: without output padding 1, each way back loses what the stride dropped.",
    ),
)


def find_chain_preset(spec: SolverSpec) -> Preset | None:
    """Find the example whose layers, size and channels stand on the page."""
    return next((preset for preset in CHAIN_PRESETS if _same(preset, spec)), None)


def _same(preset: Preset, spec: SolverSpec) -> bool:
    example, _ = SolverSpec.from_query(preset.state)
    return (example.layers, example.size, example.channels) == (spec.layers, spec.size, spec.channels)
