"""PyTorch code that makes what the Filters page shows.

>>> from cnnviz.state.kernels import KernelSource
>>> print(chr(10).join(kernel_lines(KernelSource("sobel-x"))))
kernel = torch.tensor([[-1.0, 0, 1],
                       [-2, 0, 2],
                       [-1, 0, 1]])
"""

from __future__ import annotations

from cnnviz.explain.kernel_lines import kernel_lines, tensor_lines
from cnnviz.lessons.filters.spec import FiltersSpec
from cnnviz.lessons.filters.trace import FilterTrace
from cnnviz.lessons.filters.trace_borders import BordersTrace
from cnnviz.lessons.filters.trace_pixel import PixelTrace
from cnnviz.state.numbers import store_number


def torch_filter(trace: FilterTrace) -> str:
    """Give the lines that read the picture, filter it and print the result's size."""
    spec, channels = trace.spec, len(trace.planes)
    lines = ["import numpy as np", "import torch", "import torch.nn.functional as F", "from PIL import Image", ""]
    if spec.is_colour:
        lines += [
            'pixels = np.array(Image.open("picture.png").convert("RGB"))',
            "x = torch.from_numpy(pixels).permute(2, 0, 1)[None].float()  # (1, 3, H, W)",
        ]
    else:
        lines += [
            'pixels = np.array(Image.open("picture.png").convert("L"))',
            "x = torch.from_numpy(pixels)[None, None].float()  # (1, 1, H, W)",
        ]
    lines += ["", *kernel_lines(spec.kernel)]
    if spec.flip:
        lines.append("kernel = kernel.flip(0, 1)  # conv2d itself does not turn it")
    weight = "kernel.expand(3, 1, -1, -1)" if channels > 1 else "kernel[None, None]"
    padding = _padding(trace, lines)
    options = [f"stride={spec.stride}"] if spec.stride > 1 else []
    options += [f"padding={padding}"] if padding else []
    options += [f"dilation={spec.dilation}"] if spec.dilation > 1 else []
    options += ["groups=3"] if channels > 1 else []
    if spec.bias:
        numbers = ", ".join([store_number(float(spec.bias)) + ("" if spec.bias % 1 else ".0")] * channels)
        options.insert(0, f"bias=torch.tensor([{numbers}])")
    call = ", ".join(["x", weight, *options])
    lines.append(f"y = F.conv2d({call})" + ("  # each channel by itself" if channels > 1 else ""))
    if spec.relu:
        lines.append("y = F.relu(y)")
    return "\n".join([*lines, f"print(y.shape)  # (1, {channels}, {trace.size[0]}, {trace.size[1]})"])


def torch_borders(borders: BordersTrace, spec: FiltersSpec) -> str:
    """Give the lines that filter the middle of the picture with every padding mode, and measure the errors."""
    (top, left, height, width), (above, below), (before, after) = borders.crop, *borders.sides
    body = f"F.conv2d(x, kernel[None, None]{f', dilation={spec.dilation}' if spec.dilation > 1 else ''})"
    body += f" {'-' if spec.bias < 0 else '+'} {store_number(abs(spec.bias))}" if spec.bias else ""
    return "\n".join(
        [
            "import numpy as np",
            "import torch",
            "import torch.nn.functional as F",
            "from PIL import Image",
            "",
            'pixels = np.array(Image.open("picture.png").convert("L"))',
            "x = torch.from_numpy(pixels)[None, None].float()",
            *kernel_lines(spec.kernel),
            "",
            "def filtered(x):",
            f"    return {f'F.relu({body})' if spec.relu else body}",
            "",
            f"truth = filtered(x[..., {top - above}:{top + height + below}, {left - before}:{left + width + after}])",
            f"middle = x[..., {top}:{top + height}, {left}:{left + width}]",
            "errors = {}",
            'for mode in ("constant", "reflect", "replicate", "circular"):',
            f"    padded = F.pad(middle, ({before}, {after}, {above}, {below}), mode=mode)",
            "    errors[mode] = filtered(padded) - truth",
            "    print(mode, errors[mode].abs().max().item())",
        ]
    )


def torch_pixel(pixel: PixelTrace) -> str:
    """Give code with the real numbers of one window; what it prints stands behind the line."""
    spec = pixel.spec
    rows = tuple(tuple(int(value) for value in row) for row in pixel.values)
    lines = ["import torch", "", *tensor_lines("x", rows, 1), *tensor_lines("kernel", pixel.weights, pixel.divisor)]
    lines += ["z = (x * kernel).sum()"]
    result = "z"
    if spec.bias:
        result += f" {'-' if spec.bias < 0 else '+'} {store_number(abs(spec.bias))}"
    if spec.relu:
        result = f"torch.relu({result})"
    return "\n".join([*lines, f"print(({result}).item())  # {pixel.result:.7g}"])


def _padding(trace: FilterTrace, lines: list[str]) -> str:
    """Say how conv2d pads; what it cannot is padded by hand before, with a line of its own."""
    (top, bottom), (left, right) = (axis.padding for axis in trace.axes)
    if not (top or bottom or left or right):
        return ""
    mode = trace.spec.mode
    if mode == "zeros" and (top, left) == (bottom, right):
        return str(top) if top == left else f"({top}, {left})"
    how = "" if mode == "zeros" else f', mode="{mode}"'
    lines.append(f"x = F.pad(x, ({left}, {right}, {top}, {bottom}){how})")
    return ""
