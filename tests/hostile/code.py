"""Code that is short to write and endless to follow: each of these ended the server, or stopped it for good."""

from __future__ import annotations

_TWO_TREES = "a = [0]\nb = [0]\nfor i in range(40):\n    a = [a, a]\n    b = [b, b]\n"
_A_TREE = "a = (0,)\nfor i in range(40):\n    a = (a, a)\n"

TOO_MUCH = {
    "in C": "x = round(1, -10**9)",
    "equal": f"{_TWO_TREES}x = a == b",
    "as a key": f"{_A_TREE}x = {{a: 1}}",
    "added": "x = sum([[0] * 5000] * 5000, [])",
    "numbered": "x = [list(enumerate(range(5000))) for i in range(5000)]",
    "zipped": "x = list(zip(*[range(5000)] * 5000))",
}
ALSO = {
    "steps": "x = [i for i in range(10**9)]",
    "unequal": f"{_TWO_TREES}x = a != b",
    "smaller": f"{_TWO_TREES}x = a < b",
    "found": f"{_TWO_TREES}x = a in [b]",
    "the largest": f"{_TWO_TREES}x = max(a, b)",
    "written": "x = '%0900000000d' % 1",
    "formatted": "x = f'{1:0900000000d}'",
    "a power": "x = 7 ** 7 ** 7 ** 7",
}
