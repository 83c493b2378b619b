"""PyTorch that makes the chosen variant again from ``picture.png``, with the numbers that were drawn.

>>> import numpy as np
>>> from cnnviz.lessons.augmentation.trace import trace_augment
>>> from cnnviz.lessons.augmentation.spec import AugmentSpec
>>> print(torch_variant(trace_augment(np.zeros((4, 4, 3), np.uint8), AugmentSpec(on=("bright",)))))
import numpy as np
import torch
from PIL import Image
<BLANKLINE>
picture = np.array(Image.open("picture.png").convert("RGB"))
x = torch.from_numpy(picture).permute(2, 0, 1).float() / 255  # C, H, W from 0 to 1
_, H, W = x.shape
<BLANKLINE>
# Brightness
x = (x * 1.1113252).clamp(0, 1)
<BLANKLINE>
x = (x * 255).round().byte()
Image.fromarray(x.permute(1, 2, 0).numpy()).save("variant.png")

It needs neither torchvision nor scipy; `words_recipes` gives torchvision's way with the same ranges.
"""

from __future__ import annotations

from cnnviz.engine.pictures.decode import LUMA
from cnnviz.lessons.augmentation.spec_ops import CUT_GREY
from cnnviz.lessons.augmentation.trace import AugmentTrace
from cnnviz.lessons.augmentation.trace_colour import gaussian
from cnnviz.lessons.augmentation.trace_draw import NOISE, SALT, cut_box, kept, paste_box

PADDING = {"zeros": "zeros", "replicate": "border", "reflect": "reflection"}


def figure(value: float) -> str:
    """Write a drawn number so that the picture is the same to the last grey.

    >>> figure(0.25), figure(1 / 3), figure(7.0)
    ('0.25', '0.33333333', '7')
    """
    return f"{value:.8g}"


def torch_variant(trace: AugmentTrace) -> str:
    """Give the lines that make the chosen variant."""
    drawn = trace.drawn
    parts = [_places(trace)]
    if drawn.bright != 1:
        parts.append(["# Brightness", f"x = (x * {figure(drawn.bright)}).clamp(0, 1)"])
    luma = drawn.contrast != 1 or drawn.sat != 1
    if luma:
        parts.append([f"luma = torch.tensor({list(LUMA)}).view(3, 1, 1)  # how much each channel counts for grey"])
    if drawn.contrast != 1:
        parts.append(
            [
                "# Contrast: stretch about the mean grey",
                "mean = (x * luma).sum(0).mean()",
                f"x = (mean + {figure(drawn.contrast)} * (x - mean)).clamp(0, 1)",
            ]
        )
    if drawn.sat != 1:
        parts.append(
            [
                "# Saturation: stretch each pixel about its own grey",
                "grey = (x * luma).sum(0)",
                f"x = (grey + {figure(drawn.sat)} * (x - grey)).clamp(0, 1)",
            ]
        )
    if drawn.hue:
        parts.append(_hue(drawn.hue))
    if drawn.blur:
        parts.append(_blur(trace))
    parts += [_noise(trace), _salt(trace), _cut(trace), _mix(trace)]
    body = "\n\n".join("\n".join(part) for part in parts if part)
    imports = [
        *(["import math", ""] if "math." in body else []),
        "import numpy as np",
        "import torch",
        *(["import torch.nn.functional as F"] if "F." in body else []),
        "from PIL import Image",
    ]
    start = [
        'picture = np.array(Image.open("picture.png").convert("RGB"))',
        "x = torch.from_numpy(picture).permute(2, 0, 1).float() / 255  # C, H, W from 0 to 1",
        "_, H, W = x.shape",
    ]
    end = [
        "x = (x * 255).round().byte()",
        'Image.fromarray(x.permute(1, 2, 0).numpy()).save("variant.png")',
    ]
    sections = ["\n".join(imports), "\n".join(start), body, "\n".join(end)]
    return "\n\n".join(section for section in sections if section)


def _places(trace: AugmentTrace) -> list[str]:
    """All moves in one matrix, and one reading of the picture."""
    steps = _steps(trace)
    if not steps:
        return []
    return [
        "# Where each pixel (row, column, 1) goes: one matrix a step, multiplied",
        "def about_middle(a, b, c, d):",
        "    there = torch.tensor([[1, 0, (H - 1) / 2], [0, 1, (W - 1) / 2], [0, 0, 1]], dtype=torch.float64)",
        "    turn = torch.tensor([[a, b, 0], [c, d, 0], [0, 0, 1]], dtype=torch.float64)",
        "    return there @ turn @ there.inverse()",
        "",
        "M = torch.eye(3, dtype=torch.float64)",
        *steps,
        "",
        "# Ask of each pixel of the variant where it came from, and mix the four nearest pixels there",
        "back = M.inverse()",
        "r, c = torch.meshgrid(torch.arange(H).double(), torch.arange(W).double(), indexing='ij')",
        "row, column = (back[i, 0] * r + back[i, 1] * c + back[i, 2] for i in (0, 1))",
        "grid = torch.stack([2 * column / max(W - 1, 1) - 1, 2 * row / max(H - 1, 1) - 1], dim=-1).float()",
        f'x = F.grid_sample(x[None], grid[None], padding_mode="{PADDING[trace.spec.border]}", align_corners=True)[0]',
    ]


