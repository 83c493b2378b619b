"""What a picture file says of itself, whatever its kind, and what it would cost to decode.

>>> header = Header("PNG", 6000, 4000, b"", core=4)
>>> round(header.estimate / 1e6)
133
"""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.engine.pictures.limits import STRIP_BYTES, block_of, check_memory, check_sides

PROFILE_BYTES = 4 * 2**20
DAMAGED = "The picture is damaged or of a rare kind: open it in a picture program, save it as PNG and try again."


@dataclass(frozen=True)
class Header:
    """What was read of a picture before decoding.

    `lean` is the file as the decoder gets it: without all that the pixels do not need.
    `core` is how many bytes the decoder keeps for a pixel; `extra` is what its codec needs besides, until
    the pixels are there. Only then are they made 8-bit and smaller, strip by strip.
    `shrink` is by how much a JPEG is made smaller while it is decoded.
    `key` is the one colour that a PNG without an alpha channel may declare to be transparent.
    """

    kind: str
    width: int
    height: int
    lean: bytes
    core: float = 4.0
    extra: float = 0.0
    why: str = "a decoder holds the whole picture at once"
    remedy: str = "make it {size} or smaller, or save it as JPEG"
    shrink: int = 1
    orientation: int = 1
    profile: bytes | None = None
    frames: str = ""
    key: tuple[int, ...] = ()
    bits: int = 8
    inverted: bool = False
    unsigned: bool = False

    @property
    def decoded(self) -> tuple[int, int]:
        """Width and height as the decoder makes them."""
        return -(-self.width // self.shrink), -(-self.height // self.shrink)

    @property
    def estimate(self) -> float:
        """Bytes of memory that decoding takes at its worst moment, all copies included."""
        width, height = self.decoded
        reduced = width * height / block_of(width, height) ** 2
        return width * height * self.core + len(self.lean) + max(self.extra, 4 * reduced + STRIP_BYTES)

    def check(self) -> None:
        """Refuse a size that is impossible, absurd or too expensive."""
        check_sides(self.width, self.height, self.kind)
        check_memory(self.width, self.height, self.estimate, self.why, self.remedy)
