r"""One number of a network, written out: its largest products, all others as one number, and every step behind them.

>>> product(0.25, -2.0)
'0.25 \\cdot (-2)'
>>> agreement(0.9516430686818564, 0.9516428709030151)
'The sum gives 0.9516431 and the network has 0.9516429: a difference of 2·10⁻⁷, the rounding of 32-bit numbers.'
"""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

from cnnviz.engine.networks.graph import INPUT
from cnnviz.engine.networks.layers.kinds import Conv
from cnnviz.engine.networks.seeing.pooling_window import Window
from cnnviz.engine.networks.seeing.unit import UnitTrace
from cnnviz.engine.networks.seeing.unit_steps import Bent, Scaled, Step, Terms, WeightedSum
from cnnviz.explain.notation import POWERS, factor, in_text, minus, number, summand

ALL_WRITTEN = 12
"""So many products are written out; of more than these only the largest are."""
LARGEST = 8
LONGEST_LINE = 30
LEAST_ROOM = 6
"""Signs that stand around a list of numbers."""
MOST_WINDOW = 16
NEW_LINE = r" \\ &\quad "
COMMA = r",\, "


def unit_formula(unit: UnitTrace) -> str:
    """Write the chosen cell out, from the sum of products up to it."""
    lines: list[str] = []
    letters = iter("zuvwrst")
    symbol = ""
    for step in reversed(unit.steps):
        written = _written(step, symbol)
        if written is None:
            continue
        symbol = "y" if step is unit.chosen else next(letters, "q")
        lines.append(rf"{symbol} &= {written}")
        if step.off:
            lines.append(rf"{symbol} &\leftarrow 0 \quad \text{{(switched off)}}")
    if not lines:
        return ""
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def _written(step: Step, before: str) -> str | None:
    detail = step.detail
    match detail:
        case WeightedSum():
            return _sum(detail, number(step.value))
        case Window():
            return _window(detail)
        case Scaled():
            return _scaled(detail, before)
        case Bent():
            return _bent(detail)
        case Terms():
            sign = " + " if detail.how == "add" else r" \cdot "
            return f"{sign.join(factor(number(value)) for value in detail.values)} = {number(detail.value)}"
        case _:
            return None


def _sum(total: WeightedSum, value: str) -> str:
    values, weights = total.values.ravel(), total.weights.ravel()
    products = values * weights
    order = np.argsort(-np.abs(products), kind="stable")
    count = len(order)
    written = count if count <= ALL_WRITTEN else LARGEST
    chosen = [int(one) for one in order[:written] if count <= ALL_WRITTEN or products[one]]
    terms = [product(float(values[one]), float(weights[one])) for one in chosen]
    if not terms:
        terms = ["0"]
    lines = [_broken(terms, " + ", f"{NEW_LINE}+ ", LONGEST_LINE)]
    if len(chosen) < count:
        rest = float(products.sum() - products[chosen].sum())
        other = "other products" if chosen else "products"
        lines.append(rf"+ {factor(number(rest))} \;\text{{({count - len(chosen):,} {other})}}")
    if total.bias is not None:
        lines.append(rf"+ {factor(number(total.bias))} \;\text{{(bias)}}")
    lines.append(f"= {value}")
    return NEW_LINE.join(lines[:-1]) + rf" \\ &{lines[-1]}"


def product(value: float, weight: float) -> str:
    """Write a number times a weight."""
    return rf"{factor(number(value))} \cdot {factor(number(weight))}"


def _seen(formula: str) -> str:
    return re.sub(r"\\[a-z]+|[{}\\ ]", "", formula.replace(r"\cdot", "."))


def _window(window: Window) -> str:
    inside, value = window.values[~window.outside], number(window.value)
    few = len(inside) <= MOST_WINDOW
    if window.how == "max":
        shown = [number(one) for one in inside.tolist()]
        listed = _broken(shown, COMMA, f",{NEW_LINE}") if few else rf"\text{{{len(inside)} numbers}}"
        return rf"\max({listed}) = {value}"
    part = rf"\tfrac{{1}}{{{window.divisor}}}"
    if not few:
        return rf"{part} \cdot {factor(number(float(inside.sum())))} = {value} \;\text{{({len(inside)} numbers)}}"
    listed = _broken([factor(number(one)) for one in inside.tolist()], " + ", f"{NEW_LINE}+ ")
    return rf"{part} ({listed}) = {value}"


def _broken(items: list[str], between: str, line_end: str, longest: int = LONGEST_LINE - LEAST_ROOM) -> str:
    """Join items, and begin a new line where one grows too long for a phone."""
    lines: list[str] = []
    for item in items:
        joined = f"{lines[-1]}{between}{item}" if lines else item
        if lines and len(_seen(joined)) <= longest:
            lines[-1] = joined
        else:
            lines.append(item)
    return line_end.join(lines)


def _scaled(norm: Scaled, before: str) -> str:
    """Write batch norm with its four numbers."""
    letter = before or "x"
    return (
        rf"\gamma\,\frac{{{letter} - \mu}}{{\sqrt{{\sigma^2 + \varepsilon}}}} + \beta \\ "
        rf"&= {factor(number(norm.gamma))} \cdot \frac{{{number(norm.x)} {summand(number(-norm.mean))}}}"
        rf"{{\sqrt{{{number(norm.variance)} + {number(norm.epsilon)}}}}} {summand(number(norm.beta))} "
        rf"= {number(norm.value)}"
    )


