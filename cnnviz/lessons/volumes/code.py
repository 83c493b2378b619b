"""The PyTorch code that gives the same picture: a 1-D, 2-D or 3-D layer, short enough to paste.

>>> from cnnviz.lessons.volumes.trace import trace_volumes
>>> from cnnviz.lessons.volumes.spec import VolumesSpec
>>> print(torch_code(trace_volumes(VolumesSpec(kernel=(2, 3, 3), padding=(0, 1, 1))), numbers=False))
import torch
from torch import nn
<BLANKLINE>
x = torch.randn(1, 1, 4, 5, 5)  # N, C, D, H, W
conv = nn.Conv3d(1, 1, kernel_size=(2, 3, 3), padding=(0, 1, 1), bias=False)
y = conv(x)
# The weight's order is out, in, kt, kh, kw.
print(conv.weight.shape)  # torch.Size([1, 1, 2, 3, 3])
print(y.shape)  # torch.Size([1, 1, 3, 5, 5])
"""

from __future__ import annotations

from cnnviz.explain.grids import comment_lines
from cnnviz.lessons.volumes.spec import Triple
from cnnviz.lessons.volumes.trace import MOVED, VolumesTrace
from cnnviz.lessons.volumes.trace_patterns import Array
from cnnviz.lessons.volumes.words import shape_rows
from cnnviz.state.numbers import store_number

DEFAULTS = {"stride": 1, "padding": 0, "dilation": 1}


def torch_code(trace: VolumesTrace, *, numbers: bool) -> str:
    """Write PyTorch: with `numbers`, the stage's own film and kernel; else a layer and a random input."""
    return "\n".join(_numbers(trace) if numbers else _layer(trace))


def factored_code(trace: VolumesTrace) -> str:
    """Write the two small layers that stand for the 3-D layer in (2+1)-D: space first, then time."""
    space, time = _settings(trace, (1, 2), whole=True), _settings(trace, (0,), whole=True)
    lines = [
        "import torch",
        "from torch import nn",
        "",
        _random_input(trace),
        f"space = nn.Conv3d(1, 1, {_listed(space)}, bias=False)",
        f"time = nn.Conv3d(1, 1, {_listed(time)}, bias=False)",
        "y = time(space(x))",
        "weights = space.weight.numel() + time.weight.numel()",
    ]
    length, height, width = trace.spec.kernel
    return "\n".join([*lines, f"print(weights)  # {length + height * width}", _shape(trace)])


def _layer(trace: VolumesTrace) -> list[str]:
    dims = trace.spec.dims
    settings = _settings(trace, MOVED[dims])
    weight = shape_rows(trace)[1]
    return [
        "import torch",
        "from torch import nn",
        "",
        _random_input(trace),
        f"conv = nn.Conv{dims}d(1, 1, {_listed(settings)}, bias=False)",
        "y = conv(x)",
        f"# The weight's order is {weight['Order']}.",
        f"print(conv.weight.shape)  # {_size(weight['Shape'])}",
        _shape(trace),
    ]


def _numbers(trace: VolumesTrace) -> list[str]:
    dims = trace.spec.dims
    settings = _settings(trace, MOVED[dims])
    del settings["kernel_size"]
    given, weight, _ = shape_rows(trace)
    arguments = ", ".join(["x", "w", *(f"{name}={value}" for name, value in settings.items())])
    lines = ["import torch", "import torch.nn.functional as F", ""]
    lines += _tensor("x", trace.film.values, given["Shape"], given["Order"])
    lines += _tensor("w", trace.kernel.weight, weight["Shape"], weight["Order"])
    lines += ["", f"y = F.conv{dims}d({arguments})", _shape(trace)]
    if dims == 1:
        return [*lines, "print(y[0, 0])", *comment_lines(trace.output.reshape(1, -1))]
    lines.append("print(y[0, 0])" if dims == 3 else "print(y[:, 0])")
    for at, frame in enumerate(trace.outputs):
        lines += [*(["#"] if at else []), *comment_lines(frame)]
    return lines


def _random_input(trace: VolumesTrace) -> str:
    given = shape_rows(trace)[0]
    return f"x = torch.randn{given['Shape']}  # {given['Order']}"


def _settings(trace: VolumesTrace, axes: tuple[int, ...], *, whole: bool = False) -> dict[str, str]:
    """Give the layer's settings along some axes; a `whole` layer has all three, and does nothing along the others."""
    spec = trace.spec
    settings = {"kernel_size": _along(spec.kernel, axes, 1, whole=whole)}
    for name, usual in DEFAULTS.items():
        numbers = _along(getattr(spec, name), axes, usual, whole=whole)
        if any(number != usual for number in numbers):
            settings[name] = numbers
    return {name: _tuple(numbers) for name, numbers in settings.items()}


def _along(triple: Triple, axes: tuple[int, ...], usual: int, *, whole: bool) -> tuple[int, ...]:
    if whole:
        return tuple(number if axis in axes else usual for axis, number in enumerate(triple))
    return tuple(triple[axis] for axis in axes)


def _tuple(numbers: tuple[int, ...]) -> str:
    """Write 3 for (3, 3, 3), as everybody does."""
    return str(numbers[0]) if len(set(numbers)) == 1 else str(numbers)


def _listed(settings: dict[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in settings.items())


def _shape(trace: VolumesTrace) -> str:
    return f"print(y.shape)  # {_size(shape_rows(trace)[2]['Shape'])}"


def _size(shape: str) -> str:
    return f"torch.Size([{shape[1:-1]}])"


def _tensor(name: str, array: Array, shape: str, order: str) -> list[str]:
    """Write an array of frames: a row a line, and an empty line between two frames."""
    end = f"], dtype=torch.float64).reshape{shape}  # {order}"
    if array.shape[1] == array.shape[2] == 1:
        numbers = ", ".join(map(store_number, array.ravel().tolist()))
        return [f"{name} = torch.tensor([{numbers}{end}"]
    lines = [f"{name} = torch.tensor(["]
    for at, frame in enumerate(array):
        if at:
            lines.append("")
        cells = [[store_number(value) for value in row] for row in frame.tolist()]
        width = max(len(cell) for row in cells for cell in row)
        lines += [f"    [{', '.join(cell.rjust(width) for cell in row)}]," for row in cells]
    return [*lines, end]
