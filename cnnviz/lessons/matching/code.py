"""PyTorch for the page "Match a template"; it reads the files that the viewer's own buttons save.

>>> import numpy as np
>>> from cnnviz.lessons.matching.trace import trace_matching
>>> from cnnviz.lessons.matching.spec import MatchingSpec
>>> pixels = np.random.default_rng(0).integers(0, 256, (9, 9, 3), dtype=np.uint8)
>>> trace = trace_matching(pixels, None, (1, 2, 3, 3), MatchingSpec(score="multiply"))
>>> print(torch_map(trace).splitlines()[-1])
    left[0, 0][best | (shared > 0.3 * (2 * h * w - shared))] = -torch.inf
"""

from __future__ import annotations

from cnnviz.lessons.matching.trace import MatchingTrace
from cnnviz.lessons.matching.words import number

SCORE_LINES = {
    "multiply": ["score = F.conv2d(x / 255, t / 255)  # multiply and sum at every position"],
    "zero": [
        "t0 = (t - t.mean((2, 3), keepdim=True)) / 255  # weights that add up to 0 ...",
        "score = F.conv2d((x - x.mean()) / 255, t0)  # ... so what is taken off the picture does not matter",
    ],
    "ncc": [
        "t0 = t - t.mean((2, 3), keepdim=True)",
        "top = F.conv2d(x - x.mean(), t0)  # t0 adds up to 0: what is taken off the picture does not matter",
        "spread = (window_sum(x * x) - window_sum(x) ** 2 / (h * w)).sum(1, keepdim=True)",
        "score = top / (spread.sqrt() * t0.norm())",
        "score[spread < 0.25] = torch.nan  # one single colour: 0 / 0",
    ],
    "ssd": [
        "m = t.mean()  # taken off both: the differences stay, and rounding shrinks",
        "score = window_sum((x - m) ** 2).sum(1, keepdim=True) - 2 * F.conv2d(x - m, t - m) + ((t - m) ** 2).sum()",
        "score = score / 255**2",
    ],
}
WINDOW_SUM = [
    "",
    "def window_sum(a):  # of every h × w window, channel by channel",
    "    down = F.avg_pool2d(a.double(), (h, 1), stride=1, divisor_override=1)",
    "    return F.avg_pool2d(down, (1, w), stride=1, divisor_override=1)",
    "",
    "",
]
PERFECT = {
    "multiply": "((t / 255) ** 2).sum()",
    "zero": "(t0**2).sum()",
    "ncc": "1",
    "ssd": "((t - t.mean((2, 3), keepdim=True)) ** 2).sum() / 255**2",
}


def _read_lines(trace: MatchingTrace) -> list[str]:
    """Load the picture and the template as (1, channels, rows, columns) of 0 to 255."""
    colour = trace.spec.channels == "colour"
    axes = "torch.from_numpy(pixels).permute(2, 0, 1)[None]" if colour else "torch.from_numpy(pixels)[None, None]"
    lines = [
        "import numpy as np",
        "import torch",
        "import torch.nn.functional as F",
        "from PIL import Image",
        "",
        "",
        "def read(name):",
        f'    pixels = np.array(Image.open(name).convert("{"RGB" if colour else "L"}"), np.float32)',
        f"    return {axes}",
        "",
        "",
        'x = read("picture.png")',
    ]
    row, column, height, width = trace.box
    if trace.own and not trace.spec.altered:
        lines.append(f"t = x[:, :, {row} : {row + height}, {column} : {column + width}]")
    else:
        lines.append('t = read("template.png")  # the button above the template saves it')
    return [*lines, "h, w = t.shape[2:]"]


def torch_map(trace: MatchingTrace) -> str:
    """Give the code that makes the score map and finds the matches."""
    spec = trace.spec
    lines = _read_lines(trace)
    if spec.score in {"ncc", "ssd"}:
        lines += ["", *WINDOW_SUM]
    lines += SCORE_LINES[spec.score]
    smallest = spec.score == "ssd"
    share = spec.threshold / 100
    perfect = PERFECT[spec.score]
    least = f"-{1 - share:g} * {perfect}" if smallest else f"{share:g} * {perfect}"
    left = "-score" if smallest else "score.nan_to_num(-torch.inf)" if spec.score == "ncc" else "score.clone()"
    lines += [
        "",
        f"left, matches = {left}, []" + ("  # the smallest difference is the best" if smallest else ""),
        f"least = {least}" + ("" if spec.score == "ncc" else f"  # {spec.threshold} % of a perfect match"),
        f"while len(matches) < {spec.matches} and left.max() >= least:",
        "    row, column = divmod(int(left.argmax()), left.shape[3])",
        "    matches.append((row, column))",
        '    print(f"{score[0, 0, row, column]:.4f} at row {row}, column {column}")',
        "    down = (h - (torch.arange(left.shape[2]) - row).abs()).clamp(min=0)[:, None]",
        "    along = (w - (torch.arange(left.shape[3]) - column).abs()).clamp(min=0)[None, :]",
        "    shared, best = down * along, down * along == h * w  # with the window that was just found",
        f"    left[0, 0][best | (shared > {spec.overlap / 100:g} * (2 * h * w - shared))] = -torch.inf",
    ]
    return "\n".join(lines)


def torch_row(trace: MatchingTrace) -> str:
    """Give the code that writes multiply and sum out, for all windows of one row of the map."""
    spec, (row, column) = trace.spec, trace.at
    channels = trace.template.shape[2]
    value = trace.scores_at(trace.at).of(spec.score)
    lines = _read_lines(trace)
    lines += [
        "",
        f"strip = x[:, :, {row} : {row} + h].double() / 255  # the rows under the windows of row {row}",
        "windows = F.unfold(strip, (h, w))[0].T  # one window a line",
        "t = t.double().flatten() / 255",
        f"windows, t = windows.unflatten(1, ({channels}, h * w)), t.unflatten(0, ({channels}, h * w))",
    ]
    lines += {
        "multiply": ["score = (windows * t).sum((1, 2))"],
        "zero": ["t = t - t.mean(1, keepdim=True)", "score = (windows * t).sum((1, 2))"],
        "ncc": [
            "t = t - t.mean(1, keepdim=True)",
            "windows = windows - windows.mean(2, keepdim=True)",
            "score = (windows * t).sum((1, 2)) / (windows.norm(dim=(1, 2)) * t.norm())",
        ],
        "ssd": ["score = ((windows - t) ** 2).sum((1, 2))"],
    }[spec.score]
    return "\n".join([*lines, f"print(score[{column}].item())  # {number(value)}"])
