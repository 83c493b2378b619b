"""One axis of one layer under the paddings of several frameworks: sizes, padding, and where output 0 stands.

>>> from cnnviz.lessons.frameworks.spec import FrameworksSpec
>>> found = {one.name: one for one in place_all(FrameworksSpec())}
>>> [(found[name].size, found[name].before, found[name].after) for name in ("torch", "keras_same")]
[(112, 3, 3), (112, 2, 3)]
>>> str(found["keras_same"].shift), str(found["torch"].off_middle), str(found["keras_same"].off_middle)
('1', '-1/2', '1/2')

A place is measured in input cells: cell i has its centre at i. With its padding before, the kernel's middle of
output 0 stands at ``(reach - 1) / 2 - before``, and every further output one stride on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from cnnviz.engine.arithmetic import output_size, same_padding
from cnnviz.errors import SpecError
from cnnviz.lessons.frameworks.spec import FrameworksSpec
from cnnviz.lessons.frameworks.trace_placed import Placed
from cnnviz.lessons.frameworks.trace_transposed import place_transposed


def place_all(spec: FrameworksSpec) -> tuple[Placed, ...]:
    """Run the layer through every convention; PyTorch's number comes first."""
    if spec.operation == "transposed":
        return place_transposed(spec)
    pool = spec.operation == "pool"
    p = spec.padding
    rows: list[tuple[str, str, str, Callable[[FrameworksSpec], tuple[int, int, int]]]] = [
        ("torch", "PyTorch", f"padding={p}", _torch),
        *([("torch_ceil", "PyTorch", f"padding={p}, ceil_mode=True", _torch_ceil)] if pool else []),
        *([] if pool else [("torch_same", "PyTorch", 'padding="same"', _torch_same)]),
        ("keras_same", "TensorFlow, Keras", 'padding="same"', _keras_same),
        ("keras_valid", "TensorFlow, Keras", 'padding="valid"', _keras_valid),
        ("onnx_notset", "ONNX", f"NOTSET, pads=[{p}, {p}]", _onnx_notset),
        ("onnx_upper", "ONNX", "SAME_UPPER", _onnx_upper),
        ("onnx_lower", "ONNX", "SAME_LOWER", _onnx_lower),
        ("onnx_valid", "ONNX", "VALID", _valid),
        ("caffe", "Caffe", f"pad: {p}" + (", rounds up" if pool else ""), _caffe_pool if pool else _caffe),
    ]
    found = [_place(spec, Placed(name, framework, setting), rule) for name, framework, setting, rule in rows]
    first = found[0]
    if not first.works:
        return tuple(found)
    return tuple(replace(one, shift=one.centre - first.centre) if one.works else one for one in found)


def _place(spec: FrameworksSpec, row: Placed, rule: Callable[[FrameworksSpec], tuple[int, int, int]]) -> Placed:
    try:
        size, before, after = rule(spec)
    except SpecError as error:
        return replace(row, refused=error.message)
    end = (size - 1) * spec.stride + spec.reach - before - spec.input  # of the last window, behind the input
    centre = Fraction(spec.reach - 1, 2) - before
    middle = centre + Fraction((size - 1) * spec.stride, 2)
    return replace(
        row, size=size, before=before, after=after, overhang=max(end - after, 0), unread=max(after - end, 0),
        centre=centre, off_middle=middle - Fraction(spec.input - 1, 2), axis=spec.input, windows=size,
    )  # fmt: skip


def _torch(spec: FrameworksSpec) -> tuple[int, int, int]:
    p = spec.padding
    _half_a_kernel(spec)
    return output_size(spec.input, spec.kernel, spec.stride, p, spec.dilation), p, p


def _torch_ceil(spec: FrameworksSpec) -> tuple[int, int, int]:
    p = spec.padding
    _half_a_kernel(spec)
    return output_size(spec.input, spec.kernel, spec.stride, p, spec.dilation, ceil_mode=True), p, p


def _half_a_kernel(spec: FrameworksSpec) -> None:
    most = spec.kernel // 2
    if spec.operation == "pool" and spec.padding > most:
        raise SpecError("padding", f"PyTorch pads a pooling by at most half of its kernel: {most}, not {spec.padding}.")


def _torch_same(spec: FrameworksSpec) -> tuple[int, int, int]:
    if spec.stride > 1:
        raise SpecError("stride", f"PyTorch has “same” only for stride 1; here it is {spec.stride}.")
    before, after = same_padding(spec.input, spec.kernel, 1, spec.dilation)
    return spec.input, before, after


def _upper(spec: FrameworksSpec) -> tuple[int, int, int]:
    before, after = same_padding(spec.input, spec.kernel, spec.stride, spec.dilation, convention="tf")
    return -(-spec.input // spec.stride), before, after


def _valid(spec: FrameworksSpec) -> tuple[int, int, int]:
    return output_size(spec.input, spec.kernel, spec.stride, 0, spec.dilation), 0, 0


def _keras_can(spec: FrameworksSpec) -> None:
    if spec.dilation > 1 and spec.operation == "pool":
        raise SpecError("dilation", f"Pooling in Keras has no dilation; here it is {spec.dilation}.")
    if spec.dilation > 1 and spec.stride > 1:
        raise SpecError("dilation", "Keras takes a stride or a dilation above 1, but not both.")


def _keras_same(spec: FrameworksSpec) -> tuple[int, int, int]:
    _keras_can(spec)
    return _upper(spec)


def _keras_valid(spec: FrameworksSpec) -> tuple[int, int, int]:
    _keras_can(spec)
    return _valid(spec)


def _onnx_notset(spec: FrameworksSpec) -> tuple[int, int, int]:
    p = spec.padding
    return output_size(spec.input, spec.kernel, spec.stride, p, spec.dilation), p, p


def _onnx_upper(spec: FrameworksSpec) -> tuple[int, int, int]:
    return _upper(spec)


def _onnx_lower(spec: FrameworksSpec) -> tuple[int, int, int]:
    size, before, after = _upper(spec)
    return size, after, before


def _caffe(spec: FrameworksSpec) -> tuple[int, int, int]:
    return _onnx_notset(spec)


def _caffe_pool(spec: FrameworksSpec) -> tuple[int, int, int]:
    """Round up, and only with padding drop a last window that starts behind the input."""
    n, k, s, p = spec.input, spec.kernel, spec.stride, spec.padding
    if spec.dilation > 1:
        raise SpecError("dilation", f"Pooling in Caffe has no dilation; here it is {spec.dilation}.")
    if p >= k:
        raise SpecError("padding", f"Caffe pads a pooling by less than its kernel: at most {k - 1}, not {p}.")
    if n + 2 * p < k:
        raise SpecError("kernel", f"The kernel reaches over {k} cells, but the padded input has only {n + 2 * p}.")
    size = -((k - n - 2 * p) // s) + 1
    if p and (size - 1) * s >= n + p:
        size -= 1
    return size, p, p


def same_frames(rows: tuple[Placed, ...]) -> tuple[tuple[Placed, ...], ...]:
    """Put together the conventions that do just the same, in the order of their first.

    >>> from cnnviz.lessons.frameworks.spec import FrameworksSpec
    >>> [[one.name for one in group] for group in same_frames(place_all(FrameworksSpec()))][:2]
    [['torch', 'onnx_notset', 'caffe'], ['keras_same', 'onnx_upper']]
    """
    groups: dict[tuple[int, ...], list[Placed]] = {}
    for row in rows:
        if row.works:
            groups.setdefault(row.frame, []).append(row)
    return tuple(map(tuple, groups.values()))


__all__ = ["Placed", "place_all", "same_frames"]
