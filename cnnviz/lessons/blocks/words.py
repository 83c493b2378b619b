"""What the Blocks page says: spread and gradient with and without, and each block's formula with its numbers."""

from __future__ import annotations

from cnnviz.explain.notation import brief, brief_tex, summand
from cnnviz.lessons.blocks.spec import BlocksSpec
from cnnviz.lessons.blocks.trace import EPSILON, Bottleneck, Inside, Run

WITHOUT = "Without"


def spread_words(spec: BlocksSpec, without: Run, built: Run) -> str:
    """Say what depth does to the maps, with and without."""
    at = spec.looked_at
    plain, other = without.layers[at - 1], built.layers[at - 1]
    first, last = without.layers[0].std, without.layers[-1].std
    fate = "shrink" if last < first / 3 else "grow" if last > 3 * first else "stay about as large"
    return (
        f"**Forward.** Without, the maps {fate} from layer to layer: their spread is {brief(first)} after layer 1 and "
        f"{brief(last)} after layer {spec.depth}. With {_named(spec)} it is {brief(built.layers[-1].std)} there. After "
        f"layer {at}: {brief(plain.std)} without, {brief(other.std)} with."
    )


def gradient_words(spec: BlocksSpec, without: Run, built: Run) -> str:
    """Say how much of the gradient comes back to the first layer."""
    plain, other = without.layers[0].slope, built.layers[0].slope
    fate = "little is left" if plain < 0.1 else "it has grown" if plain > 10 else "it still counts"
    return (
        f"**Backward.** A gradient of length 1 is put in at the end. At layer 1 {fate} without: {brief(plain)}. "
        f"With {_named(spec)}: {brief(other)}."
    )


def _named(spec: BlocksSpec) -> str:
    return {"norm": "batch norm", "shortcut": "shortcuts", "both": "both"}[spec.built_in]


def norm_formula(spec: BlocksSpec, inside: Inside) -> str:
    """Write batch norm of the chosen channel, with its mean and variance."""
    mean, variance = float(inside.mean[spec.channel]), float(inside.variance[spec.channel])
    gamma, beta = brief_tex(spec.gamma), summand(brief_tex(spec.beta))
    above, below = summand(brief_tex(-mean)), rf"\sqrt{{{brief_tex(variance)} + {brief_tex(EPSILON)}}}"
    return (
        rf"\begin{{aligned}}y &= \gamma\,\frac{{x - \mu}}{{\sqrt{{\sigma^2 + \varepsilon}}}} + \beta\\ "
        rf"&= {gamma} \cdot \frac{{x {above}}}{{{below}}} {beta}\end{{aligned}}"
    )


def shortcut_formula(spec: BlocksSpec) -> str:
    """Write what a shortcut does, forward and back."""
    block = r"\mathrm{ReLU}(\mathrm{BN}(w * x))" if spec.built_in == "both" else r"\mathrm{ReLU}(w * x)"
    return (
        rf"\begin{{aligned}}y &= x + F(x)\\ F(x) &= {block}\\ "
        r"\frac{\partial L}{\partial x} &= \frac{\partial L}{\partial y}"
        r"\Bigl(1 + \frac{\partial F}{\partial x}\Bigr)\end{aligned}"
    )


def norm_words(spec: BlocksSpec) -> str:
    """Say from what batch norm takes its mean and variance."""
    if spec.remembered:
        return (
            "**Batch norm** takes μ and σ² from what it **remembers** of other pictures, as a trained network does: "
            "your picture's result no longer depends on its neighbours."
        )
    if spec.pictures == 1:
        return (
            "**Batch norm** takes μ and σ² from **your picture alone**: whatever its contrast was, it is gone. That is "
            "why a trained network remembers them instead."
        )
    return (
        f"**Batch norm** takes μ and σ² of each channel over all {spec.pictures} pictures of the batch and all places: "
        "your picture's result depends on its neighbours."
    )


def shortcut_words() -> str:
    """Say what a shortcut keeps."""
    return (
        "**A shortcut** adds what came in to what the layer made of it. The 1 in the formula lets the gradient pass "
        "every layer unchanged, whatever the weights do. Layer 1 has none: it turns 3 channels into 8."
    )


def skip_words(without: Bottleneck, likes: tuple[float, float]) -> str:
    """Say what is lost in a bottleneck, and what skips across."""
    rows, columns = without.small.shape
    return (
        f"**Forward.** At the bottom {rows}×{columns} numbers are left of the picture: made large again, their "
        f"correlation with the picture is {brief(likes[0])}. What skips across at each level brings the fine detail "
        f"back: {brief(likes[1])}."
    )


def skip_gradient_words(levels: int, unit: tuple[int, int], without: Bottleneck, built: Bottleneck) -> str:
    """Say which pixels one output hears."""
    block = 2**levels
    row, column = unit
    return (
        f"**Backward.** Without, the output at ({row}, {column}) hears all {block}×{block} pixels of its block alike: "
        f"{brief(float(without.slope.max()))} each. With the skips its own pixel counts "
        f"{brief(float(built.slope[row, column]))}."
    )


def skip_formula(levels: int, unit: tuple[int, int]) -> str:
    """Write the gradient of an output by its own pixel: one term for each way across, and one for the bottom."""
    row, column = unit
    terms = [rf"\frac1{{{2 ** (level + 1)}}} \cdot \frac1{{{4**level}}}" for level in range(levels)]
    terms.append(rf"\frac1{{{2**levels}}} \cdot \frac1{{{4**levels}}}")
    broken = "".join(rf"\\ &\quad + {' + '.join(terms[at : at + 2])}" for at in range(2, len(terms), 2))
    total = sum(1 / 2 ** (level + 1) / 4**level for level in range(levels)) + 1 / 2**levels / 4**levels
    return (
        rf"\begin{{aligned}}\frac{{\partial y_{{{row},{column}}}}}{{\partial x_{{{row},{column}}}}} "
        rf"&= {' + '.join(terms[:2])}{broken}\\ &= {brief_tex(total)}\end{{aligned}}"
    )