def _bent(bent: Bent) -> str:
    if bent.how == "relu":
        return rf"\max(0,\, {number(bent.x)}) = {number(bent.value)}"
    if bent.how == "relu6":
        return rf"\min(6,\, \max(0,\, {number(bent.x)})) = {number(bent.value)}"
    name = in_text(bent.how)
    return rf"\operatorname{{{name}}}({number(bent.x)}) = {number(bent.value)}"


# Sentences


def place_words(step: Step) -> str:
    """Name a cell.

    >>> place_words(Step("fc1", 5, (0, 0), None, 0.5, None, False, (0, 0), spatial=False))
    'Unit 5 of fc1'
    """
    if not step.spatial:
        return f"Unit {step.channel} of {said(step.name)}"
    return f"Row {step.at[0]}, column {step.at[1]} of map {step.channel} of {said(step.name)}"


def said(name: str) -> str:
    """Name a layer; the input is the picture."""
    return "the picture" if name == INPUT else name


def way_words(unit: UnitTrace) -> str:
    """Say whose kernels are shown, where the chosen layer has none of its own."""
    maker, chosen = unit.maker, unit.chosen
    if maker is chosen:
        return ""
    behind = " → ".join(said(step.name) for step in reversed(unit.steps))
    kernels = f" Its kernels are those of map {maker.channel} of {maker.name}." if unit.total else ""
    made = "Each map" if chosen.spatial else "Each number"
    return f"{made} of {chosen.name} is made of one other map: {behind}.{kernels}"


def sum_words(unit: UnitTrace) -> str:
    """Say what the maker reads for this cell."""
    total, maker = unit.total, unit.maker
    if total is None:
        if isinstance(maker.detail, Terms):
            names = " and ".join(said(name) for name in maker.detail.names)
            verb = "adds" if maker.detail.how == "add" else "multiplies"
            return f"{maker.name} {verb} {names} cell by cell; it has no kernels."
        if maker.layer is None:
            return "This is the picture itself."
        return f"{maker.name} ({maker.layer.kind}) mixes several maps in a way that is not taken apart here."
    count, (height, width) = len(total.channels), total.weights.shape[1:]
    zeros = int((total.products == 0).sum())
    window = f" through a window of {height}×{width}" if total.weights[0].size > 1 else ""
    what = f"{count:,} {_of(unit, count)}{window}"
    outside = int(total.outside.sum()) * count
    parts = [f"{maker.name} reads {what}: {total.products.size:,} products"]
    if zeros:
        some = f"{zeros:,}" if zeros < total.products.size else "all"
        parts.append(f"{some} of them zero" + (f" ({outside:,} with padding)" if outside else ""))
    groups = maker.layer.groups if isinstance(maker.layer, Conv) else 1
    more = f" It has {groups} groups: each of its maps reads only its own." if groups > 1 else ""
    return ", ".join(parts) + "." + more


def mean_words(unit: UnitTrace) -> str:
    """Say which of many averaged cells is followed back."""
    for step, before in zip(unit.steps, unit.steps[1:], strict=False):
        window = step.detail
        if isinstance(window, Window) and window.how == "mean" and (~window.outside).sum() > 1:
            return (
                f"Of the {int((~window.outside).sum())} numbers that {step.name} averages, the one that weighs most is "
                f"followed back: row {before.at[0]}, column {before.at[1]}."
            )
    return ""


def off_words(step: Step) -> str:
    """Say what being switched off does to a cell."""
    if not step.off:
        return ""
    if step.value == 0:
        return "It is switched off; it would be 0 anyway."
    return f"It is switched off: the network goes on with 0 instead of {minus(number(step.value))}."


def _of(unit: UnitTrace, count: int) -> str:
    total = unit.total
    assert total is not None
    single = total.values.shape[1:] == (1, 1) and not unit.maker.spatial
    word = "unit" if single else "map"
    if unit.source == INPUT:
        return f"channel{'' if count == 1 else 's'} of the picture"
    return f"{word}{'' if count == 1 else 's'} of {unit.source}"


def dark_words(unit: UnitTrace) -> str:
    """Say which of the maps that feed it are switched off."""
    if not unit.dark:
        return ""
    named = ", ".join(map(str, sorted(unit.dark)))
    many = len(unit.dark) > 1
    return f"Switched off, so zero: map{'s' if many else ''} {named} of {said(unit.source)}."


def agreement(ours: float, theirs: float) -> str:
    """Say how near the sum comes to the network's own number."""
    if ours == theirs:
        return f"The sum and the network agree to the last digit: {_full(theirs)}."
    difference = abs(ours - theirs)
    power = math.floor(math.log10(difference))
    lead = round(difference / 10.0**power)
    lead, power = (1, power + 1) if lead == 10 else (lead, power)
    size = f"{lead}·10{str(power).translate(POWERS)}"
    return (
        f"The sum gives {_full(ours)} and the network has {_full(theirs)}: "
        f"a difference of {size}, the rounding of 32-bit numbers."
    )


def _full(value: float) -> str:
    return minus(f"{value:.7g}")


def agreement_words(unit: UnitTrace) -> str:
    """Compare the last number that was worked out with the network's."""
    step: Any = next((one for one in unit.steps if one.detail is not None and not one.off), None)
    maker = unit.maker
    if maker.detail is not None and not maker.off:
        step = maker
    return agreement(step.value, step.given) if step is not None else ""


def field_words(box: tuple[int, int, int, int]) -> str:
    """Say what of the picture the cell sees.

    >>> field_words((2, 2, 16, 16))
    'It sees 16×16 pixels of the picture: rows 2 to 17, columns 2 to 17.'
    """
    top, left, height, width = box
    return (
        f"It sees {height}×{width} pixels of the picture: rows {top} to {top + height - 1}, "
        f"columns {left} to {left + width - 1}."
    )
