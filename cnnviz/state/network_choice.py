"""Which network a page shows, and for which pictures: a known one by its name, or one's own as code, in a URL.

>>> NetworkChoice("resnet50", (3, 160, 160)).to_query()
{'net': 'resnet50', 'in': '3.160.160'}
>>> unpack_code(pack_code("nn.Sequential(nn.ReLU())"))
'nn.Sequential(nn.ReLU())'
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from cnnviz.engine.networks.code.reader import LONGEST_CODE
from cnnviz.engine.networks.graph import Shape
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.errors import SpecError
from cnnviz.state.query import Field, parse_int, read, write

OWN = "own"
DEFAULT_NETWORK = "resnet18"
LARGEST_CHANNELS = 4096
LARGEST_SIDE = 4096
LARGEST_BATCH = 1024
LONGEST_LINK = 5000
"""Characters of packed code that a URL may hold; longer networks are shared as their code."""


@dataclass(frozen=True, slots=True)
class NetworkChoice:
    """What the URL says about the network."""

    name: str = DEFAULT_NETWORK
    size: Shape | None = None
    """Channels, then space; None: the network's own."""
    code: str = ""
    batch: int = 1

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[NetworkChoice, list[str]]:
        """Read a URL: the choice, and a sentence for every value that was no good."""
        found, notes = read(NETWORK_FIELDS, query)
        name = OWN if found["c"] else found["net"]
        return cls(name, found["in"], found["c"], found["b"]), notes

    def to_query(self) -> dict[str, str]:
        """Write the choice for a URL; code that is too long for one stays out."""
        values = {"net": self.name if self.name != OWN else DEFAULT_NETWORK, "in": self.size, "b": self.batch, "c": ""}
        query = write(NETWORK_FIELDS, values)
        if self.name != OWN:
            return {"net": self.name, **query}  # also the usual one: without it the session's network would be shown
        if self.code and len(packed := pack_code(self.code)) <= LONGEST_LINK:
            query["c"] = packed
        return query


def pack_code(text: str) -> str:
    """Write code as letters that a URL can hold."""
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def unpack_code(text: str) -> str:
    """Read packed code; never more than a page of it, however small it was packed."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        opened = zlib.decompressobj()
        data = opened.decompress(raw, LONGEST_CODE + 1)
        if len(data) > LONGEST_CODE or opened.unconsumed_tail:
            raise SpecError("code", f"the code in it is longer than {LONGEST_CODE:,} characters")
        if not opened.eof:
            raise SpecError("code", "its end is missing; copy the whole link")
        return data.decode()
    except (ValueError, binascii.Error, zlib.error):
        raise SpecError("code", "it is no code that was packed here; copy the whole link") from None


def parse_network(text: str) -> str:
    """Read a known network's name."""
    if text not in ARCHITECTURES:
        close = sorted(ARCHITECTURES, key=lambda name: (-_alike(name, text), name))[:3]
        raise SpecError("", f"the known networks are named like {', '.join(close)}")
    return text


def _alike(name: str, text: str) -> int:
    return sum(a == b for a, b in zip(name, text.lower(), strict=False))


def parse_size(text: str) -> Shape:
    """Read a size: channels.height.width.

    >>> parse_size("3.224.224"), parse_size("1x28x28")
    ((3, 224, 224), (1, 28, 28))
    """
    parts = re.split(r"[.x×,* ]+", text.strip())
    if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts) or not 1 <= len(parts) <= 4:
        raise SpecError("", "a size reads channels.height.width, like 3.224.224")
    sizes = tuple(int(part) for part in parts)
    if not 1 <= sizes[0] <= LARGEST_CHANNELS or any(not 1 <= one <= LARGEST_SIDE for one in sizes[1:]):
        raise SpecError("", f"the largest is {LARGEST_CHANNELS} channels of {LARGEST_SIDE} by {LARGEST_SIDE}")
    return sizes


def show_size(size: Shape | None) -> str:
    """Write a size."""
    return ".".join(str(one) for one in size) if size else ""


NETWORK_FIELDS = (
    Field("net", "the network", parse_network, str, DEFAULT_NETWORK),
    Field("in", "the input size", parse_size, show_size, None),
    Field("b", "the batch", parse_int(1, LARGEST_BATCH), str, 1),
    Field("c", "the code", unpack_code, pack_code, ""),
)
