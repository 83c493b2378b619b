"""PyTorch code that makes the pictures of the Filter chains page out of ``picture.png``.

The viewer's button above the first picture saves that file.
"""

from __future__ import annotations

from cnnviz.lessons.filter_chains.spec import FilterChainsSpec
from cnnviz.lessons.filter_chains.trace import Kernel, kernel_of
from cnnviz.lessons.filter_chains.trace_gradient import gradient_pair, ramp_answer
from cnnviz.state.numbers import store_number

HEAD = """import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

x = np.array(Image.open("picture.png").convert("L"))
x = torch.from_numpy(x).double()[None, None]  # 1, 1, H, W: in 64 bits, so that differences can be trusted
"""

BELL = """

def bell(sigma):
    reach = int(np.ceil(3 * sigma))
    i = torch.arange(-reach, reach + 1, dtype=torch.double)
    wave = torch.exp(-0.5 * (i / sigma) ** 2)
    return wave / wave.sum()

"""

BLUR = """
def blur(x, sigma):  # a column, then a row; the border is repeated
    w = bell(sigma)
    r = len(w) // 2
    x = F.conv2d(F.pad(x, (0, 0, r, r), mode="replicate"), w.view(1, 1, -1, 1))
    return F.conv2d(F.pad(x, (r, r, 0, 0), mode="replicate"), w.view(1, 1, 1, -1))

"""


def torch_chain(spec: FilterChainsSpec) -> str:
    """Give the code of the part that is shown."""
    if spec.view == "gradient":
        return torch_gradient(spec)
    if spec.view == "scale":
        return {"alias": _alias, "pyramid": _pyramid, "laplace": _laplace, "dog": _dog}[spec.what](spec)
    return torch_sequence(spec)


def torch_sequence(spec: FilterChainsSpec) -> str:
    """Filter twice, and once with the combined kernel.

    >>> torch_sequence(FilterChainsSpec()).splitlines()[8]
    'k1 = torch.tensor([[1, 1, 1], [1, 1, 1], [1, 1, 1]]).double() / 9'
    """
    first, second = kernel_of(spec.first), kernel_of(spec.second)
    before, after = ([a + b for a, b in zip(one, two, strict=True)] for one, two in _sides(first, second))
    relu = "between = torch.relu(between)\n" if spec.relu else ""
    return (
        f"{HEAD}\nk1 = {_tensor(first)}\nk2 = {_tensor(second)}\n{_filtered(spec.mode)}\n"
        f"between = {_call('x', 'k1', first.before, first.after, spec.mode)}\n{relu}"
        f"steps = {_call('between', 'k2', second.before, second.after, spec.mode)}\n\n"
        "# the combined kernel: k1 convolved with k2, all of it\n"
        "k = F.conv_transpose2d(k1[None, None], k2[None, None])[0, 0]\n"
        f"once = {_call('x', 'k', before, after, spec.mode)}\n"
        "difference = (steps - once)[0, 0]\n"
        'print(tuple(k.shape), "largest difference:", difference.abs().max().item())'
    )


def _sides(first: Kernel, second: Kernel) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return [(first.before, second.before), (first.after, second.after)]


def _tensor(kernel: Kernel) -> str:
    rows = ", ".join(f"[{', '.join(_number(value) for value in row)}]" for row in kernel.numbers.tolist())
    if len(rows) > 90:
        rows = rows.replace("], [", "],\n    [")
        rows = f"\n    {rows},\n"
    over = f" / {kernel.divisor}" if kernel.divisor > 1 else ""
    return f"torch.tensor([{rows}]).double(){over}" if kernel.whole else f"torch.tensor([{rows}], dtype=torch.double)"


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.9g}"


def _filtered(mode: str) -> str:
    if mode == "valid":
        return ""
    name = "constant" if mode == "zeros" else mode
    return (
        "\n\ndef filtered(x, k, left, right, top, bottom):\n"
        f'    return F.conv2d(F.pad(x, (left, right, top, bottom), mode="{name}"), k[None, None])\n\n'
    )


def _call(
    x: str, kernel: str, before: tuple[int, int] | list[int], after: tuple[int, int] | list[int], mode: str
) -> str:
    if mode == "valid":
        return f"F.conv2d({x}, {kernel}[None, None])"
    return f"filtered({x}, {kernel}, {before[1]}, {after[1]}, {before[0]}, {after[0]})"


