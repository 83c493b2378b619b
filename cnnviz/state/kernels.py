"""Which kernel a learner asks for: one of the library, in a size of its own, or typed rows; to and from URLs.

>>> kernel_rows(parse_kernel("sobel-x"))
((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))
>>> show_kernel(parse_kernel("gaussian-7-1.5")), show_kernel(parse_kernel("1 -1"))
('gaussian-7-1.5', '1 -1')

In a URL a kernel is a name (``sobel-x``), a name with a size (``box-9``) and a sigma (``gaussian-7-1.5``), or rows of
numbers (``1 2_3 4``). Changed cells stand in a field of their own (`grids.parse_edits`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from cnnviz.engine.grids import CUSTOM, Edits, Number, Rows
from cnnviz.engine.pictures.kernels import LARGEST_KERNEL, LIBRARY, SIGMAS, KernelEntry
from cnnviz.errors import SpecError
from cnnviz.state.grids import parse_rows
from cnnviz.state.numbers import store_number

LONGEST_TYPED = 8


@dataclass(frozen=True, slots=True)
class KernelSource:
    """Which kernel: a name of the library (or `CUSTOM` with typed rows), and the cells changed on top of it.

    A size or sigma of 0 means the kernel's own.
    """

    name: str
    size: int = 0
    sigma: float = 0.0
    rows: Rows = ()
    edits: Edits = ()

    @property
    def entry(self) -> KernelEntry | None:
        """The library's entry; typed rows have none."""
        return LIBRARY.get(self.name)

    @property
    def title(self) -> str:
        """What to call it."""
        entry = self.entry
        if entry is None:
            return "Your own kernel"
        size = f" {self.own_size}×{self.own_size}" if entry.sizes else ""
        sigma = f", σ = {store_number(self.own_sigma)}" if entry.sigma else ""
        return entry.title + size + sigma + (", changed" if self.edits else "")

    @property
    def own_size(self) -> int:
        """The size asked for, or else the kernel's own; 0: it has one size only."""
        return (self.size or self.entry.size) if self.entry else 0

    @property
    def own_sigma(self) -> float:
        """The sigma asked for, or else the kernel's own; 0: it has none."""
        return (self.sigma or self.entry.sigma) if self.entry else 0.0

    def edit(self, row: int, column: int, value: Number) -> KernelSource:
        """Change one cell.

        >>> kernel_rows(KernelSource("difference").edit(0, 1, -2))
        ((1, -2),)
        """
        kept = [edit for edit in self.edits if edit[:2] != (row, column)]
        return replace(self, edits=tuple(sorted([*kept, (row, column, value)])))


@lru_cache(maxsize=512)
def kernel_rows(source: KernelSource) -> Rows:
    """Give the numbers of a kernel; whole numbers stay whole."""
    entry = source.entry
    rows = entry.make(source.own_size, source.own_sigma) if entry else source.rows
    if not source.edits:
        return rows
    cells = [list(row) for row in rows]
    for row, column, value in source.edits:
        if row < len(cells) and column < len(cells[0]):
            cells[row][column] = value
    return tuple(map(tuple, cells))


def parse_kernel(text: str) -> KernelSource:
    """Read a kernel: a name of the library, with a size and a sigma if it has them, or rows of numbers.

    >>> parse_kernel("box-4")
    KernelSource(name='box', size=4, sigma=0.0, rows=(), edits=())
    >>> parse_kernel("gaussian-4")
    Traceback (most recent call last):
    ...
    cnnviz.errors.SpecError: the sizes of gaussian are 3, 5, 7, 9, 11, 13, 15
    """
    word = text.strip().lower()
    if word in LIBRARY:
        return KernelSource(word)
    if match := re.fullmatch(r"([a-z]+(?:-[a-z]+)?)-(\d{1,2})(?:-(\d{1,2}(?:\.\d{1,3})?))?", word, flags=re.ASCII):
        return sized_kernel(match[1], int(match[2]), float(match[3] or 0))
    if not any(sign.isdigit() for sign in word) or re.match("[a-z]", word):
        raise SpecError(
            "", "a kernel is a name such as sobel-x, box-9 or gaussian-7-1.5, or rows of numbers like 1 2_3 4"
        )
    return KernelSource(CUSTOM, rows=parse_rows(text, LARGEST_KERNEL))


def sized_kernel(name: str, size: int, sigma: float = 0.0) -> KernelSource:
    """Take a kernel of the library in a size of its own; what equals the kernel's own becomes 0."""
    entry = LIBRARY.get(name)
    if entry is None or not entry.sizes:
        raise SpecError(
            "", f"no kernel of that name comes in sizes; {', '.join(k for k, e in LIBRARY.items() if e.sizes)} do"
        )
    if size and size not in entry.sizes:
        raise SpecError("", f"the sizes of {name} are {', '.join(map(str, entry.sizes))}")
    if sigma and not entry.sigma:
        raise SpecError("", f"{name} has no sigma, only a size")
    if sigma and not SIGMAS[0] <= sigma <= SIGMAS[1]:
        raise SpecError("", f"sigma goes from {SIGMAS[0]:g} to {SIGMAS[1]:g}")
    sigma = round(sigma, 3)
    return KernelSource(name, 0 if size == entry.size else size, 0.0 if sigma == entry.sigma else sigma)


def show_kernel(source: KernelSource) -> str:
    """Write a kernel so that `parse_kernel` reads it back; the changed cells have a field of their own."""
    if source.entry is None:
        return "_".join(" ".join(store_number(value) for value in row) for row in source.rows)
    sigma = f"-{store_number(source.sigma)}" if source.sigma else ""
    return source.name + (f"-{source.own_size}{sigma}" if source.size or source.sigma else "")


def kernel_text(rows: Rows) -> str:
    r"""Write the rows for a text box, one line each; fractions as 1/9, others to six decimals.

    >>> kernel_text(((1 / 9, 0.5), (0.0000782685, 2)))
    '1/9 0.5\n0.000078 2'
    """
    return "\n".join(" ".join(_typed(value) for value in row) for row in rows)


def _typed(value: Number) -> str:
    exact = store_number(value)
    return exact if len(exact) <= LONGEST_TYPED else f"{value:.6f}".rstrip("0").rstrip(".")


def edited_kernel(base: KernelSource, text: str) -> KernelSource:
    r"""Read rows that a learner typed over a kernel: changed cells if a few differ, else a kernel of their own.

    >>> edited_kernel(KernelSource("laplacian"), "0 1 0\n1 -5 1\n0 1 0").edits
    ((1, 1, -5),)
    """
    rows, plain = parse_rows(text, LARGEST_KERNEL), replace(base, edits=())
    old = kernel_rows(plain)
    if base.entry is None or (len(rows), len(rows[0])) != (len(old), len(old[0])):
        return KernelSource(CUSTOM, rows=rows)
    before = parse_rows(kernel_text(old), LARGEST_KERNEL)  # as typing it would keep it: six decimals
    edits = tuple((r, c, value) for r, line in enumerate(rows) for c, value in enumerate(line) if value != before[r][c])
    few = len(edits) <= max(2, len(rows) * len(rows[0]) // 4)
    return replace(plain, edits=edits) if few else KernelSource(CUSTOM, rows=rows)
