"""The examples of the Signals page: the lectures' numbers along one axis, and what kernels do to noise and impulses.

>>> SIGNALS_PRESETS[0].title, dict(SIGNALS_PRESETS[0].state)
('5, 7, 0, … by −1, 3, −1', {})
"""

from __future__ import annotations

from cnnviz.state.preset import LECTURES, Preset

KERNELS = "What kernels do"
_FOUR = "n=4&k=4&x=0.7+0.5+0.3+1&w=0.8+0+0.8+0.2"


def _preset(group: str, name: str, title: str, link: str, note: str) -> Preset:
    source = "Lecture: convolution in one dimension" if group == LECTURES else ""
    return Preset.from_link(link, name=name, title=title, group=group, note=note, source=source)


SIGNALS_PRESETS: tuple[Preset, ...] = (
    _preset(
        LECTURES,
        "lecture",
        "5, 7, 0, … by −1, 3, −1",
        "",
        "The first output is 5·(−1) + 7·3 + 0·(−1) = 16. Play, and the kernel takes every place where it fits.",
    ),
    _preset(
        LECTURES,
        "valid",
        "d − (s − 1) outputs",
        "n=7&x=counting&w=average",
        "A signal of d = 7 cells has 7 − (3 − 1) = 5 places for a kernel of s = 3 weights.",
    ),
    _preset(
        LECTURES,
        "alignment",
        "Which alignment is better?",
        _FOUR,
        "Four weights on four cells: 0.7·0.8 + 0.5·0 + 0.3·0.8 + 1·0.2 = 1. Is there a better place?",
    ),
    _preset(
        LECTURES,
        "alignment-all",
        "Try every alignment",
        f"n=4&k=4&p=full&{_FOUR.removeprefix('n=4&k=4&')}",
        "Zeros on both sides allow 4 + 4 − 1 = 7 alignments. "
        "The best reaches 1.2, with the kernel one cell further to the right.",
    ),
    _preset(
        LECTURES,
        "same",
        "Same: one zero on each side",
        "p=same",
        "With one zero on each side there are as many outputs as cells: 9. The 16 is second now.",
    ),
    _preset(
        LECTURES,
        "full",
        "Full: d + s − 1 outputs",
        "p=full",
        "Every place that touches the signal counts: 9 + 3 − 1 = 11. "
        "Some slides say d + 2(s − 1) = 13; that is the length of the padded signal.",
    ),
    _preset(
        LECTURES,
        "turned",
        "Convolution turns the kernel",
        "p=full&flip=1&x=impulse&w=counting",
        "The kernel 1, 2, 3 is laid as 3, 2, 1, and so a single 1 shows it upright: 1, 2, 3.",
    ),
    _preset(
        LECTURES,
        "not-turned",
        "Cross-correlation does not",
        "p=full&x=impulse&w=counting",
        "Laid as it is, the kernel 1, 2, 3 answers a single 1 backwards: 3, 2, 1. PyTorch calls this convolution.",
    ),
    _preset(
        LECTURES,
        "stride",
        "Stride 2",
        "s=2&w=average",
        "Every other alignment: half the work, and half the outputs.",
    ),
    _preset(
        LECTURES,
        "dilation",
        "Dilation 2",
        "d=2&w=average",
        "Three weights reach over five cells. The holes between them are no weights.",
    ),
    _preset(
        KERNELS,
        "moving-average",
        "Moving average of a noisy step",
        "n=20&k=5&p=same&mode=replicate&x=noisy-step&w=average",
        "Each output is the mean of five neighbours: the noise shrinks, and the step becomes a ramp of five cells.",
    ),
    _preset(
        KERNELS,
        "smoothing",
        "Smooth a noisy wave",
        "n=24&k=5&p=same&mode=replicate&x=noisy-wave&w=smooth",
        "The nearest cells weigh most: 1, 4, 6, 4, 1, over 16. The wave stays and the noise goes.",
    ),
    _preset(
        KERNELS,
        "difference",
        "Differences find the step",
        "n=10&k=2&x=step&w=difference",
        "Equal neighbours give 0; only the step answers. Turn the kernel, and the answer changes its sign.",
    ),
    _preset(
        KERNELS,
        "impulse-response",
        "Impulse response",
        "n=11&k=5&p=full&flip=1&x=impulse&w=echo",
        "A single 1 goes in, and the kernel itself comes out: each echo is half as loud as the one before.",
    ),
)
"""In the order of their groups."""
