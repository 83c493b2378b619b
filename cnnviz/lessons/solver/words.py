"""The words of the Solver: what an answer is, what is unusual about it, and why there is none.

>>> from cnnviz.lessons.solver.spec_question import parse_question
>>> question = parse_question("5 -> 100")
>>> [explain_none(question, "conv", NO_FILTERS).sentences[0]]
['With stride 1, 5 cells become 1 to 15. No convolution within the bounds makes more than 15, and 100 are wanted. \
Only padding makes its output larger than its input.']
>>> explain_none(question, "conv", NO_FILTERS).questions
('5 -> 15', '90 -> 100')
"""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.engine.axis_layer import AxisLayer, layer_loss
from cnnviz.engine.grids import Pair
from cnnviz.lessons.solver.spec import BOUNDS, Filters
from cnnviz.lessons.solver.spec_question import Question
from cnnviz.lessons.solver.trace import HEAVY, NO_FILTERS, Solution, solve_axis
from cnnviz.lessons.solver.trace_reach import loosened, nearest_inputs, reach_of
from cnnviz.state.query import show_pair

NOUNS = {
    "conv": ("convolution", "convolutions"),
    "transposed": ("transposed convolution", "transposed convolutions"),
    "pool": ("pooling", "poolings"),
}

ODDITIES = {
    "lost": (
        "loses cells",
        "The last cells of the padded input are read by no window, as the division has a remainder.",
    ),
    "even": ("even kernel", "An even kernel has no cell in its middle, so its output is half a cell off."),
    "single": ("single cells", "A window of one cell pools nothing: it only picks every cell, or drops some."),
    "shared": ("windows overlap", "The stride is smaller than the window, so a cell can count for several outputs."),
    "padded": ("padded", "Pooling is seldom padded: the padding never wins a maximum."),
    "ceil": ("ceil mode", "The size is rounded up, so that a last window hangs over the end."),
    "dilated": ("dilated", "The kernel has holes, so it sees far with few weights."),
    "uneven": ("uneven padding", "There is one more cell of padding after the input than before it."),
    "extra": ("output padding", "The added cells at the end are not zeros; some get nothing but the bias."),
    "overlap": ("uneven overlap", "The stride does not divide the kernel: some outputs get more stamps than others."),
    "gaps": ("gaps", "The stride is larger than the kernel's reach, so some cells are left out."),
    "idle": ("stride unused", "There is only one window, so the stride never counts."),
    "outside": ("only padding", "Some windows see nothing but padding."),
    "cut": ("inputs cut off", "The padding cuts the whole stamp of some inputs away."),
}
"""What makes a layer unusual: a few words for a table, and a sentence."""

FILTER_NAMES = {
    "kernel": "kernel", "stride": "stride", "padding": "padding", "dilation": "dilation",
    "output_padding": "output padding", "pads": "the choice of paddings", "exact": "hiding what loses cells",
    "odd": "odd kernels only",
}  # fmt: skip

GROWING = {
    "conv": " Only padding makes its output larger than its input.",
    "transposed": " Several layers, one behind the other, can.",
    "pool": " Only padding makes its output larger than its input, and that is at most half the kernel.",
}
SHRINKING = {
    "conv": " Several layers, one behind the other, can.",
    "transposed": " It makes its output smaller only by cutting padding off.",
    "pool": " Several layers, one behind the other, can.",
}

