"""The lesson “Transposed convolution”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="transposed",
    title="Transposed convolution",
    section="Arithmetic",
    icon=":material/open_in_full:",
    help="Enlarge a grid by stamping a kernel: three ways to compute it, and why it is no inverse.",
    tables=("examples.TRANSPOSED_PRESETS",),
)
