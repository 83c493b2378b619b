"""What a learner asks of the Frameworks page: one axis of one layer.

>>> FrameworksSpec.from_query({"op": "pool", "n": "112", "k": "3"})[0].to_query()
{'op': 'pool', 'n': '112', 'k': '3'}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from cnnviz.state.query import Field, parse_choice, parse_int, read, write

OPERATIONS = {"conv": "Convolution", "pool": "Max pooling", "transposed": "Transposed convolution"}
BOUNDS = {
    "input": (1, 1024), "kernel": (1, 16), "stride": (1, 8), "padding": (0, 16), "dilation": (1, 8),
    "output_padding": (0, 7),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FrameworksSpec:
    """The whole state of the page; `padding` is PyTorch's number."""

    operation: str = "conv"
    input: int = 224
    kernel: int = 7
    stride: int = 2
    padding: int = 3
    dilation: int = 1
    output_padding: int = 0
    """PyTorch's, of a transposed convolution."""

    @property
    def reach(self) -> int:
        """Cells from the first tap to the last."""
        return self.dilation * (self.kernel - 1) + 1

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[FrameworksSpec, list[str]]:
        """Read a URL: the spec, and a sentence for every value that was no good."""
        found, notes = read(FIELDS, query)
        return cls(**{ATTRIBUTES[name]: value for name, value in found.items()}), notes

    def to_query(self) -> dict[str, str]:
        """Write the spec for a URL; what equals its default is left out."""
        return write(FIELDS, {name: getattr(self, attribute) for name, attribute in ATTRIBUTES.items()})


FIELDS = (
    Field("op", "the operation", parse_choice(OPERATIONS), str, "conv"),
    Field("n", "the input size", parse_int(*BOUNDS["input"]), str, 224),
    Field("k", "the kernel", parse_int(*BOUNDS["kernel"]), str, 7),
    Field("s", "the stride", parse_int(*BOUNDS["stride"]), str, 2),
    Field("p", "the padding", parse_int(*BOUNDS["padding"]), str, 3),
    Field("d", "the dilation", parse_int(*BOUNDS["dilation"]), str, 1),
    Field("o", "the output padding", parse_int(*BOUNDS["output_padding"]), str, 0),
)
ATTRIBUTES = {
    "op": "operation", "n": "input", "k": "kernel", "s": "stride", "p": "padding", "d": "dilation",
    "o": "output_padding",
}  # fmt: skip

assert set(ATTRIBUTES.values()) == {field.name for field in fields(FrameworksSpec)}
