from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from cnnviz.errors import SpecError
from cnnviz.lessons.volumes.spec import INPUT_PATTERNS, KERNEL_PATTERNS, VolumesSpec
from cnnviz.lessons.volumes.trace import check_volumes, trace_volumes
from cnnviz.lessons.volumes.trace_patterns import FILMS, KERNELS, fill_film, fill_volume_kernel
from tests.lessons.convolution.specs import examples
from tests.lessons.volumes.specs import SPECS, WORKING, traced

torch = pytest.importorskip("torch")
from torch.nn import functional as F  # noqa: E402, N812


def by_torch(trace):
    """The same layer in PyTorch, back as frames, rows and columns."""
    spec, dims = trace.spec, trace.spec.dims
    x, w = (torch.tensor(array.astype(float)) for array in (trace.film.values, trace.kernel.weight))
    along = {1: slice(0, 1), 2: slice(1, 3), 3: slice(0, 3)}[dims]
    settings = {name: getattr(spec, name)[along] for name in ("stride", "padding", "dilation")}
    if dims == 1:
        return F.conv1d(x.reshape(1, 1, -1), w.reshape(1, 1, -1), **settings).reshape(-1, 1, 1)
    if dims == 2:
        return F.conv2d(x[:, None], w[None], **settings)[:, 0]
    return F.conv3d(x[None, None], w[None, None], **settings)[0, 0]


@examples(200)
@given(WORKING)
def test_every_number_is_pytorchs(spec):
    trace = trace_volumes(spec)
    expected = by_torch(trace).numpy()
    assert trace.output.shape == expected.shape
    scale = max(1.0, float(np.abs(expected).max()))
    np.testing.assert_allclose(trace.output.astype(float), expected, rtol=1e-9, atol=1e-9 * scale)


@examples(120)
@given(SPECS)
def test_what_is_refused_is_what_pytorch_refuses(spec):
    try:
        check_volumes(spec)
    except SpecError as error:
        assert error.field == "kernel"
        axis = ("In time", "In the rows", "In the columns").index(error.message.partition(":")[0])
        reach = spec.dilation[axis] * (spec.kernel[axis] - 1) + 1
        assert spec.size[axis] + 2 * spec.padding[axis] < reach
    else:
        by_torch(trace_volumes(spec))


@examples(100)
@given(WORKING)
def test_frames_are_the_volume_and_nobody_can_change_them(spec):
    trace = trace_volumes(spec)
    before = trace.time.padding[0]
    np.testing.assert_array_equal(np.array(trace.film.frames), trace.film.padded)
    for at, frame in enumerate(trace.film.frames):
        if not before <= at < before + len(trace.film.values):
            assert not frame.any()
    for array in (trace.film.padded, trace.kernel.weight, trace.output, *trace.film.frames, *trace.outputs):
        assert not array.flags.writeable
    again = trace_volumes(replace(spec, stride=(1, 1, 1)))
    assert again.film is trace.film and again.kernel is trace.kernel


def test_a_still_picture_gives_nothing_under_the_difference():
    assert not traced(x="still", w="difference").output.any()
    changed = traced(x="still", w="difference", xe="2.2.2 9")
    assert np.count_nonzero(changed.output) == 1


def test_a_dot_is_found_by_the_kernel_that_moves_with_it():
    found, missed = traced(n="5"), traced(n="5", x="dot-left")
    assert [frame.max() for frame in found.outputs] == [3, 3, 3]
    assert np.count_nonzero(found.output) == 3
    assert missed.output.max() == 1


def test_the_flash_goes_up_and_down():
    trace = traced(n="5x4", k="2x1", x="flash", w="difference")
    assert [frame.max() + frame.min() for frame in trace.outputs] == [0, 18, -18, 0]


def test_a_front_of_the_edge_is_one_column():
    trace = traced(k="2x1", x="edge", w="difference")
    assert [np.flatnonzero(frame.any(axis=0)).tolist() for frame in trace.outputs] == [[1], [2], [3]]


def test_the_other_axes_wait():
    whole = traced(n="4x5x6", k="2x3", s="2x1", p="1x2", x="random", w="random", dim="2")
    assert (whole.time.size, whole.time.kernel) == (4, 1)
    line = traced(n="4x5x6", k="2x3", s="1x2", p="1x2", x="random", dim="1")
    assert (line.rows.n, line.columns.n, line.pixel) == (1, 1, (2, 2))
    np.testing.assert_array_equal(line.film.values.ravel(), fill_film("random", (4, 5, 6))[:, 2, 2])


def test_changed_weights_of_the_middle_come_along():
    edits = "0.1.1 7_1.0.2 8_0.0.0 6"
    assert traced(we=edits, dim="1").kernel.weight.ravel()[0] == 7
    assert traced(we=edits, dim="2").kernel.weight[0, 0, 2] == 8
    assert traced(we=edits).kernel.weight[0, 0, 0] == 6


@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 3, 1), (3, 1, 2), (3, 3, 3), (1, 2, 3)])
def test_patterns_fill_any_shape(shape):
    assert FILMS.keys() == INPUT_PATTERNS.keys()
    assert KERNELS.keys() == KERNEL_PATTERNS.keys()
    for name in FILMS:
        film = fill_film(name, shape, 3)
        assert film.shape == shape
        if name not in {"dot-left", "flash", "counting"}:  # a longer film begins with the same frames
            np.testing.assert_array_equal(fill_film(name, (shape[0] + 1, *shape[1:]), 3)[: shape[0]], film)
    for name in KERNELS:
        kernel = fill_volume_kernel(name, shape, 3)
        assert kernel.shape == shape
        if name == "box":
            assert kernel.sum() == pytest.approx(1)
    difference = fill_volume_kernel("difference", shape)
    assert difference.sum() == (0 if max(shape) > 1 else 1)
    assert shape[0] == 1 or not difference.sum(axis=0).any()


def test_defaults_are_the_lessons():
    assert VolumesSpec().size == (4, 5, 5)
