"""What an experiment comes to: its headline on the stage, and its verdict with the numbers that were measured.

>>> from cnnviz.lessons.properties.trace import trace_properties
>>> from cnnviz.lessons.properties.spec import PropertiesSpec
>>> trace = trace_properties(PropertiesSpec("shift", border="zeros"))
>>> headline(trace)
'conv(shift x) ≠ shift(conv x) · 5×5 → 5×5'
>>> experiment_notes(trace)[0]
'A and B differ in 13 of 25 cells, by up to 12.'
"""

from __future__ import annotations

from collections.abc import Callable

from cnnviz.lessons.properties.trace import PropertiesTrace, output_shift
from cnnviz.state.numbers import show_number


def headline(trace: PropertiesTrace) -> str:
    """Say the law with the sign that was found, and the sizes."""
    sign = "≠" if trace.differing else "="
    (height, width), (rows, columns) = trace["input"].shape, trace["a"].shape
    return f"{LAWS[trace.spec.prop](trace, sign)} · {height}×{width} → {rows}×{columns}"


def experiment_notes(trace: PropertiesTrace) -> tuple[str, ...]:
    """Give the verdict first, then why."""
    return (verdict(trace), *REASONS[trace.spec.prop](trace))


def verdict(trace: PropertiesTrace) -> str:
    """Say in how many cells the paths differ, and by how much."""
    cells = trace["difference"].size
    if not trace.differing:
        return "A − B is 0 in the one cell that there is." if cells == 1 else f"A − B is 0 in all {cells} cells."
    by = "by" if trace.differing == 1 else "by up to"
    return f"A and B differ in {trace.differing} of {cells} cells, {by} {show_number(trace.largest)}."


def _commutes(trace: PropertiesTrace, equal: str) -> str:
    sign = "∗" if trace.spec.turned else "⋆"
    return f"f {sign} g {equal} g {sign} f"


def _is_linear(trace: PropertiesTrace, equal: str) -> str:
    a, b = trace.spec.scales
    return f"{_combined(a, b, 'f', 'h', '({}) ⋆ w')} {equal} {_combined(a, b, 'f ⋆ w', 'h ⋆ w', '{}')}"


def _combined(a: int, b: int, first: str, second: str, around: str) -> str:
    """Write a times one and b times another.

    >>> _combined(2, -1, "f", "h", "({}) ⋆ w"), _combined(1, 3, "f ⋆ w", "h ⋆ w", "{}")
    ('(2f − h) ⋆ w', '(f ⋆ w) + 3(h ⋆ w)')
    """
    one, other = (f"({name})" if " " in name else name for name in (first, second))
    factor = {1: "", -1: "−"}
    left = factor.get(a, f"{a}".replace("-", "−")) + one
    right = ("" if abs(b) == 1 else str(abs(b))) + other
    return around.format(f"{left} {'−' if b < 0 else '+'} {right}")


def _is_separable(trace: PropertiesTrace, equal: str) -> str:
    return f"x ⋆ w {equal} (x ⋆ column) ⋆ row"


def _associates(trace: PropertiesTrace, equal: str) -> str:
    sign = "∗" if trace.spec.turned else "⋆"
    return f"(x {sign} g) {sign} h {equal} x {sign} (g ∗ h)"


def _strides(trace: PropertiesTrace, equal: str) -> str:
    rows, columns = trace.spec.stride
    stride = str(rows) if rows == columns else f"{rows}×{columns}"
    return f"stride {stride} {equal} stride 1, then dropping"


Law = Callable[[PropertiesTrace, str], str]
LAWS: dict[str, Law] = {
    "commutative": _commutes,
    "linear": _is_linear,
    "shift": lambda _, equal: f"conv(shift x) {equal} shift(conv x)",
    "associative": _associates,
    "separable": _is_separable,
    "stride": _strides,
}


def _why_commutative(trace: PropertiesTrace) -> tuple[str, ...]:
    if trace.spec.turned:
        return ("Both sum the same products f[i] · g[j] with i + j fixed, only in another order.",)
    turned = "B is A turned by half a turn."
    return (f"{turned} Here that changes nothing." if not trace.differing else turned,)


def _why_shift(trace: PropertiesTrace) -> tuple[str, ...]:
    notes = []
    moved = output_shift(trace.spec)
    pairs = list(zip(trace.spec.shift, trace.spec.stride, strict=True))
    odd = any(shift % stride for shift, stride in pairs)
    if odd:
        wanted = " and ".join(f"{shift}/{stride} {name}" for (shift, stride), name in zip(pairs, NAMES, strict=True))
        notes.append(
            f"The output would have to move by {wanted}. A grid moves by whole cells only: "
            f"it was moved by {moved[0]} rows and {moved[1]} columns."
        )
    elif trace.spec.border != "circular" and trace.inner is not None:
        notes.append(_inner(int(trace.inner.sum())))
    elif trace.differing:
        notes.append("The stride does not divide the size, so going round the output is not going round the input.")
    else:
        notes.append("Circular borders have no edge: whatever leaves on one side comes in on the other.")
    return tuple(notes)


NAMES = ("rows", "columns")


def _inner(count: int) -> str:
    if not count:
        return "No window here stays clear of the border and of the zeros that the shift brings in."
    cells = "1 cell whose window stays" if count == 1 else f"{count} cells whose windows stay"
    agree = "agrees" if count == 1 else "agree"
    return f"The {cells} clear of the border, and of the zeros that the shift brings in, always {agree}."


def _why_associative(trace: PropertiesTrace) -> tuple[str, ...]:
    rows, columns = trace["combined"].shape
    both = f"Two kernels in a row are one kernel of {rows}×{columns}."
    if trace.differing:
        return (f"{both} With zeros at the border, the first output is padded anew: A forgets what lay outside.",)
    return (both,)


def _why_separable(trace: PropertiesTrace) -> tuple[str, ...]:
    (rows, columns), rank = trace["kernel"].shape, trace.rank
    cost = f"{rows}×{columns} = {rows * columns} multiplications a cell against {rows} + {columns} = {rows + columns}"
    if rank <= 1:
        return (f"The kernel has rank {rank}: it is a column times a row. {cost}.",)
    return (
        f"The kernel has rank {rank}. The nearest column times row misses it by {show_number(trace.missed, 3)} "
        f"({trace.missed_share:.0%} of its norm). {cost}.",
    )


def _why_stride(trace: PropertiesTrace) -> tuple[str, ...]:
    kept, every, weights = trace["a"].size, trace["first"].size, trace["kernel"].size
    return (
        f"A computes {kept} cells, {kept * weights} products. B computes {every} cells, {every * weights} products, "
        f"and drops {every - kept}.",
    )


REASONS: dict[str, Callable[[PropertiesTrace], tuple[str, ...]]] = {
    "commutative": _why_commutative,
    "linear": lambda _: ("Each cell is a sum of products with fixed weights, and sums can be split and scaled.",),
    "shift": _why_shift,
    "associative": _why_associative,
    "separable": _why_separable,
    "stride": _why_stride,
}
