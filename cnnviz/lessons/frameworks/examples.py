"""Examples of the Frameworks page.

>>> find_frameworks_preset(FrameworksSpec()).name
'resnet'
"""

from __future__ import annotations

from cnnviz.lessons.frameworks.spec import FrameworksSpec
from cnnviz.state.preset import Preset


def _preset(name: str, title: str, link: str, note: str, source: str = "Network") -> Preset:
    return Preset.from_link(link, name=name, title=title, group="Frameworks", note=note, source=source)


FRAMEWORKS_PRESETS = (
    _preset(
        "resnet",
        "ResNet’s first layer: 7×7, stride 2",
        "",
        "Both give 112 outputs, but PyTorch pads 3 and 3, “same” pads 2 and 3: every window stands one pixel further.",
    ),
    _preset(
        "mobilenet",
        "MobileNet’s 3×3, stride 2",
        "k=3&p=1",
        "“Same” has only one cell to pad, and puts it after. Weights that are carried over look one pixel beside.",
    ),
    _preset(
        "odd-input",
        "The same layer on 225",
        "n=225&k=3&p=1",
        "An odd size needs 1 and 1, as in PyTorch: the shift depends on the size of the picture.",
    ),
    _preset(
        "caffe-112",
        "Pooling 3, stride 2, on 112",
        "op=pool&n=112&k=3&p=0",
        "Rounded down there are 55 outputs; Caffe rounds up to 56, and its last window hangs over by one cell.",
    ),
    _preset(
        "caffe-113",
        "The same pooling on 113",
        "op=pool&n=113&k=3&p=0",
        "113 fits exactly, so rounding up adds nothing: 56 in Caffe as in PyTorch. “Same” still wants 57.",
    ),
    _preset(
        "even",
        "Even kernel, stride 1",
        "n=8&k=4&s=1&p=1",
        "An even kernel has no middle cell. “Same” pads 1 and 2, SAME_LOWER 2 and 1: they differ by one whole cell.",
    ),
    _preset(
        "half",
        "Half a pixel: kernel 2 and kernel 3",
        "n=16&k=2&p=0",
        "Kernel 2 with stride 2 stands in the middle everywhere. Set the kernel to 3, padding 1: half a cell beside.",
    ),
    _preset(
        "dilated",
        "Dilation 2, and a stride",
        "n=32&k=3&p=2&d=2",
        "The kernel reaches over 5 cells. Keras refuses a stride together with a dilation; ONNX takes both.",
    ),
    _preset(
        "transposed",
        "Transposed 3×3, stride 2: 7 to 14",
        "op=transposed&n=7&k=3&p=1&o=1",
        "PyTorch needs output padding 1 to reach 14; “same” gets there by itself, but cuts off elsewhere: one cell "
        "further right.",
    ),
    _preset(
        "generator",
        "A generator’s 4×4, stride 2",
        "op=transposed&n=4&k=4&p=1",
        "The kernel is twice the stride, so one cell goes at either end in every framework: 4, 8, 16, and no shift.",
    ),
)


def find_frameworks_preset(spec: FrameworksSpec) -> Preset | None:
    """Find the example that stands on the page."""
    state = spec.to_query()
    return next((preset for preset in FRAMEWORKS_PRESETS if dict(preset.state) == state), None)
