r"""The words, formulas and code of the Pixels page.

>>> from cnnviz.lessons.pixels.trace import trace_pixels
>>> import numpy as np
>>> trace = trace_pixels(np.full((4, 5, 3), 51, np.uint8), PixelsSpec(scale="unit"))
>>> scale_formula(trace)
"\\begin{aligned} x' &= \\frac{x}{255} \\\\[4pt] x'_R &= \\frac{51}{255} = 0.2 \\end{aligned}"
>>> say_shape(trace)
'4 × 5 × 3'
"""

from __future__ import annotations

from typing import Literal

from cnnviz.explain.notation import minus
from cnnviz.lessons.pixels.spec import IMAGENET_MEAN, IMAGENET_STD, ORDERS, PixelsSpec
from cnnviz.lessons.pixels.trace import PixelsTrace

Word = Literal["red", "green", "blue"]

NAMES = ("R", "G", "B")
WORDS: tuple[Word, ...] = ("red", "green", "blue")
DECIMALS = 4


def number(value: float) -> str:
    """Write a scaled value as PyTorch prints it, without the zeros at its end.

    >>> number(-0.47843), number(51.0), number(-0.00001)
    ('-0.4784', '51', '0')
    """
    text = f"{value:.{DECIMALS}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def shown(value: float, digits: int = 4) -> str:
    """Write a number for reading: a true minus sign, and no more digits than one wants to compare.

    >>> shown(-0.24319), shown(141.5647)
    ('−0.2432', '141.6')
    """
    return minus(f"{value:.{digits}g}") if abs(value) >= 0.5 / 10**DECIMALS else "0"


def level_words(trace: PixelsTrace) -> list[list[str]]:
    """Write what each byte becomes, channel by channel: what stands in the pixels of the viewer."""
    return [[number(value) for value in trace.scaled(channel)] for channel in range(len(NAMES))]


def scale_formula(trace: PixelsTrace) -> str:
    """Give the formula of the scale, with the numbers of the marked pixel."""
    byte, spec = int(trace.corner[0, 0, 0]), trace.spec
    result = number(float(trace.scaled(0)[byte]))
    mark = "_c" if spec.scale == "imagenet" or spec.over == "channel" else ""
    mean, std = (f"{part[0]:.4g}" for part in (trace.mean, trace.std))
    rule, example = {
        "byte": (r"x &\in \{0, 1, \dots, 255\}", ""),
        "unit": (r"x' &= \frac{x}{255}", rf"\frac{{{byte}}}{{255}}"),
        "sign": (r"x' &= \frac{x}{127.5} - 1", rf"\frac{{{byte}}}{{127.5}} - 1"),
        "imagenet": (
            r"x' &= \frac{x / 255 - \mu_c}{\sigma_c}",
            rf"\frac{{{byte} / 255 - {IMAGENET_MEAN[0]}}}{{{IMAGENET_STD[0]}}}",
        ),
        "standard": (
            rf"x' &= \frac{{x - \mu{mark}}}{{\sigma{mark}}}",
            rf"\frac{{{byte} - {mean}}}{{{std}}}",
        ),
    }[spec.scale]
    second = rf"x'_R &= {example} = {result}" if example else rf"x_R &= {byte}"
    return rf"\begin{{aligned}} {rule} \\[4pt] {second} \end{{aligned}}"


def explain_scale(trace: PixelsTrace) -> str:
    """Say what the scale is for."""
    spec = trace.spec
    if spec.scale == "byte":
        return (
            "A pixel is three bytes: red, green, blue, each a whole number from 0 to 255. So files and cameras give "
            "them, and all that a network ever sees of the picture."
        )
    if spec.scale == "unit":
        return "Divided by 255 every picture lies between 0 and 1, whatever the camera. `ToTensor()` does this."
    if spec.scale == "sign":
        return (
            "From −1 to 1 the middle grey is 0. Networks that make pictures often end in a tanh, which has this range."
        )
    if spec.scale == "imagenet":
        return (
            "Networks trained on ImageNet expect these constants: the mean and the standard deviation of its pictures. "
            "The same for every picture, so a dark picture stays dark. Compare with your picture’s own mean below."
        )
    whose = "each channel has" if spec.over == "channel" else "all channels together have"
    sentence = f"After this, {whose} mean 0 and standard deviation 1: brightness and contrast of the photo are gone."
    flat: list[str] = [word for word, is_flat in zip(WORDS, trace.flat, strict=True) if is_flat]
    if flat and spec.over == "channel":
        names = " and ".join(flat)
        sentence += f" The {names} channel holds one single value: its deviation is 0, so it becomes all zeros."
    return sentence


def statistics(trace: PixelsTrace) -> list[list[str]]:
    """For each channel: its name, and smallest, largest, mean and deviation on the scale of the spec."""
    told = []
    for channel, word in enumerate(WORDS):
        values, counts = trace.scaled(channel), trace.counts[channel]
        present = [float(value) for value in values[counts > 0]]
        total = int(counts.sum())
        mean = float((values * counts).sum() / total)
        spread = float((counts * (values - mean) ** 2).sum() / max(total - 1, 1)) ** 0.5
        told.append([word.capitalize(), *(shown(part) for part in (present[0], present[-1], mean, spread))])
    return told


