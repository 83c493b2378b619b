"""The words of a chain with open numbers.

>>> from cnnviz.lessons.solver.spec_open import read_open
>>> print(open_sentence(solve_open(read_open("256: conv 3 s2 p?; pool 4 s1 -> 125"))))
Padding 1 is the only one that works: 256 → 128 → 125.
>>> print(open_sentence(solve_open(read_open("256: conv 3 s? p1; pool 4 s1 -> 126"))))
No stride from 1 to 64 gives 126. The nearest: stride 2 gives 125; stride 1 gives 253.
"""

from __future__ import annotations

from cnnviz.lessons.solver.spec_open import FIRST, LAST, PLAIN, OpenChain, Spot
from cnnviz.lessons.solver.trace_open import Found, Solved, bounds_of, solve_open
from cnnviz.lessons.solver.words import ODDITIES

__all__ = ["found_cells", "found_words", "open_sentence", "sizes_words", "solve_open", "spot_name", "spot_words"]


def spot_name(chain: OpenChain, spot: Spot) -> str:
    """Name a number; the layer is told where two layers have such a number open.

    >>> from cnnviz.lessons.solver.spec_open import read_open
    >>> chain = read_open("256: conv ? s2 p1; pool ? s1 -> 125")
    >>> [spot_name(chain, spot) for spot in chain.open]
    ['kernel of layer 1', 'kernel of layer 2']
    """
    if spot in {FIRST, LAST}:
        return spot.setting
    name = spot.setting.replace("_", " ")
    alike = [one for one in chain.open if one.setting == spot.setting]
    return f"{name} of layer {spot.layer + 1}" if len(alike) > 1 else name


def spot_words(chain: OpenChain, spot: Spot) -> str:
    """Name a number of the chain, with its value, for a button.

    >>> from cnnviz.lessons.solver.spec_open import read_open
    >>> chain = read_open("256: conv 3 s2 p?; pool 4 s1 -> 125")
    >>> [spot_words(chain, spot) for spot in chain.spots][:4]
    ['Input 256', '1 conv: kernel 3', '1 conv: stride 2', '1 conv: padding ?']
    """
    value = chain.value(spot)
    shown = "?" if value is None else str(value)
    if spot in {FIRST, LAST}:
        return f"{spot.setting.capitalize()} {shown}"
    kind = PLAIN[chain.layers[spot.layer].kind]
    return f"{spot.layer + 1} {kind}: {spot.setting.replace('_', ' ')} {shown}"


def found_words(chain: OpenChain, found: Found) -> str:
    """Name the values of one answer: “kernel 3, padding 1”."""
    return ", ".join(
        f"{spot_name(chain, spot)} {'= ' if ' of ' in spot_name(chain, spot) else ''}{value}"
        for spot, value in zip(chain.open, found.values, strict=True)
    )


def sizes_words(found: Found) -> str:
    """Write all sizes: “256 → 128 → 125”."""
    return " → ".join(map(str, found.sizes))


def open_sentence(solved: Solved) -> str:
    """Say what works, or what nearly does."""
    chain = solved.chain
    if not chain.open:
        return _closed(solved)
    names = " and ".join(spot_name(chain, spot) for spot in chain.open)
    if solved.answers:
        best = solved.answers[0]
        words, sizes = found_words(chain, best), sizes_words(best)
        if chain.open == (LAST,):
            return f"The output is {best.sizes[-1]}: {sizes}."
        if solved.total == 1:
            return f"{words.capitalize()} is the only one that works: {sizes}."
        what = f"pairs of {names}" if len(chain.open) > 1 else f"values of the {names}"
        return f"{solved.total:,} {what} work. The simplest is {words}: {sizes}."
    wanted = "works" if chain.output is None else f"gives {chain.output}"
    tried = " and ".join(_tried(chain, spot) for spot in chain.open)
    if solved.near:
        near = "; ".join(f"{found_words(chain, one)} gives {one.sizes[-1]}" for one in solved.near)
        return f"No {tried} {wanted}. The nearest: {near}."
    return f"No {tried} {wanted}. {solved.fault}"


def _tried(chain: OpenChain, spot: Spot) -> str:
    low, high = bounds_of(chain, spot)
    return f"{spot_name(chain, spot)} from {low} to {high}"


def _closed(solved: Solved) -> str:
    chain = solved.chain
    if solved.answers:
        return f"It comes out: {sizes_words(solved.answers[0])}."
    if solved.near:
        return f"It does not come out: {sizes_words(solved.near[0])}, and not {chain.output}."
    return f"It cannot work. {solved.fault}"


def found_cells(found: Found) -> list[str]:
    """Write one answer as the cells of a table."""
    unusual = ", ".join(ODDITIES[name][0] for name in found.oddities) or "nothing"
    return [*map(str, found.values), sizes_words(found), str(found.lost), unusual]