RANKING = (
    "The simplest answer comes first. Simple is what has the fewest oddities: lost cells, an even kernel, uneven "
    "padding, output padding, gaps and the like. "
    f"{', '.join(sorted(ODDITIES[name][0] for name in HEAVY)).capitalize()} count twice. "
    "Among equals, the smaller kernel wins, then fewer lost cells, less padding, and the smaller stride. "
    "Two ways to write one layer count once: a kernel of one cell has no dilation, "
    "and ceil mode is listed only where it changes the size."
)
LOOKED_AT = (
    "Kernels from {kernel[0]} to {kernel[1]}, strides from {stride[0]} to {stride[1]}, padding from {padding[0]} to "
    "{padding[1]} on each side, dilation from {dilation[0]} to {dilation[1]}. PyTorch pads pooling by at most half its "
    "kernel, and output padding stays below the stride or the dilation."
).format(**BOUNDS)


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why there is no answer, and questions near it that have one."""

    sentences: tuple[str, ...]
    questions: tuple[str, ...]


def explain_count(solution: Solution) -> str:
    """Say how many answers there are.

    >>> from cnnviz.lessons.solver.trace import solve
    >>> from cnnviz.lessons.solver.spec_question import parse_question
    >>> explain_count(solve(parse_question("56 -> 112"), "transposed"))
    '26 transposed convolutions turn 56 into 112.'
    """
    one, many = NOUNS[solution.kind]
    question = solution.question
    size, wanted = say_size(question.size), say_size(question.wanted)
    if solution.total == 1:
        return f"One {one} turns {size} into {wanted}."
    start = f"{solution.total:,} {many} turn {size} into {wanted}."
    if question.alike:
        return start
    if not solution.shared:
        return f"{start} None of them has the same numbers for rows and columns."
    return f"{start} {solution.shared:,} of them with the same numbers for rows and columns: they come first."


def say_size(size: Pair) -> str:
    """Write a size for a sentence.

    >>> say_size((7, 7)), say_size((7, 5))
    ('7', '7×5')
    """
    return show_pair(size).replace("x", "×")


def explain_oddities(rows: AxisLayer, columns: AxisLayer, question: Question, odd: tuple[str, ...]) -> tuple[str, ...]:
    """Say a sentence for each oddity, with numbers for the lost cells."""
    told = []
    for name in odd:
        words, sentence = ODDITIES[name]
        if name == "lost":
            sentence = lost_sentence((rows, columns), question.size)
        told.append(f"**{words.capitalize()}.** {sentence}")
    return tuple(told)


def lost_sentence(axes: tuple[AxisLayer, AxisLayer], size: Pair) -> str:
    """Say which cells are lost.

    >>> layer = AxisLayer("conv", 3, 2, (1, 1))
    >>> lost_sentence((layer, layer), (224, 225))
    'No window reads the last row: the stride does not come out even.'
    """
    parts = []
    for layer, n, one, many in zip(axes, size, ("row", "column"), ("rows", "columns"), strict=True):
        lost = layer_loss(layer, n)
        if lost:
            parts.append(f"the last {one}" if lost == 1 else f"the last {lost} {many}")
    padded = any(layer.padding[1] for layer in axes)
    where = " of the padded input" if padded and len(parts) == 2 else ""
    return f"No window reads {' and '.join(parts)}{where}: the stride does not come out even."


def settings_of(rows: AxisLayer, columns: AxisLayer) -> dict[str, str]:
    """Write every setting as a table shows it; one number if both axes are alike.

    >>> settings_of(AxisLayer("conv", 3, 2, (1, 1)), AxisLayer("conv", 3, 1, (0, 1)))
    {'Kernel': '3', 'Stride': '2×1', 'Padding': '1 × 0+1', 'Dilation': '1', 'Output padding': '0'}
    """
    pairs = {
        "Kernel": (rows.kernel, columns.kernel),
        "Stride": (rows.stride, columns.stride),
        "Dilation": (rows.dilation, columns.dilation),
        "Output padding": (rows.output_padding, columns.output_padding),
    }
    written = {name: say_size(pair) for name, pair in pairs.items()}
    mine, theirs = _sides(rows.padding), _sides(columns.padding)
    apart = "×" if mine.isdigit() and theirs.isdigit() else " × "
    padding = mine if mine == theirs else f"{mine}{apart}{theirs}"
    return {name: written.get(name, padding) for name in ("Kernel", "Stride", "Padding", "Dilation", "Output padding")}


def _sides(padding: Pair) -> str:
    before, after = padding
    return str(before) if before == after else f"{before}+{after}"


# Why there is none


def explain_none(question: Question, kind: str, filters: Filters) -> NoAnswer:
    """Say why nothing of a kind answers the question, and which question near it has an answer."""
    sentences, nearest = [], []
    failing = [axis for axis, (n, wanted) in enumerate(question.axes) if not solve_axis(kind, n, wanted, filters)]
    for axis in failing[:1] if question.alike else failing:
        n, wanted = question.axes[axis]
        named = "" if question.alike else ("In the rows: ", "In the columns: ")[axis]
        sentences.append(named + _why(kind, n, wanted, filters))
        nearest += [_with(question, axis, n, size) for size in reach_of(kind, n, filters).nearest(wanted)]
        nearest += [_with(question, axis, size, wanted) for size in nearest_inputs(kind, n, wanted, filters)]
    if len(failing) == 2 and not question.alike:
        nearest = []  # mending one axis leaves the other as it is
    return NoAnswer(tuple(sentences), tuple(dict.fromkeys(nearest)))


def _with(question: Question, axis: int, n: int, wanted: int) -> str:
    """Change one axis of a question, or both if they ask the same."""
    if question.alike:
        return str(Question((n, n), (wanted, wanted)))
    size, output = list(question.size), list(question.wanted)
    size[axis], output[axis] = n, wanted
    return str(Question((size[0], size[1]), (output[0], output[1])))


def _why(kind: str, n: int, wanted: int, filters: Filters) -> str:
    one, many = NOUNS[kind]
    reach = reach_of(kind, n, filters)
    if filters != NO_FILTERS and solve_axis(kind, n, wanted, Filters(ceil=filters.ceil)):
        return _filtered(kind, n, wanted, filters)
    if not reach.strides:
        return (
            f"No {one} within the bounds takes {_cells(n)}: its kernel does not fit, or the filters exclude each other."
        )
    low, high = reach.sizes[0], reach.sizes[-1]
    by_size = sorted(reach.strides.items(), key=lambda item: item[1])
    if wanted > high:
        stride, (least, most) = by_size[-1]
        return (
            f"With stride {stride}, {_cells(n)} become {_between(least, most)}. No {one} within the bounds makes more "
            f"than {high}, and {wanted} are wanted.{GROWING[kind]}"
        )
    if wanted < low:
        stride, (least, most) = by_size[0]
        return (
            f"Even stride {stride} turns {_cells(n)} into {_between(least, most)}. No {one} within the bounds makes "
            f"fewer than {low}, and {wanted} {'is' if wanted == 1 else 'are'} wanted.{SHRINKING[kind]}"
        )
    below = max((item for item in by_size if item[1][1] < wanted), key=lambda item: item[1][1], default=None)
    above = min((item for item in by_size if item[1][0] > wanted), key=lambda item: item[1][0], default=None)
    inside = [item for item in by_size if item[1][0] <= wanted <= item[1][1]]
    if below and above and not inside:
        (steps, (first, last)), (fewer, (start, end)) = below, above
        return (
            f"Stride {fewer} turns {_cells(n)} into {_between(start, end)}, and stride {steps} into "
            f"{_between(first, last)}: {wanted} lies between the two."
        )
    return f"No {one} meets {wanted} exactly. {many.capitalize()} of {_cells(n)} only make sizes on both sides of it."


def _filtered(kind: str, n: int, wanted: int, filters: Filters) -> str:
    """Say which filter hides what."""
    found = len(solve_axis(kind, n, wanted, Filters(ceil=filters.ceil)))
    counts = loosened(kind, n, wanted, filters)
    hidden = f"The filters hide {'the only answer' if found == 1 else f'all {found} answers'}."
    if not counts:
        return f"{hidden} No single filter does it: take away two of them."
    ways = [f"{count} without “{_filter_name(name, filters)}”" for name, count in counts.items()]
    return f"{hidden} There {'is' if next(iter(counts.values())) == 1 else 'are'} {', '.join(ways)}."


def _filter_name(name: str, filters: Filters) -> str:
    value = getattr(filters, name)
    words = FILTER_NAMES[name]
    return f"{words} {value}" if isinstance(value, int) and not isinstance(value, bool) else words


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _between(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"
