"""What a learner asks of the Solver page: which tool, its question, its filters. All of it stands in the URL.

>>> SolverSpec(question="56 -> 112", kind="transposed").to_query()
{'q': '56-112', 'kind': 'transposed'}
>>> spec, notes = SolverSpec.from_query({"q": "7x5-4x3", "k": "3", "s": "9"})
>>> spec.question, spec.kernel, spec.stride
('7x5 -> 4x3', 3, None)
>>> notes
['The link asks for a fixed stride “9”, but the largest is 8. It is any now.']
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from cnnviz.engine.grids import Pair
from cnnviz.lessons.solver.spec_layer import KINDS, parse_chain_text, show_chain_text
from cnnviz.lessons.solver.spec_open import parse_open_text, show_open_text
from cnnviz.lessons.solver.spec_question import parse_question_text, show_question_text
from cnnviz.state.query import Field, parse_choice, parse_flag, parse_int, parse_pair, read, show_flag, show_pair, write

TOOLS = {
    "solve": "Solve backwards",
    "open": "Find a number",
    "inputs": "Which inputs?",
    "chain": "Chain of layers",
    "practise": "Practise",
}
"""The tools of the page: the URL's word and its label."""

BOUNDS: dict[str, Pair] = {
    "kernel": (1, 11),
    "stride": (1, 8),
    "padding": (0, 5),
    "dilation": (1, 4),
    "output_padding": (0, 7),
}
"""Where the Solver looks: the smallest and the largest of every setting."""

PADS = {"alike": "Alike on both sides", "uneven": "Uneven too", "same": "Only “same”"}
"""Which paddings may stand in an answer: the URL's word and its label."""

AUTO = "auto"
ANY = "any"
LEVELS = {
    1: "Kernel and padding",
    2: "Stride",
    3: "Dilation and pooling",
    4: "Transposed",
    5: "Two layers",
}
"""The levels of the quiz."""

LECTURE_CHAIN = "conv 3 s2 p1\npool 4 s1"
LECTURE_OPEN = "256: conv 3 s2 p?; pool 4 s1 -> 125"


def parse_or_any(low: int, high: int) -> Callable[[str], int | None]:
    """Make a reader of one integer, or of “any”."""
    one = parse_int(low, high)

    def parse(text: str) -> int | None:
        return None if text.strip().lower() == ANY else one(text)

    return parse


def show_or_any(value: int | None) -> str:
    """Write an integer, or “any”.

    >>> show_or_any(3), show_or_any(None)
    ('3', 'any')
    """
    return ANY if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Filters:
    """What an answer must have; None is anything.

    `exact` hides answers that lose cells, `odd` those with an even kernel; `ceil` adds pooling that rounds up.
    """

    kernel: int | None = None
    stride: int | None = None
    padding: int | None = None
    dilation: int | None = None
    output_padding: int | None = None
    pads: str = "alike"
    exact: bool = False
    odd: bool = False
    ceil: bool = False


@dataclass(frozen=True, slots=True)
class SolverSpec:
    """The whole state of the page. `question` and `layers` are as typed: the page says what cannot be read."""

    tool: str = "solve"
    question: str = "224 -> 112"
    kind: str = AUTO
    kernel: int | None = None
    stride: int | None = None
    padding: int | None = None
    dilation: int | None = None
    output_padding: int | None = None
    pads: str = "alike"
    exact: bool = False
    odd: bool = False
    ceil: bool = False
    pick: int = 1
    everything: bool = False
    layers: str = LECTURE_CHAIN
    size: Pair = (256, 256)
    channels: int = 1
    output: int = 125
    open: str = LECTURE_OPEN
    level: int = 1
    seed: int = 1

    @property
    def filters(self) -> Filters:
        """Take the filters out."""
        return Filters(**{field.name: getattr(self, field.name) for field in fields(Filters)})

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[SolverSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good."""
        found, notes = read(FIELDS, query)
        return cls(**{ATTRIBUTES[name]: value for name, value in found.items()}), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        return write(FIELDS, {name: getattr(self, attribute) for name, attribute in ATTRIBUTES.items()})


FIELDS = (
    Field("do", "the tool", parse_choice(TOOLS), str, "solve"),
    Field("q", "the question", parse_question_text, show_question_text, "224 -> 112"),
    Field("kind", "the operation", parse_choice((AUTO, *KINDS)), str, AUTO),
    Field("k", "a fixed kernel", parse_or_any(*BOUNDS["kernel"]), show_or_any, None),
    Field("s", "a fixed stride", parse_or_any(*BOUNDS["stride"]), show_or_any, None),
    Field("p", "a fixed padding", parse_or_any(*BOUNDS["padding"]), show_or_any, None),
    Field("d", "a fixed dilation", parse_or_any(*BOUNDS["dilation"]), show_or_any, None),
    Field("op", "a fixed output padding", parse_or_any(*BOUNDS["output_padding"]), show_or_any, None),
    Field("pads", "the paddings", parse_choice(PADS), str, "alike"),
    Field("exact", "hiding what loses cells", parse_flag, show_flag, False),
    Field("odd", "odd kernels only", parse_flag, show_flag, False),
    Field("ceil", "ceil mode", parse_flag, show_flag, False),
    Field("pick", "the answer to look at", parse_int(1, 99_999), str, 1),
    Field("all", "showing all answers", parse_flag, show_flag, False),
    Field("layers", "the layers", parse_chain_text, show_chain_text, LECTURE_CHAIN),
    Field("n", "the input size", parse_pair(1, 4096), show_pair, (256, 256)),
    Field("c", "the input's channels", parse_int(1, 4096), str, 1),
    Field("o", "the wanted output", parse_int(1, 4096), str, 125),
    Field("f", "the chain with open numbers", parse_open_text, show_open_text, LECTURE_OPEN),
    Field("level", "the level", parse_int(min(LEVELS), max(LEVELS)), str, 1),
    Field("seed", "the seed", parse_int(0, 9999), str, 1),
)
"""The whole spec as it stands in a URL, in this order."""

ATTRIBUTES = {
    "do": "tool",
    "q": "question",
    "kind": "kind",
    "k": "kernel",
    "s": "stride",
    "p": "padding",
    "d": "dilation",
    "op": "output_padding",
    "pads": "pads",
    "exact": "exact",
    "odd": "odd",
    "ceil": "ceil",
    "pick": "pick",
    "all": "everything",
    "layers": "layers",
    "n": "size",
    "c": "channels",
    "o": "output",
    "f": "open",
    "level": "level",
    "seed": "seed",
}

assert set(ATTRIBUTES.values()) == {field.name for field in fields(SolverSpec)}
