r"""The words and formulas of the scale space.

>>> halving_formula((300, 451), 2)
'\\begin{aligned} 300 &\\to 150 \\to 75 \\\\ 451 &\\to 226 \\to 113 \\end{aligned}'
"""

from __future__ import annotations

from cnnviz.engine.grids import Pair
from cnnviz.lessons.filter_chains.spec import FilterChainsSpec
from cnnviz.lessons.filter_chains.trace_gradient import bell
from cnnviz.lessons.filter_chains.trace_scale import FLOAT_RANGE, AliasTrace, DogTrace, LaplaceTrace
from cnnviz.lessons.filter_chains.words import number
from cnnviz.state.numbers import show_number


def halving_formula(size: Pair, levels: int) -> str:
    """Write the sizes of all levels, rows and columns."""
    chains = []
    for length in size:
        sizes = [length]
        for _ in range(levels):
            sizes.append(-(-sizes[-1] // 2))
        chains.append(rf"{sizes[0]} &\to " + r" \to ".join(map(str, sizes[1:])))
    return rf"\begin{{aligned}} {chains[0]} \\ {chains[1]} \end{{aligned}}"


def bell_formula(sigma: float) -> str:
    """Write the bell and its middle weights."""
    weights = bell(sigma)
    middle = len(weights) // 2
    shown = ", ".join(f"{weight:.3f}" for weight in weights[middle : middle + 3])
    return (
        rf"\begin{{aligned}} g[i] &\propto e^{{-i^2 / (2 \cdot {show_number(sigma)}^2)}} \\ "
        rf"g[0], g[1], g[2] &= {shown} \end{{aligned}}"
    )


def say_alias(trace: AliasTrace) -> str:
    """Say what a move of one pixel does to both, in one line under the pictures."""
    blurred, dropped = trace.moved
    return (
        f"Move the picture by one pixel: a pixel of this level changes by {number(blurred, 3)} grey levels on average "
        f"with blur, by {number(dropped, 3)} without."
    )


def explain_alias(trace: AliasTrace) -> str:
    """Say what aliasing is, with what was measured."""
    step = 2**trace.spec.levels
    whole, with_blur, without = trace.deviations
    mean, mean_blurred, mean_dropped = trace.means
    times = trace.moved[1] / trace.moved[0] if trace.moved[0] else 0.0
    calmer = f" Without blur it changes {number(times, 2)} times as much." if times > 1.05 else ""
    return (
        f"Level {trace.spec.levels} keeps one pixel of {step}×{step}. What is finer than two of its pixels cannot be "
        "shown there. Dropped without a blur, it does not go away: it comes back as coarse patterns that are not in "
        "the picture. That is **aliasing**. A blur first takes the fine parts out.\n\n"
        f"| Grey levels | Picture | With blur | Without |\n|:--|--:|--:|--:|\n"
        f"| Mean | {number(mean)} | {number(mean_blurred)} | {number(mean_dropped)} |\n"
        f"| Deviation | {number(whole)} | {number(with_blur)} | {number(without)} |\n\n"
        "Stride and pooling in a network do the same. A move of the picture by one pixel should hardly matter to a "
        f"level of {step} pixels each.{calmer} So blurring before a stride makes a network steadier against moves."
    )


def explain_pyramid(spec: FilterChainsSpec, size: Pair) -> str:
    """Say what the Gaussian pyramid is, and what it costs."""
    pixels = [size[0] * size[1]]
    rows, columns = size
    for _ in range(spec.levels):
        rows, columns = -(-rows // 2), -(-columns // 2)
        pixels.append(rows * columns)
    return (
        f"**Blur with σ = {show_number(spec.sigma)}, take every second row and column, again and again.** All levels "
        f"together hold {sum(pixels):,} pixels, {sum(pixels) / pixels[0]:.2f} times the picture: never more than about "
        "4/3. A small kernel on a small level sees as far as a large one on the picture. So the deep layers of a "
        "network see a whole face with 3×3 kernels."
    )


def say_laplace(trace: LaplaceTrace) -> str:
    """Say how well the picture was put together again, in one line under the pictures."""
    if not trace.spec.dropped:
        exact = "rounding only" if trace.error < FLOAT_RANGE else "more than rounding"
        return f"Put together again: the largest error is {number(trace.error)} grey levels ({exact})."
    few = "layer" if trace.spec.dropped == 1 else f"{trace.spec.dropped} layers"
    return f"Without the finest {few}: the largest error is {number(trace.error)} grey levels."


def explain_laplace(trace: LaplaceTrace) -> str:
    """Say what the details are."""
    rows = "\n".join(
        f"| {level} | {'×'.join(map(str, part.shape))} | {weak:.0%} |"
        for level, (part, weak) in enumerate(zip(trace.details, trace.weak, strict=True))
    )
    return (
        "**Each detail is what the next smaller level does not know**: the level less the enlarged smaller one. "
        "Nothing is lost, so adding the details back gives the picture, whatever the blur. Most details are close to "
        f"0, which is what makes them easy to store.\n\n| Detail | Size | Between −4 and 4 |\n|:--|--:|--:|\n{rows}"
    )


LAPLACE_FORMULA = (
    r"\begin{aligned} L_i &= G_i - \operatorname{up}(G_{i+1}) \\ G_i &= L_i + \operatorname{up}(G_{i+1}) \end{aligned}"
)


def say_dog(trace: DogTrace) -> str:
    """Say how alike the two are, in one line under the pictures."""
    return (
        f"Correlation of the two kernels: {trace.kernels_match:.4f}. "
        f"Correlation of the two pictures: {trace.pictures_match:.4f}."
    )


def dog_formula(trace: DogTrace) -> str:
    """Write the difference and what it comes close to, with the sigmas."""
    narrow, wide = show_number(trace.spec.sigma), show_number(trace.wide, 3)
    laplacian = rf"\nabla^2 G_{{{trace.middle:.3g}}}"
    return (
        rf"\begin{{aligned}} G_{{{wide}}} - G_{{{narrow}}} &\approx \tfrac{{1}}{{2}}\,({wide}^2 - {narrow}^2)\, "
        rf"{laplacian} \\ &= {trace.factor:.3g} \, {laplacian} \end{{aligned}}"
    )


def explain_dog(trace: DogTrace) -> str:
    """Say what the difference of two Gaussians answers to."""
    radius = trace.middle * 2**0.5
    return (
        "**Blur twice, subtract**: what is left are parts of one size. A bright spot on dark gives a dip (orange), a "
        f"dark spot on bright a peak (blue); strongest for spots of a radius of about {number(radius, 2)} pixels. "
        "Edges lie where it crosses 0. It comes close to the Laplacian of a Gaussian, the second derivatives of a "
        "blurred picture, and needs only two blurs, each a column and a row.\n\n"
        f"With a ratio of {show_number(trace.spec.ratio)} the kernels agree to {trace.kernels_match:.2%}. The nearer "
        "the ratio is to 1, the closer they are, and the weaker is the answer; 1.6 is the usual choice."
    )
