"""What there is to say about learned kernels, and about what excites a unit."""

from __future__ import annotations

import numpy as np

from cnnviz.explain.notation import in_words, minus
from cnnviz.lessons.learned_kernels.trace import COLOUR, KernelCount, Weights
from cnnviz.lessons.learned_kernels.trace_match import RANDOM_KERNELS, Match
from cnnviz.lessons.learned_kernels.trace_patches import Album, Best

SLICES = ("red", "green", "blue")


def kernel_name(kernel: int, channel: int, colour: bool, channels: int) -> str:
    """Call a kernel, or one of its slices, by its name.

    >>> kernel_name(3, -1, True, 3), kernel_name(3, 2, True, 3), kernel_name(5, 7, False, 16)
    ('kernel 3', 'kernel 3, blue', 'kernel 5, input 7')
    """
    if channel == COLOUR or channels == 1:
        return f"kernel {kernel}"
    return f"kernel {kernel}, {SLICES[channel] if colour else f'input {channel}'}"


def signed(value: float) -> str:
    """Write a number with its sign.

    >>> signed(0.5), signed(-0.25)
    ('+0.50', '−0.25')
    """
    return minus(f"{value:+.2f}")


def match_words(match: Match | None, free: bool, summed: bool) -> str:
    """Say which hand-made kernel is nearest, how near, and whether that means anything."""
    if match is None:
        return (
            "One number, or a kernel whose numbers are all alike, has nothing to compare: there is no hand-made match."
        )
    how, other = ("mean-free", "as they are") if free else ("as they are", "mean-free")
    turned = ", turned over (times −1)" if match.factor < 0 else ""
    what = "The sum of its three slices, which is what a grey picture meets, is" if summed else "It is"
    numbers = f"{signed(match.cosine)} ({how}), {signed(match.other)} ({other})"
    size = "×".join(str(side) for side in match.fitted.shape)
    title = match.title.replace("\\", "\\\\")  # two of the titles end in one, which markdown would take for itself
    chance = f"one in twenty of {RANDOM_KERNELS:,} random {size} kernels comes to {match.chance:.2f} or more"
    if match.alike:
        return (
            f"{what} most like **{title}**{turned}: cosine {numbers}. Less than that is easily had: {chance}. "
            f"{100 * (1 - match.left):.0f} % of its squares are explained, {100 * match.left:.0f} % are left over."
        )
    return f"**Nothing alike.** Nearest comes {title}{turned}, cosine {numbers}; but so near comes chance: {chance}."


def match_formula(match: Match, free: bool) -> str:
    """Write the comparison with its numbers."""
    bar = r"(w-\bar w)\cdot(h-\bar h)" if free else r"w\cdot h"
    below = r"\lVert w-\bar w\rVert\,\lVert h-\bar h\rVert" if free else r"\lVert w\rVert\,\lVert h\rVert"
    offset = f" {match.offset:+.3f}" if free else ""
    return (
        rf"\begin{{aligned}}\cos &= \frac{{{bar}}}{{{below}}} = {match.cosine:.3f}\\"
        rf"w &\approx {match.factor:.3f}\,h{offset},\quad 1-\cos^2 = {match.left:.3f}\end{{aligned}}"
    )


def count_words(now: KernelCount, alike: int, slices: int, before: KernelCount | None, alike_before: int) -> str:
    """Say what was counted about the layer, and how it was before training."""
    least, most = float(now.norms.min()), float(now.norms.max())
    said = [
        f"The norms of its {len(now.norms)} kernels go from {in_words(least, 3)} to {in_words(most, 3)}; "
        f"weights have mean {in_words(now.mean, 2)} and spread {in_words(now.spread, 2)}."
    ]
    dead = len(now.dead)
    said.append(
        f"{dead} of them {'is' if dead == 1 else 'are'} dead: nearly all zeros ({_some(now.dead)})." if dead
        else "None is dead: none is nearly all zeros."
    )  # fmt: skip
    if now.grey is not None:
        said.append(
            f"{100 * now.grey:.0f} % of the squares are the same in red, green and blue; the rest looks at colour."
        )
    if slices:
        was = f"; before training {alike_before} of {slices}" if before else ""
        said.append(f"More alike to a hand-made kernel than chance: {alike} of {slices}{was}.")
    return " ".join(said)


def _some(numbers: tuple[int, ...], most: int = 6) -> str:
    return ", ".join(str(one) for one in numbers[:most]) + (" …" if len(numbers) > most else "")


def sheet_alt(layer: str, weights: Weights, colour: bool) -> str:
    """Describe a sheet of kernels to those who do not see it."""
    count, channels, height, width = weights.shape
    kind = "in colour" if colour else f"of {channels} channel{'s' if channels > 1 else ''}"
    return f"The weights of {layer}: {count} kernels {kind}, {height}×{width} each. Click one to see it large."


def kernel_alt(title: str, values: np.ndarray) -> str:
    """Describe one kernel."""
    low, high = float(values.min()), float(values.max())
    return f"{title}: weights from {in_words(low, 3)} to {in_words(high, 3)}."


def best_words(best: Best, channel: int, unit: str) -> str:
    """Say how strongly the samples excite a unit."""
    values, fires = best.values[channel], float(best.fires[channel])
    among = best.album.about
    if fires == 0:
        return (
            f"**{unit} never answers above zero** on {among}: behind a ReLU it would be dead for all of them. "
            f"The patches are those where it comes nearest, {in_words(float(values[0]), 3)}."
        )
    return (
        f"Among {among}, {unit} answers above zero somewhere in {100 * fires:.0f} %. Its strongest answer is "
        f"{in_words(float(values[0]), 3)}, the ninth strongest {in_words(float(values[-1]), 3)}."
    )


def apart_words(album: Album) -> str:
    """Say from where patches come."""
    few = album.name == "gallery"
    return "At most three from one picture, apart from each other." if few else "Each from another picture."


def climb_words(unit: str, value: float, best: float, start: float) -> str:
    """Compare what climbing found with the best sample."""
    end = f"From noise at {in_words(start, 3)} to {in_words(value, 3)}"
    if best <= 0:
        return f"{end}; no sample brings {unit} above zero."
    if value > best:
        return (
            f"{end}: {value / best:.1f} times what the best sample gives. No sample looks like it: the network never "
            "met such pictures, and nothing kept it from answering them."
        )
    more = "Try more steps, or less blur and fading."
    return f"{end}; the best sample gives {in_words(best, 3)}, which is more. {more}"
