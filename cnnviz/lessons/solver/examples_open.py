"""Examples for chains with open numbers: the lecture's exercise with each of its numbers left open, and more.

>>> [preset.name for preset in OPEN_PRESETS][:3]
['input', 'kernel', 'stride']
"""

from __future__ import annotations

from cnnviz.state.preset import Preset

LECTURE = "Lecture: size of a convolution and a pooling"


def _preset(name: str, title: str, chain: str, note: str, source: str = LECTURE) -> Preset:
    link = "do=open" + (f"&f={chain}" if chain else "")
    return Preset.from_link(link, name=name, title=title, group="Open numbers", note=note, source=source)


OPEN_PRESETS = (
    _preset(
        "input", "256 to 125: which input?", "~_conv.3.s2.p1_pool.4.s1_125",
        "Two inputs work, as the stride rounds down: 255 loses nothing, 256 one padded cell.",
    ),
    _preset(
        "kernel", "256 to 125: which kernel?", "256_conv.~.s2.p1_pool.4.s1_125",
        "3 and 4 both work: with stride 2 one cell more or less does not count.",
    ),
    _preset("stride", "256 to 125: which stride?", "256_conv.3.s~.p1_pool.4.s1_125", "Only 2 halves the size."),
    _preset("padding", "256 to 125: which padding?", "", "Only 1: each further cell adds one output."),
    _preset(
        "pool-kernel", "256 to 125: which pooling?", "256_conv.3.s2.p1_pool.~.s1_125",
        "With stride 1 every kernel size has an output size of its own.",
    ),
    _preset(
        "pool-stride", "256 to 125: which pooling stride?", "256_conv.3.s2.p1_pool.4.s~_125",
        "Any other stride would make it 63 or fewer.",
    ),
    _preset(
        "output", "256 to what?", "256_conv.3.s2.p1_pool.4.s1_~", "Forwards: 128 behind the convolution, then 3 less."
    ),
    _preset(
        "two", "Kernel and padding, both open", "256_conv.~.s2.p~_pool.4.s1_125",
        "Each further cell of padding on both sides allows two more of the kernel.",
    ),
    _preset(
        "impossible", "256 to 126: impossible?", "256_conv.3.s~.p1_pool.4.s1_126",
        "No stride makes 126 here. The nearest outputs are offered.",
    ),
    _preset(
        "doubling", "7 to 14, transposed", "7_transposed.~.s2.p~_14",
        "Kernel 2 without padding, 4 with 1, 6 with 2: even kernels double exactly.", "Network",
    ),
)  # fmt: skip


def find_open_preset(state: dict[str, str]) -> Preset | None:
    """Find the example whose chain stands in the URL."""
    return next((preset for preset in OPEN_PRESETS if preset.state.get("f") == state.get("f")), None)