def torch_gradient(spec: FilterChainsSpec) -> str:
    """Compute both slopes, the magnitude and the direction."""
    along, down = gradient_pair(spec.operator)
    unit = ramp_answer(along)
    over = f" / {store_number(unit)}" if unit != 1 else ""
    kernels = "\n".join(
        f"k{axis} = torch.tensor({_plain(kernel.tolist())}).double()"
        for axis, kernel in zip("xy", (along, down), strict=True)
    )
    blur = f"{BELL}{BLUR}\nx = blur(x, {store_number(spec.blur)})" if spec.blur else ""
    return (
        f"{HEAD}{blur}\n{kernels}\n"
        f'gx = F.conv2d(F.pad(x, {_around(along.shape)}, mode="replicate"), kx[None, None])[0, 0]{over}\n'
        f'gy = F.conv2d(F.pad(x, {_around(down.shape)}, mode="replicate"), ky[None, None])[0, 0]{over}\n'
        "magnitude = torch.sqrt(gx**2 + gy**2)\n"
        "angle = torch.rad2deg(torch.atan2(gy, gx))  # 0: brighter to the right, 90: brighter downwards\n"
        f"weak = magnitude < max({store_number(spec.threshold)}, 1e-3)\n"
        'angle[weak] = float("nan")\n'
        'print(magnitude.max().item(), "share of edges:", (~weak).double().mean().item())'
    )


def _plain(rows: list[list[float]]) -> str:
    return str([[int(value) if value == int(value) else value for value in row] for row in rows])


def _around(shape: tuple[int, ...]) -> str:
    rows, columns = shape[0] // 2, shape[1] // 2
    return f"({columns}, {columns}, {rows}, {rows})"


def _alias(spec: FilterChainsSpec) -> str:
    return (
        f"{HEAD}{BELL}{BLUR}\nwith_blur = without = x\n"
        f"for level in range({spec.levels}):\n"
        f"    with_blur = blur(with_blur, {store_number(spec.sigma)})[..., ::2, ::2]\n"
        "    without = without[..., ::2, ::2]\n"
        "print(tuple(without.shape), with_blur.std().item(), without.std().item())"
    )


def _pyramid(spec: FilterChainsSpec) -> str:
    return (
        f"{HEAD}{BELL}{BLUR}\nlevels = [x]\n"
        f"for level in range({spec.levels}):\n"
        f"    levels.append(blur(levels[-1], {store_number(spec.sigma)})[..., ::2, ::2])\n"
        "print([tuple(level.shape[2:]) for level in levels])"
    )


def _laplace(spec: FilterChainsSpec) -> str:
    sigma = store_number(spec.sigma)
    return (
        f"{HEAD}{BELL}{BLUR}\n"
        "def enlarge(x, like):  # zeros between the pixels, a blur, divided by the same done to ones\n"
        "    spread, ones = torch.zeros_like(like), torch.zeros_like(like)\n"
        "    spread[..., ::2, ::2] = x\n"
        "    ones[..., ::2, ::2] = 1\n"
        f"    return blur(spread, {sigma}) / blur(ones, {sigma})\n\n\n"
        "levels = [x]\n"
        f"for level in range({spec.details}):\n"
        f"    levels.append(blur(levels[-1], {sigma})[..., ::2, ::2])\n"
        "details = [level - enlarge(smaller, level) for level, smaller in zip(levels, levels[1:])]\n\n"
        "rebuilt = levels[-1]\n"
        "for number in reversed(range(len(details))):\n"
        "    rebuilt = enlarge(rebuilt, details[number])\n"
        f"    if number >= {spec.dropped}:  # so many of the finest are left out\n"
        "        rebuilt = rebuilt + details[number]\n"
        'print("largest error:", (rebuilt - x).abs().max().item())'
    )


def _dog(spec: FilterChainsSpec) -> str:
    narrow, ratio = store_number(spec.sigma), store_number(spec.ratio)
    return (
        f"{HEAD}{BELL}{BLUR}\nnarrow, wide = {narrow}, {narrow} * {ratio}\n"
        "dog = blur(x, wide) - blur(x, narrow)\n\n"
        "# the Laplacian of the Gaussian whose zeros lie in the same place\n"
        "sigma = wide * narrow * np.sqrt(2 * np.log(wide / narrow) / (wide**2 - narrow**2))\n"
        "r = int(np.ceil(3 * wide))\n"
        "i = torch.arange(-r, r + 1, dtype=torch.double)\n"
        "g = torch.exp(-0.5 * (i / sigma) ** 2)\n"
        "g = g / g.sum()\n"
        "curved = (i**2 / sigma**4 - 1 / sigma**2) * g\n"
        "curved = curved - g * curved.sum()  # a flat picture gives 0\n"
        "k = (wide**2 - narrow**2) / 2 * (torch.outer(curved, g) + torch.outer(g, curved))\n"
        'log = F.conv2d(F.pad(x, (r, r, r, r), mode="replicate"), k[None, None])\n'
        'print("correlation:", torch.corrcoef(torch.stack([dog.flatten(), log.flatten()]))[0, 1].item())'
    )
