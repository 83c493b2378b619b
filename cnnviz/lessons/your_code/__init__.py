"""The lesson “Your code”."""

from __future__ import annotations

from cnnviz.lessons.lesson import Lesson

LESSON = Lesson(
    key="your_code",
    title="Your code",
    section="Networks",
    icon=":material/code:",
    help="Paste your PyTorch network: every layer’s size, and where it breaks, with the smallest change that mends it.",
)
