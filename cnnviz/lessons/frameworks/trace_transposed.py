"""One axis of a transposed convolution under several frameworks: sizes, what is cut off, and where the input stands.

>>> from cnnviz.lessons.frameworks.spec import FrameworksSpec
>>> found = {one.name: one for one in place_transposed(FrameworksSpec("transposed", 7, 3, 2, 1))}
>>> [(found[name].size, found[name].before, found[name].after) for name in ("torch", "keras_same", "keras_valid")]
[(13, 1, 1), (14, 0, 1), (15, 0, 0)]
>>> str(found["keras_same"].shift)
'1'

Every input cell stamps the kernel once; the stamps reach over ``(n - 1) * stride + reach`` cells, of which a framework
cuts some off at either end, or to which it adds cells that no stamp reaches. With ``before`` cells cut, the middle of
the first stamp stands at ``(reach - 1) / 2 - before``, measured in output cells.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from cnnviz.engine.arithmetic import transposed_size
from cnnviz.errors import SpecError
from cnnviz.lessons.frameworks.spec import FrameworksSpec
from cnnviz.lessons.frameworks.trace_placed import Placed

Rule = Callable[[FrameworksSpec], tuple[int, int]]
"""Gives the output size, and how many cells are cut off before it."""


def whole_size(spec: FrameworksSpec) -> int:
    """Count the cells that the stamps reach over."""
    return (spec.input - 1) * spec.stride + spec.reach


def place_transposed(spec: FrameworksSpec) -> tuple[Placed, ...]:
    """Run the layer through every convention; PyTorch's number comes first."""
    p, o = spec.padding, spec.output_padding
    extra = f", output_padding={o}" if o else ""
    try:
        wanted = str(_torch(spec)[0])
    except SpecError:
        wanted = "?"
    rows: list[tuple[str, str, str, Rule]] = [
        ("torch", "PyTorch", f"padding={p}{extra}", _torch),
        ("keras_same", "TensorFlow, Keras", 'padding="same"', _keras_same),
        ("keras_valid", "TensorFlow, Keras", 'padding="valid"', _keras_valid),
        ("tf_shape", "TensorFlow", f"SAME, output_shape {wanted}", _tf_shape),
        ("onnx_notset", "ONNX", f"NOTSET, pads=[{p}, {p}]{extra}", _onnx_notset),
        ("onnx_upper", "ONNX", "SAME_UPPER", _onnx_upper),
        ("onnx_lower", "ONNX", "SAME_LOWER", _onnx_lower),
        ("onnx_valid", "ONNX", "VALID", _onnx_valid),
        ("onnx_shape", "ONNX", f"output_shape=[{wanted}]", _onnx_shape),
        ("caffe", "Caffe", f"Deconvolution, pad: {p}", _caffe),
    ]
    found = [_place(spec, Placed(name, framework, setting), rule) for name, framework, setting, rule in rows]
    first = found[0]
    if not first.works:
        return tuple(found)
    return tuple(replace(one, shift=one.centre - first.centre) if one.works else one for one in found)


def _place(spec: FrameworksSpec, row: Placed, rule: Rule) -> Placed:
    try:
        size, before = rule(spec)
    except SpecError as error:
        return replace(row, refused=error.message)
    after = whole_size(spec) - before - size
    centre = Fraction(spec.reach - 1, 2) - before
    middle = centre + Fraction((spec.input - 1) * spec.stride, 2)
    return replace(
        row, size=size, before=before, after=max(after, 0), added=max(-after, 0), centre=centre,
        off_middle=middle - Fraction(size - 1, 2), axis=size, windows=spec.input,
    )  # fmt: skip


def _torch(spec: FrameworksSpec) -> tuple[int, int]:
    p = spec.padding
    return transposed_size(spec.input, spec.kernel, spec.stride, p, spec.dilation, spec.output_padding), p


def _keras_can(spec: FrameworksSpec) -> None:
    if spec.dilation > 1 and spec.stride > 1:
        raise SpecError("dilation", "Keras takes a stride or a dilation above 1, but not both.")


def _shared(spec: FrameworksSpec, size: int) -> int:
    """Halve what is too much, the odd cell cut off at the end; what is missing is appended there."""
    return max(whole_size(spec) - size, 0) // 2


def _keras_same(spec: FrameworksSpec) -> tuple[int, int]:
    _keras_can(spec)
    return _onnx_upper(spec)


def _keras_valid(spec: FrameworksSpec) -> tuple[int, int]:
    """Never give less than the stride for each input cell."""
    _keras_can(spec)
    return spec.input * spec.stride + max(spec.reach - spec.stride, 0), 0


def _tf_shape(spec: FrameworksSpec) -> tuple[int, int]:
    """Take PyTorch's size, if a convolution with SAME would lead back to this input."""
    size, _ = _torch(spec)
    back = -(-size // spec.stride)
    if back != spec.input:
        raise SpecError(
            "output_shape",
            f"SAME with stride {spec.stride} makes {back} of {size}, not {spec.input}: TensorFlow takes output shapes "
            f"from {(spec.input - 1) * spec.stride + 1} to {spec.input * spec.stride}.",
        )
    return size, _shared(spec, size)


def _onnx_notset(spec: FrameworksSpec) -> tuple[int, int]:
    return _torch(spec)


def _onnx_upper(spec: FrameworksSpec) -> tuple[int, int]:
    size = spec.input * spec.stride
    return size, _shared(spec, size)


def _onnx_lower(spec: FrameworksSpec) -> tuple[int, int]:
    size = spec.input * spec.stride
    total = max(whole_size(spec) - size, 0)
    return size, total - total // 2


def _onnx_valid(spec: FrameworksSpec) -> tuple[int, int]:
    return whole_size(spec), 0


def _onnx_shape(spec: FrameworksSpec) -> tuple[int, int]:
    """Take PyTorch's size; without SAME_UPPER the odd cell is cut off at the beginning."""
    size, _ = _torch(spec)
    total = max(whole_size(spec) - size, 0)
    return size, total - total // 2


def _caffe(spec: FrameworksSpec) -> tuple[int, int]:
    """Know no output padding."""
    return _torch(replace(spec, output_padding=0))