def histogram_alt(trace: PixelsTrace) -> str:
    """Say what the histogram shows."""
    parts = [f"{name.lower()} from {low} to {high} with mean {mean}" for name, low, high, mean, _ in statistics(trace)]
    return f"How often each value occurs: {'; '.join(parts)}."


def say_shape(trace: PixelsTrace) -> str:
    """Write the shape in the order of the spec."""
    return " × ".join(map(str, trace.shape))


def explain_order(trace: PixelsTrace) -> str:
    """Say where the marked pixel's numbers stand in memory."""
    (row, column), (height, width) = trace.at, trace.size
    shape = f"({', '.join(map(str, trace.shape))})"
    if trace.spec.order == "hwc":
        first = (row * width + column) * 3
        return (
            f"Files, NumPy and Matplotlib keep **H, W, C**: {shape}. The three numbers of a pixel stand side by side. "
            f"Red of the pixel in row {row}, column {column} is number ({row} · {width} + {column}) · 3 + 0 = "
            f"**{first:,}**; green follows at once. The next row is {3 * width:,} numbers away."
        )
    place = row * width + column
    sentence = (
        f"PyTorch wants **{ORDERS[trace.spec.order]}**: {shape}. First all of red, then of green, then of blue. "
        f"Red of row {row}, column {column} is number (0 · {height} + {row}) · {width} + {column} = **{place:,}**; "
        f"its green is {height * width:,} numbers further on. The next row is {width:,} numbers away."
    )
    if trace.spec.order == "nchw":
        each = 3 * height * width
        sentence += f" A batch puts {trace.spec.batch} pictures of one size behind each other: {each:,} numbers each."
    return sentence


def torch_pixels(trace: PixelsTrace) -> str:
    """Give the lines that load the picture and bring it to the scale and the order of the page."""
    height, width = trace.size
    lines = [
        "import numpy as np",
        "import torch",
        "from PIL import Image",
        "",
        'pixels = np.array(Image.open("picture.png").convert("RGB"))',
        f"x = torch.from_numpy(pixels)  # ({height}, {width}, 3): H, W, C, bytes",
    ]
    if trace.spec.order != "hwc":
        lines.append(f"x = x.permute(2, 0, 1).contiguous()  # (3, {height}, {width}): C, H, W")
    lines += _scale_lines(trace.spec)
    if trace.spec.order == "nchw":
        batch = trace.spec.batch
        lines.append(
            f"x = torch.stack([x] * {batch})  # ({batch}, 3, {height}, {width}): N, C, H, W"
            if batch > 1
            else f"x = x.unsqueeze(0)  # (1, 3, {height}, {width}): N, C, H, W"
        )
    return "\n".join([*lines, "print(x.shape, x.dtype, x.stride())"])


def torch_corner(trace: PixelsTrace) -> str:
    """Give code with the real numbers of the corner; what it prints stands behind each line."""
    rows = [", ".join(str([int(byte) for byte in pixel]) for pixel in row) for row in trace.corner]
    body = "],\n     [".join(rows)
    height, width, _ = trace.corner.shape
    hwc, chw = ([int(trace.corner[cell]) for cell in trace.memory(order)] for order in ("hwc", "chw"))
    red, green, blue = (number(float(trace.scaled(k)[trace.corner[0, 0, k]])) for k in range(3))
    channels_last = trace.spec.order == "hwc"
    first = "x[0, 0]" if channels_last else "x[:, 0, 0]"
    lines = [
        "import torch",
        "",
        f"# rows {trace.at[0]} to {trace.at[0] + height - 1}, columns {trace.at[1]} to {trace.at[1] + width - 1}",
        "x = torch.tensor(",
        f"    [[{body}]], dtype=torch.uint8",
        ")",
        f"print(x.flatten().tolist())  # {hwc}",
        "y = x.permute(2, 0, 1).contiguous()",
        f"print(y.flatten().tolist())  # {chw}",
    ]
    if not channels_last:
        lines.append("x = y")
    lines += _scale_lines(trace.spec, trace)
    return "\n".join([*lines, f"print({first})  # {red}, {green}, {blue}"])


def _scale_lines(spec: PixelsSpec, trace: PixelsTrace | None = None) -> list[str]:
    """Scale `x`; with a trace by the whole picture's numbers, since a corner has other ones."""
    last = spec.order == "hwc"
    view = "" if last else ".view(3, 1, 1)"
    match spec.scale:
        case "byte":
            return []
        case "unit":
            return ["x = x.float() / 255"]
        case "sign":
            return ["x = x.float() / 127.5 - 1"]
        case "imagenet":
            return [
                f"mean = torch.tensor({list(IMAGENET_MEAN)}){view}",
                f"std = torch.tensor({list(IMAGENET_STD)}){view}",
                "x = (x.float() / 255 - mean) / std",
            ]
    if trace:
        return [
            f"mean = torch.tensor({[round(part, 6) for part in trace.mean]}){view}",
            f"std = torch.tensor({[round(part, 6) for part in trace.std]}){view}",
            "x = (x.float() - mean) / std",
        ]
    axes = "" if spec.over == "all" else "dim=(0, 1), keepdim=True" if last else "dim=(1, 2), keepdim=True"
    return [
        "x = x.float()",
        f"x = (x - x.mean({axes})) / x.std({axes}).clamp(min=1e-8)",
    ]
