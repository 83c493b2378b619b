"""The lesson “Frameworks”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="frameworks",
    title="Frameworks",
    section="Networks",
    icon=":material/compare_arrows:",
    help="One layer in PyTorch, TensorFlow, ONNX and Caffe: sizes, padding, and the pixel that lies between them.",
    tables=("examples.FRAMEWORKS_PRESETS",),
)
