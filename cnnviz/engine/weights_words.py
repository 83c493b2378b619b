"""What all readers of weights say in the same words, and the bounds that all of them keep."""

from __future__ import annotations

MOST_TENSORS = 20_000
MOST_AXES = 8
DAMAGED = "The file is damaged or cut short"
GONE = "The file is not there any more."
SAVE = '`torch.save(model.state_dict(), "weights.pth")`'


def short_name(name: object) -> str:
    """Show a name out of a file as code: on one line, without marks of its own, not too long.

    >>> short_name("fc.weight"), short_name("a`b<script> c")
    ('`fc.weight`', '`abscript c`')
    """
    text = " ".join("".join(one for one in str(name)[:200] if one.isprintable() and one not in "`$<>").split())
    return f"`{text if len(text) <= 60 else text[:59] + '…'}`"


def many(count: int) -> str:
    """Write a number out of a file.

    >>> many(12345), many(10**40)
    ('12,345', 'far more')
    """
    return f"{count:,}" if abs(count) < 10**18 else "far more"
