"""What the page Where it looks says: the three maps in words and formulas, with their own numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.networks.seeing.maps import Eyes, Seen
from cnnviz.explain.notation import factor, in_text, minus
from cnnviz.lessons.where_it_looks.trace import FADING, SMOOTH_COPIES, Cam, Occlusion

FEW = 2
COARSE = 16


def score_words(eyes: Eyes, seen: Seen, number: int) -> str:
    """Say what the network makes of the picture, and which class is asked about.

    >>> from types import SimpleNamespace
    >>> seen = Seen({}, np.array([1.0, 3.0], np.float32))
    >>> score_words(SimpleNamespace(classes=("cat", "dog")), seen, 0)
    'The network says **dog** (score 3.00, chance 88.1 %). You ask about **cat**: score 1.00, chance 11.9 %.'
    """
    best = seen.best(1)[0]
    said = f"The network says **{eyes.classes[best]}** ({_score(seen, best)})."
    if number == best:
        return f"{said} That is the class that you see here."
    return f"{said} You ask about **{eyes.classes[number]}**: {_score(seen, number)}."


def _score(seen: Seen, number: int) -> str:
    return f"score {minus(f'{seen.scores[number]:.2f}')}, chance {100 * seen.chances[number]:.1f} %"


def saliency_formula(way: str, name: str) -> str:
    """Write how the gradient becomes a picture."""
    slope = rf"\frac{{\partial s_{{\text{{{in_text(name)}}}}}}}{{\partial x_{{c,i,j}}}}"
    if way == "times":
        return rf"\text{{share}}_{{i,j}} = \sum_c x_{{c,i,j}} \cdot {slope}"
    if way == "smooth":
        mean = rf"\frac1{{{SMOOTH_COPIES}}} \sum_{{n=1}}^{{{SMOOTH_COPIES}}}"
        return rf"\text{{saliency}}_{{i,j}} = \max_c {mean} \left|{slope}(x + \varepsilon_n)\right|"
    return rf"\text{{saliency}}_{{i,j}} = \max_c \left|{slope}\right|"


def saliency_words(way: str) -> str:
    """Say what the gradient shows."""
    return {
        "plain": "**Gradient.** Change one pixel a little: how much does the score move? One pass back tells all.",
        "times": "**Gradient × input.** What each pixel adds to the score, were the network linear; black adds none.",
        "smooth": f"**Gradient, smoothed.** The mean over {SMOOTH_COPIES} noisy copies: what stays is less grainy.",
    }[way]


def cam_formula(cam: Cam) -> str:
    """Write Grad-CAM with the weights of the maps that count most."""
    order = np.argsort(-np.abs(cam.weights), kind="stable")[:FEW]
    terms = "".join(
        rf"{'-' if cam.weights[c] < 0 else '+' if place else ''}{abs(float(cam.weights[c])):.3g}\,A_{{{c}}}"
        for place, c in enumerate(order)
    )
    terms = terms.replace("}", r"}\\ &\quad ", 1) if len(order) > 1 else terms  # a phone is too narrow for both
    rest = r" + \dots" if len(cam.weights) > FEW else ""
    places = rf"{cam.signed.shape[0]} \cdot {cam.signed.shape[1]}"
    return "\n".join([
        r"\begin{aligned}",
        rf"\alpha_c &= \frac1{{{places}}}\sum_{{i,j}} \frac{{\partial s}}{{\partial A_{{c,i,j}}}} \\",
        r"L &= \mathrm{ReLU}\Bigl(\sum_c \alpha_c A_c\Bigr) \\",
        rf"&= \mathrm{{ReLU}}\bigl({terms}{rest}\bigr)",
        r"\end{aligned}",
    ])  # fmt: skip


def cam_words(cam: Cam, layer: str) -> str:
    """Say what Grad-CAM shows."""
    rows, columns = cam.signed.shape
    said = (
        f"**Grad-CAM.** Each of the {len(cam.weights)} maps of {layer} counts as much as it moves the score. "
        f"There are {rows}×{columns} places: "
        + (
            "coarse, but such maps know whole objects."
            if max(rows, columns) < COARSE
            else "fine, but they know edges only."
        )
    )
    if not cam.coarse.any():
        said += " Here no place speaks for this class: after ReLU nothing is left."
    return said


def occlusion_words(found: Occlusion, box: tuple[int, int, int, int], drop: float, name: str) -> str:
    """Say what covering shows, at one place."""
    top, left, height, width = box
    way = "falls" if drop >= 0 else "rises"
    return (
        f"**Covering.** No gradients: cover a patch, look again, {found.drops.size} times. With rows {top} to "
        f"{top + height - 1}, columns {left} to {left + width - 1} covered, the score of {name} {way} by "
        f"{abs(drop):.2f}."
    )


def occlusion_formula(found: Occlusion, drop: float) -> str:
    """Write one difference with its numbers."""
    return (
        rf"\begin{{aligned}}s(x) - s(x_{{\text{{covered}}}}) &= {found.score:.2f} - "
        rf"{factor(f'{found.score - drop:.2f}')}\\ &= {drop:.2f}\end{{aligned}}"
    )


def fading_words(curves: Mapping[str, NDArray[np.float64]]) -> str:
    """Say which map was right first: the area under each curve."""
    areas = {name: float(values.mean()) for name, values in curves.items()}
    best = min(areas, key=areas.__getitem__)
    lost = next((part for part, chance in enumerate(curves[best]) if chance < curves[best][0] / 2), None)
    said = f"Pixels are covered, the most important first. **{best}** makes the chance fall fastest"
    return said + (f": half of it is gone with {100 * lost / FADING:.0f} % of the pixels." if lost else ".")
