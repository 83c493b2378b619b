"""What a learner asks of the page for their own code: the text, and the pictures that it is for.

>>> YourCodeSpec.from_query({"ex": "flatten"})[0].example
'flatten'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cnnviz.lessons.your_code.spec_examples import CODE_EXAMPLES
from cnnviz.state.network_choice import OWN, NetworkChoice
from cnnviz.state.preset import CodeExample
from cnnviz.state.query import Field, parse_choice, read, write

FIRST = CODE_EXAMPLES[0].name


@dataclass(frozen=True, slots=True)
class YourCodeSpec:
    """The state of the page: code of one's own, or an example as it stands."""

    choice: NetworkChoice = field(default_factory=NetworkChoice)
    example: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[YourCodeSpec, list[str]]:
        """Read a URL."""
        choice, notes = NetworkChoice.from_query(query)
        found, more = read(FIELDS, query)
        return cls(choice, "" if choice.code else found["ex"]), notes + more

    def to_query(self) -> dict[str, str]:
        """Write the state for a URL."""
        return self.choice.to_query() | write(FIELDS, {"ex": self.example})


def find_example(name: str) -> CodeExample:
    """Give an example by its name; the first if there is none."""
    return next((one for one in CODE_EXAMPLES if one.name == name), CODE_EXAMPLES[0])


FIELDS = (Field("ex", "the example", parse_choice([one.name for one in CODE_EXAMPLES]), str, ""),)

__all__ = ["FIRST", "OWN", "YourCodeSpec", "find_example"]
