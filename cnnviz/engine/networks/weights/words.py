"""What all readers of weights say in the same words, and the bounds that all of them keep."""

from __future__ import annotations

from cnnviz.quoting import one_line

MOST_TENSORS = 20_000
MOST_AXES = 8
DAMAGED = "The file is damaged or cut short"
GONE = "The file is not there any more."
NO_MARKS = dict.fromkeys(map(ord, "`$<>"))
"""Signs that a name loses: it stands between backticks."""
LONGEST_READ = 1000
SAVE = '`torch.save(model.state_dict(), "weights.pth")`'


def short_name(name: object) -> str:
    """Show a name out of a file as code: on one line, without marks of its own, not too long.

    >>> short_name("fc.weight"), short_name("a`b<script> c")
    ('`fc.weight`', '`abscript c`')
    """
    return f"`{one_line(str(name)[:LONGEST_READ].translate(NO_MARKS), 60)}`"


def many(count: int) -> str:
    """Write a number out of a file.

    >>> many(12345), many(10**40)
    ('12,345', 'far more')
    """
    return f"{count:,}" if abs(count) < 10**18 else "far more"
