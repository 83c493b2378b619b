"""Both paths of the Translation page agree with PyTorch, and what is inside is never touched by a border."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from cnnviz.engine.pictures.gallery import DIGIT_SIDE
from cnnviz.engine.pictures.kernels import LIBRARY
from cnnviz.engine.pictures.samples import sample
from cnnviz.errors import SpecError
from cnnviz.lessons.translation.spec import TranslationSpec
from cnnviz.lessons.translation.trace import inside, is_same_turned, move_matrix, trace_move
from cnnviz.lessons.translation.trace_stride import blur_rows, shift_pair, trace_stride
from cnnviz.lessons.translation.trace_template import REACH, trace_template, unit_templates, written
from cnnviz.state.kernels import KernelSource, kernel_rows, parse_kernel
from cnnviz.state.padding import MODES
from tests.lessons.convolution.specs import examples

GREY = np.random.default_rng(5).integers(0, 256, (36, 41), dtype=np.uint8)
SQUARE = GREY[:, :36].copy()


def kernel_of(spec: TranslationSpec) -> torch.Tensor:
    return torch.tensor(kernel_rows(spec.kernel), dtype=torch.float64)[None, None]


def same(x: torch.Tensor, kernel: torch.Tensor, mode: str) -> torch.Tensor:
    """Filter and keep the size."""
    down, along = kernel.shape[2] - 1, kernel.shape[3] - 1
    sides = (along // 2, along - along // 2, down // 2, down - down // 2)
    padded = functional.pad(x[None, None], sides, mode="constant" if mode == "zeros" else mode)
    return functional.conv2d(padded, kernel)[0, 0]


@pytest.mark.parametrize("name", LIBRARY)
def test_whole_moves_round_a_circle_agree_exactly(name: str) -> None:
    trace = trace_move(GREY, TranslationSpec(kernel=KernelSource(name), down=-7, right=32))
    assert trace.numbers["all"].changed == 0
    assert trace.numbers["all"].pixels == GREY.size
    x = torch.from_numpy(GREY).double()
    expected = same(x.roll((-7, 32), (0, 1)), kernel_of(trace.spec), "circular")
    np.testing.assert_allclose(trace.moved_before, expected.numpy(), atol=2e-3, rtol=1e-5)
    np.testing.assert_allclose(trace.moved_after, expected.numpy(), atol=2e-3, rtol=1e-5)


@pytest.mark.parametrize("mode", ["zeros", "circular"])
@pytest.mark.parametrize(("down", "right"), [(0, 3), (-5, 2), (4, -4)])
@pytest.mark.parametrize("kernel", ["sobel-x", "box-4", "difference-y"])
def test_both_paths_as_torch_takes_them(mode: str, down: int, right: int, kernel: str) -> None:
    spec = TranslationSpec(kernel=parse_kernel(kernel), down=down, right=right, mode=mode)  # type: ignore[arg-type]
    trace = trace_move(GREY, spec)

    def move(x: torch.Tensor) -> torch.Tensor:
        return x.roll((down, right), (0, 1)) if mode == "circular" else functional.pad(x, (right, -right, down, -down))

    x, weight = torch.from_numpy(GREY).double(), kernel_of(spec)
    after, before = move(same(x, weight, mode)), same(move(x), weight, mode)
    np.testing.assert_allclose(trace.moved_after, after.numpy(), atol=1e-3)
    np.testing.assert_allclose(trace.moved_before, before.numpy(), atol=1e-3)
    gap = (before - after).abs().numpy()
    assert trace.numbers["all"].largest == pytest.approx(gap.max(), abs=1e-3)
    assert trace.numbers["all"].mean == pytest.approx(gap.mean(), abs=1e-4)
    assert trace.numbers["all"].changed == int((gap > 1e-3).sum())


@examples(60)
@given(
    st.integers(-20, 20),
    st.integers(-20, 20),
    st.sampled_from([0, 0.25, 0.5]),
    st.sampled_from(list(MODES)),
    st.sampled_from(["sobel-x", "box-9", "gaussian", "difference", "roberts-a", "motion-4", "bump"]),
)
def test_the_inside_of_a_move_agrees(down: int, right: int, part: float, mode: str, kernel: str) -> None:
    spec = TranslationSpec(
        down=down,
        right=right,
        part=part,
        mode=mode,  # type: ignore[arg-type]
        kernel=parse_kernel(kernel),
    )
    numbers = trace_move(GREY, spec).numbers
    assert numbers["inside"].changed == 0
    assert numbers["inside"].pixels + numbers["ring"].pixels == numbers["all"].pixels
    assert numbers["ring"].changed == numbers["all"].changed


@pytest.mark.parametrize("turn", [0, 5, 45, 90, -135, 180])
@pytest.mark.parametrize("zoom", [50, 95, 100, 200])
def test_the_inside_is_what_no_border_reaches(turn: int, zoom: int) -> None:
    spec = TranslationSpec(turn=turn, zoom=zoom, right=3, down=-2, mode="zeros")
    rows = kernel_rows(spec.kernel)
    light = np.full((36, 36), 200, np.uint8)
    mark = inside(spec, move_matrix(spec, (36, 36)), rows, (36, 36))
    # On a plain picture with zeros around, whatever saw a border shows it.
    plain = trace_move(light, replace(spec, kernel=parse_kernel("box-3")))
    np.testing.assert_allclose(plain.moved_after[mark], 200, atol=1e-3)
    np.testing.assert_allclose(plain.moved_before[mark], 200, atol=1e-3)
    assert mark.any() or zoom == 50 or turn
    assert not mark[0].any() and not mark[:, -1].any()


@pytest.mark.parametrize("turn", [90, 180, 270 - 360])
@pytest.mark.parametrize("grey", [GREY, SQUARE], ids=["oblong", "square"])
def test_quarter_turns_agree_for_round_kernels_only(turn: int, grey: np.ndarray) -> None:
    def paths(kernel: str) -> int:
        spec = TranslationSpec(kernel=parse_kernel(kernel), turn=turn, right=0)
        return trace_move(grey, spec).numbers["inside"].changed

    assert [paths(kernel) for kernel in ("laplacian", "box-5", "gaussian")] == [0, 0, 0]
    assert paths("sobel-x") > 0
    assert is_same_turned(kernel_rows(parse_kernel("laplacian")), turn)
    assert not is_same_turned(kernel_rows(parse_kernel("sobel-x")), turn)


def test_a_quarter_turn_of_a_square_is_rot90() -> None:
    trace = trace_move(SQUARE, TranslationSpec(turn=90, right=0))
    np.testing.assert_array_equal(trace.moved, np.rot90(SQUARE))
    assert trace.rounding == 0


def test_other_turns_and_scales_break_it() -> None:
    for spec in (TranslationSpec(turn=30, right=0), TranslationSpec(zoom=150, right=0)):
        assert trace_move(SQUARE, spec).numbers["inside"].changed > 0


def test_a_picture_smaller_than_the_kernel_is_refused_or_all_ring() -> None:
    tiny = GREY[:3, :3].copy()
    assert trace_move(tiny, TranslationSpec(kernel=parse_kernel("box-9"), mode="zeros")).numbers["inside"].pixels == 0
    with pytest.raises(SpecError):
        trace_move(tiny, TranslationSpec(kernel=parse_kernel("box-9"), mode="reflect"))


def small_layer(x: torch.Tensor, spec: TranslationSpec) -> torch.Tensor:
    """Take the layer with its stride on the picture itself, as a network would."""
    kernel = kernel_of(spec)
    if spec.layer != "conv":
        before = (spec.window - 1) // 2
        padded = functional.pad(x[None, None], (before, spec.window - 1 - before) * 2, mode="circular")
        pool = functional.max_pool2d if spec.layer == "max" else functional.avg_pool2d
        return pool(padded, spec.window, stride=spec.stride)[0, 0]
    return same(x, kernel, "circular")[:: spec.stride, :: spec.stride]


STRIDES = [
    TranslationSpec(view="stride", layer=layer, stride=stride, window=window, shift=shift, way=way)
    for layer in ("conv", "max", "avg")
    for stride, window, shift, way in [(2, 2, 1, "right"), (3, 5, 3, "down"), (4, 3, 6, "both"), (1, 2, 5, "right")]
]


@pytest.mark.parametrize("spec", STRIDES, ids=str)
def test_a_stride_is_what_torch_makes_of_the_moved_picture(spec: TranslationSpec) -> None:
    trace = trace_stride(GREY, spec)
    x = torch.from_numpy(trace.grey).double()
    assert all(side % spec.stride == 0 for side in x.shape)
    for shift in range(9):
        moved = small_layer(x.roll(shift_pair(spec, shift), (0, 1)), spec)
        after = small_layer(x, spec)
        for axis, move in enumerate(shift_pair(spec, shift)):
            whole, part = move // spec.stride, move % spec.stride / spec.stride
            after = (1 - part) * after.roll(whole, axis) + part * after.roll(whole + 1, axis)
        gap = (moved - after).abs()
        assert trace.curves[0][shift] == pytest.approx(float(gap.mean()), abs=1e-3)
        if shift == spec.shift:
            np.testing.assert_allclose(trace.moved_before, moved.numpy(), atol=1e-3)
            np.testing.assert_allclose(trace.moved_after, after.numpy(), atol=1e-3)
            assert trace.numbers[0].largest == pytest.approx(float(gap.max()), abs=1e-3)
    assert trace.curves[0][0] == trace.curves[0][spec.stride] == 0


@pytest.mark.parametrize("blur", [3, 5, 7])
def test_a_blur_before_dropping(blur: int) -> None:
    spec = TranslationSpec(view="stride", stride=2, blur=blur, shift=1)
    trace = trace_stride(GREY, spec)
    x = torch.from_numpy(trace.grey).double().roll(1, 1)
    weights = torch.tensor(blur_rows(blur), dtype=torch.float64)[None, None]
    expected = same(same(x, kernel_of(spec), "circular"), weights, "circular")[::2, ::2]
    np.testing.assert_allclose(trace.moved_before, expected.numpy(), atol=1e-3)
    assert trace.compared == blur
    assert trace.curves[blur][1] < trace.curves[0][1]


def test_global_pooling_forgets_where_something_is() -> None:
    trace = trace_stride(GREY, TranslationSpec(view="stride", stride=1, shift=5))
    assert trace.strongest[0] == trace.strongest[1]
    assert trace.mean[0] == pytest.approx(trace.mean[1])


def test_a_stride_larger_than_the_picture_is_refused() -> None:
    with pytest.raises(SpecError, match="stride of 3 or less"):
        trace_stride(GREY[:3, :9].copy(), TranslationSpec(stride=4))


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize(("down", "right"), [(0, 0), (3, -2), (-12, 12)])
def test_templates_as_torch_scores_them(digit: int, down: int, right: int) -> None:
    spec = TranslationSpec(view="template", digit=digit, hand=2, digit_down=down, digit_right=right)
    trace = trace_template(spec)
    pixels = sample("digits").pixels[2 * DIGIT_SIDE :, digit * DIGIT_SIDE :][:DIGIT_SIDE, :DIGIT_SIDE, 0]
    x = functional.pad(torch.from_numpy(pixels / 255), (right, -right, down, -down))
    np.testing.assert_allclose(trace.moved, x.numpy())
    weights = torch.from_numpy(unit_templates(2).copy())
    maps = functional.conv2d(x[None, None], weights[:, None], padding=REACH)[0]
    np.testing.assert_allclose(trace.scores, maps[digit].numpy(), atol=1e-9)
    np.testing.assert_allclose(trace.dense, functional.linear(x.flatten(), weights.flatten(1)).numpy(), atol=1e-9)
    np.testing.assert_allclose(trace.sliding, maps.amax(dim=(1, 2)).numpy(), atol=1e-9)
    assert maps[digit][trace.peak] == maps[digit].max()
    still, sliding = trace.curve[right + 12]
    assert (still, sliding) == pytest.approx((trace.dense[digit], trace.sliding[digit]))


@pytest.mark.parametrize("hand", range(8))
def test_in_its_place_no_other_template_scores_higher(hand: int) -> None:
    for digit in range(10):
        trace = trace_template(TranslationSpec(view="template", digit=digit, hand=hand))
        assert trace.dense_winner == trace.sliding_winner == digit
        assert trace.dense[digit] == pytest.approx(np.sqrt((written(digit, hand) ** 2).sum()))


def test_a_move_that_cuts_nothing_off_moves_the_peak_and_keeps_it() -> None:
    for digit in range(10):
        still = trace_template(TranslationSpec(digit=digit))
        moved = trace_template(TranslationSpec(digit=digit, digit_down=2, digit_right=-3))
        assert moved.lost == pytest.approx(0)
        assert moved.sliding[digit] == pytest.approx(still.sliding[digit])
        assert moved.peak == (still.peak[0] + 2, still.peak[1] - 3)
        assert moved.dense[digit] < 0.75 * still.dense[digit]