def _steps(trace: AugmentTrace) -> list[str]:
    drawn, lines = trace.drawn, []
    if drawn.crop:
        top, left, height, width = (figure(part) for part in drawn.crop)
        lines += [
            f"top, left, height, width = {top} * H, {left} * W, {height} * H, {width} * W  # crop, then enlarge",
            "M = torch.tensor([[H / height, 0, (0.5 - top) * H / height - 0.5],",
            "                  [0, W / width, (0.5 - left) * W / width - 0.5], [0, 0, 1]], dtype=torch.float64) @ M",
        ]
    if drawn.angle:
        lines += [
            f"a = math.radians({figure(drawn.angle)})  # rotate, against the clock",
            "M = about_middle(math.cos(a), -math.sin(a), math.sin(a), math.cos(a)) @ M",
        ]
    if drawn.shear:
        lines.append(f"M = about_middle(1, 0, math.tan(math.radians({figure(drawn.shear)})), 1) @ M  # shear")
    if drawn.scale != 1:
        lines.append(f"M = about_middle({figure(drawn.scale)}, 0, 0, {figure(drawn.scale)}) @ M  # scale")
    if any(drawn.shift):
        down, right = (figure(part) for part in drawn.shift)
        lines += [
            f"M = torch.tensor([[1, 0, {down} * H], [0, 1, {right} * W], [0, 0, 1]], dtype=torch.float64) @ M  # shift"
        ]
    if drawn.hflip:
        lines.append("M = about_middle(1, 0, 0, -1) @ M  # left and right change places: x.flip(-1)")
    if drawn.vflip:
        lines.append("M = about_middle(-1, 0, 0, 1) @ M  # top and bottom change places: x.flip(-2)")
    return lines


def _hue(degrees: float) -> list[str]:
    return [
        "# Hue: turn the circle of colours, in HSV",
        "R, G, B = x",
        "top, spread = x.amax(0), x.amax(0) - x.amin(0)",
        "safe = spread.where(spread > 0, 1)",
        "hue = torch.where(top == R, (G - B) / safe, torch.where(top == G, (B - R) / safe + 2, (R - G) / safe + 4))",
        f"hue = hue + {figure(degrees)} / 60",
        "places = torch.stack([(start + hue) % 6 for start in (5, 3, 1)])",
        "x = top - spread * torch.minimum(places, 4 - places).clamp(0, 1)",
    ]


def _blur(trace: AugmentTrace) -> list[str]:
    sigma = trace.drawn.blur
    rows, columns = (len(gaussian(sigma, side)) // 2 for side in trace.size)
    lines = [f"# Blur: a Gaussian, first down the columns, then along the rows; σ = {sigma:.4g} pixels"]
    for reach, shape, pad in (
        (rows, "1, 1, -1, 1", f"0, 0, {rows}, {rows}"),
        (columns, "1, 1, 1, -1", f"{columns}, {columns}, 0, 0"),
    ):
        if reach:
            lines += [
                f"g = torch.exp(-0.5 * (torch.arange({-reach}, {reach + 1}) / {figure(sigma)}) ** 2)",
                f'x = F.conv2d(F.pad(x[:, None], ({pad}), mode="reflect"), (g / g.sum()).view({shape}))[:, 0]',
            ]
    return lines


def _noise(trace: AugmentTrace) -> list[str]:
    drawn = trace.drawn
    if not drawn.noise:
        return []
    return [
        "# Gaussian noise (NumPy draws it, so that it is the same as on the page; in practice: torch.randn_like(x))",
        f"stream = np.random.Generator(np.random.PCG64({[*drawn.seed, NOISE]}))",
        f"noise = stream.standard_normal((H, W, {1 if trace.grey else 3}), dtype=np.float32)",
        f"x = (x + {figure(drawn.noise)} * torch.from_numpy(noise).permute(2, 0, 1)).clamp(0, 1)",
    ]


def _salt(trace: AugmentTrace) -> list[str]:
    drawn = trace.drawn
    if not drawn.salt:
        return []
    return [
        "# Salt and pepper: one number for each pixel decides (in practice: torch.rand(H, W))",
        f"stream = np.random.Generator(np.random.PCG64({[*drawn.seed, SALT]}))",
        "chance = torch.from_numpy(stream.random((H, W), dtype=np.float32))",
        f"x[:, chance < {figure(drawn.salt / 2)}] = 0",
        f"x[:, chance >= {figure(1 - drawn.salt / 2)}] = 1",
    ]


def _cut(trace: AugmentTrace) -> list[str]:
    box = cut_box(trace.drawn, trace.size)
    if not box:
        return []
    row, column, height, width = box
    return ["# Cut-out", f"x[:, {row}:{row + height}, {column}:{column + width}] = {CUT_GREY}"]


def _mix(trace: AugmentTrace) -> list[str]:
    drawn, box = trace.drawn, paste_box(trace.drawn, trace.size)
    if trace.second is None or (drawn.weight == 1 and not box):
        return []
    lines = [
        "# A second picture of the same size: the button above “Second” saves it",
        'second = np.array(Image.open("second.png").convert("RGB"))',
        "z = torch.from_numpy(second).permute(2, 0, 1).float() / 255",
    ]
    weight = kept(drawn, trace.size)
    if box:
        row, column, height, width = box
        rows, columns = f"{row}:{row + height}", f"{column}:{column + width}"
        lines.append(f"x[:, {rows}, {columns}] = z[:, {rows}, {columns}]  # cut-mix")
    else:
        lines.append(f"x = {figure(drawn.weight)} * x + {figure(1 - drawn.weight)} * z  # mix-up")
    return [*lines, f"label = torch.tensor([{weight:.4g}, {1 - weight:.4g}])  # of the first and of the second class"]
