"""Every score of every window agrees with loops, PyTorch and scipy; matches are what they are said to be."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.ndimage import map_coordinates

from cnnviz.errors import SpecError
from cnnviz.lessons.matching.spec import CHANGES, CHANNELS, SCORES, MatchingSpec
from cnnviz.lessons.matching.trace import find_peaks, trace_matching
from cnnviz.lessons.matching.trace_curve import RANGES, curve_values, trace_curve
from cnnviz.lessons.matching.trace_patch import make_patch, planes_of, scaled_size
from cnnviz.lessons.matching.trace_scores import compare, score_map, share_of, window_sums
from tests.lessons.convolution.specs import examples


@st.composite
def pairs(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """A picture and a template that fits into it; often with plain areas."""
    channels = draw(st.sampled_from([1, 3]))
    height, width = draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    tall, wide = draw(st.tuples(st.integers(1, height), st.integers(1, width)))
    byte = draw(st.sampled_from([st.integers(0, 255), st.integers(0, 2), st.sampled_from([0, 255])]))
    picture = draw(arrays.arrays(np.uint8, (height, width, channels), elements=byte))
    if draw(st.booleans()):
        row, column = draw(st.integers(0, height - tall)), draw(st.integers(0, width - wide))
        return picture, picture[row : row + tall, column : column + wide]
    return picture, draw(arrays.arrays(np.uint8, (tall, wide, channels), elements=byte))


def by_loops(picture: np.ndarray, template: np.ndarray, score: str) -> np.ndarray:
    """The definitions, word for word, on the scale 0..1."""
    x, t = picture / 255, template / 255
    tall, wide = t.shape[:2]
    out = np.empty((x.shape[0] - tall + 1, x.shape[1] - wide + 1))
    for r, c in product(range(out.shape[0]), range(out.shape[1])):
        window = x[r : r + tall, c : c + wide]
        plain = all(len(np.unique(window[..., k])) == 1 for k in range(x.shape[2]))
        t0, w0 = t - t.mean(axis=(0, 1)), window - window.mean(axis=(0, 1))
        match score:
            case "multiply":
                out[r, c] = (t * window).sum()
            case "zero":
                out[r, c] = (t0 * window).sum()
            case "ssd":
                out[r, c] = ((t - window) ** 2).sum()
            case "ncc":
                out[r, c] = math.nan if plain else (t0 * w0).sum() / (np.linalg.norm(t0) * np.linalg.norm(w0))
    return out


def is_plain(template: np.ndarray) -> bool:
    return all(len(np.unique(template[..., k])) == 1 for k in range(template.shape[2]))


@pytest.mark.parametrize("score", SCORES)
@examples(150)
@given(pair=pairs())
def test_every_window_is_what_the_definition_says(score: str, pair: tuple[np.ndarray, np.ndarray]) -> None:
    picture, template = pair
    if score == "ncc" and is_plain(template):
        return
    scores, brightness = score_map(picture, template, score)
    np.testing.assert_allclose(scores, by_loops(picture, template, score), rtol=1e-12, atol=1e-12)
    tall, wide = template.shape[:2]
    for r, c in product(range(scores.shape[0]), range(scores.shape[1])):
        window = picture[r : r + tall, c : c + wide]
        assert brightness[r, c] == int(window.astype(int).sum())
        single = compare(window, template).of(score)
        assert single == pytest.approx(scores[r, c], rel=1e-12, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [(3, 3), (40, 40), (44, 30)])
def test_large_maps_agree_with_torch(channels: int, size: tuple[int, int]) -> None:
    """By spectra and bands, against unfold in double precision; to the last bit, since whole numbers are exact."""
    rng = np.random.default_rng(1)
    picture = rng.integers(0, 256, (90, 100, channels), dtype=np.uint8)
    picture[:45, :50] = 200  # plain
    template = np.ascontiguousarray(picture[45 : 45 + size[0], 50 : 50 + size[1]])
    x = torch.from_numpy(picture).permute(2, 0, 1)[None].double()
    t = torch.from_numpy(template).permute(2, 0, 1)[None].double()
    shape = (90 - size[0] + 1, 100 - size[1] + 1)
    windows = F.unfold(x, size)[0].T.reshape(-1, channels, math.prod(size))
    flat = t.reshape(channels, -1)
    wanted = {
        "multiply": F.conv2d(x, t)[0, 0] / 255**2,
        "ssd": ((windows - flat) ** 2).sum((1, 2)).reshape(shape) / 255**2,
        "zero": (windows * (flat - flat.mean(1, keepdim=True))).sum((1, 2)).reshape(shape) / 255**2,
    }
    for score, one in wanted.items():
        exact = score != "zero"
        np.testing.assert_allclose(
            score_map(picture, template, score)[0],
            one.numpy(),
            rtol=1e-15 if exact else 1e-9,
            atol=0 if exact else 1e-9,
        )
    ncc = score_map(picture, template, "ncc")[0]
    centred = windows - windows.mean(2, keepdim=True)
    own = flat - flat.mean(1, keepdim=True)
    theirs = ((centred * own).sum((1, 2)) / (centred.norm(dim=(1, 2)) * own.norm())).reshape(shape).numpy()
    plain = np.isnan(ncc)
    assert plain.sum() == max(0, 46 - size[0]) * max(0, 51 - size[1])
    np.testing.assert_allclose(ncc[~plain], theirs[~plain], rtol=1e-9, atol=1e-9)
    assert ncc[45, 50] == pytest.approx(1, abs=1e-15) and score_map(picture, template, "ssd")[0][45, 50] == 0


@pytest.mark.parametrize("largest", [255, 255**2, 3 * 255**2])
def test_sums_of_windows_are_exact_where_they_run_round(largest: int) -> None:
    plane = np.full((300, 280), largest, np.uint32)
    for size in ((1, 1), (64, 64), (256, 256), (300, 280)):
        sums = window_sums(plane, size, largest)
        assert (sums == largest * math.prod(size)).all()


PICTURE = np.random.default_rng(2).integers(0, 256, (60, 70, 3), dtype=np.uint8)


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize(("turn", "size"), [(0, 130), (30, 100), (-77, 160), (180, 100), (13, 200)])
def test_a_turned_patch_is_what_scipy_samples(channels: str, turn: int, size: int) -> None:
    planes, box = planes_of(PICTURE, channels), (20, 24, 15, 18)
    spec = MatchingSpec(turn=turn, size=size)
    patch = make_patch(planes, box, spec).pixels
    tall, wide = scaled_size(box, spec)
    assert patch.shape[:2] == (tall, wide)
    angle = math.radians(turn)
    v, u = np.mgrid[:tall, :wide] + 0.5
    v, u = (v - tall / 2) * 100 / size, (u - wide / 2) * 100 / size
    rows = 20 + 7 + u * math.sin(angle) + v * math.cos(angle)
    columns = 24 + 8.5 + u * math.cos(angle) - v * math.sin(angle)
    for k in range(planes.shape[2]):
        plane = planes[..., k].astype(float)
        theirs = map_coordinates(plane, [rows, columns], order=1, mode="nearest")
        assert np.abs(patch[..., k] - theirs).max() <= 0.5 + 1e-4


def test_quarter_turns_are_exact() -> None:
    planes, box = planes_of(PICTURE, "colour"), (20, 24, 16, 16)
    cut = make_patch(planes, box, MatchingSpec()).pixels
    for quarters in (1, 2, -1):
        turned = make_patch(planes, box, MatchingSpec(turn=90 * quarters)).pixels
        assert np.array_equal(turned, np.rot90(cut, quarters))


def test_half_the_size_is_the_mean_of_four() -> None:
    planes = planes_of(PICTURE, "grey")
    half = make_patch(planes, (20, 24, 16, 16), MatchingSpec(size=50)).pixels[..., 0]
    # Samples at a quarter and three quarters of each new pixel fall on the middles of the old ones.
    means = planes[20:36, 24:40, 0].reshape(8, 2, 8, 2).mean(axis=(1, 3))
    assert np.abs(half - means).max() <= 0.5


def test_light_contrast_and_noise_change_the_bytes() -> None:
    planes, box = planes_of(PICTURE, "grey"), (5, 6, 30, 30)
    cut = make_patch(planes, box, MatchingSpec()).pixels.astype(float)
    lit = make_patch(planes, box, MatchingSpec(light=40))
    assert np.array_equal(lit.pixels, np.minimum(cut + 40, 255))
    assert lit.clipped == (cut + 40 > 255).mean()
    weak = make_patch(planes, box, MatchingSpec(contrast=50)).pixels
    assert np.abs(weak - ((cut - cut.mean()) / 2 + cut.mean())).max() <= 0.5
    noisy = [make_patch(planes, box, MatchingSpec(noise=20)).pixels for _ in range(2)]
    assert np.array_equal(noisy[0], noisy[1])
    assert 10 < (noisy[0] - cut).std() < 25


def test_grey_is_pillows() -> None:
    rgb = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [7, 7, 7]]], np.uint8)
    assert planes_of(rgb, "grey")[0, :, 0].tolist() == [76, 150, 29, 7]


@examples(200)
@given(
    arrays.arrays(np.int64, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(-9, 9)),
    st.tuples(st.integers(1, 5), st.integers(1, 5)),
    st.integers(1, 8),
    st.sampled_from([0, 20, 50, 90, 100]),
    st.integers(-9, 9),
)
def test_peaks_are_greedy(scores: np.ndarray, size: tuple[int, int], most: int, overlap: int, least: int) -> None:
    found = find_peaks(scores.astype(float), size, most, overlap, least)
    left = {place: int(value) for place, value in np.ndenumerate(scores)}
    wanted: list[tuple[int, ...]] = []
    while left and len(wanted) < most:
        best = max(left, key=lambda place: (left[place], -place[0], -place[1]))
        if left[best] < least:
            break
        wanted.append(best)
        del left[best]
        for other in list(left):
            shared = max(0, size[0] - abs(best[0] - other[0])) * max(0, size[1] - abs(best[1] - other[1]))
            if shared * 100 > overlap * (2 * size[0] * size[1] - shared):
                del left[other]
    assert found == wanted


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("score", SCORES)
def test_the_template_is_found_where_it_was_cut_out(score: str, channels: str) -> None:
    trace = trace_matching(PICTURE, None, (11, 17, 12, 9), MatchingSpec(score=score, channels=channels))
    if score != "multiply":  # which is the point of the lesson
        assert trace.best == (11, 17)
    assert trace.home == (11, 17)
    at_home = trace.scores_at((11, 17))
    assert trace.share(at_home.of(score)) == pytest.approx(1)
    for match in trace.matches:
        assert match.score == pytest.approx(trace.scores_at((match.row, match.column)).of(score), rel=1e-12)
        assert match.share >= 0.8 - 1e-12
    bright = trace.scores_at(trace.brightest).mean
    assert (
        bright == max(trace.scores_at((r, c)).mean for r, c in product(range(0, 49, 7), range(0, 62, 7)))
        or bright > 0.4
    )


def test_multiply_prefers_white_to_the_template_itself() -> None:
    pixels = np.zeros((20, 40, 3), np.uint8)
    pixels[2:10, 2:10] = np.random.default_rng(0).integers(0, 200, (8, 8, 1))
    pixels[:, 25:] = 255
    trace = trace_matching(pixels, None, (2, 2, 8, 8), MatchingSpec(score="multiply"))
    assert trace.best[1] >= 25 and trace.best == (0, 25)
    assert trace.share(trace.scores_at(trace.best).multiply) > 1
    assert trace_matching(pixels, None, (2, 2, 8, 8), MatchingSpec(score="zero")).best == (2, 2)


def test_squared_differences_have_their_share_of_plain_paper() -> None:
    t = PICTURE[:8, :8, :1]
    perfect = compare(t, t)
    assert share_of(perfect.zero, "ssd", perfect) == 0
    assert share_of(0.0, "ssd", perfect) == 1
    plain = np.full((4, 4, 1), 9, np.uint8)
    assert math.isnan(share_of(1.0, "ssd", compare(plain, plain)))


@pytest.mark.parametrize("score", SCORES)
def test_a_plain_template(score: str) -> None:
    pixels = np.full((10, 10, 3), 90, np.uint8)
    pixels[5:, 5:] = 10
    spec = MatchingSpec(score=score)
    if score == "ncc":
        with pytest.raises(SpecError, match="one single colour"):
            trace_matching(pixels, None, (0, 0, 3, 3), spec)
    else:
        trace = trace_matching(pixels, None, (0, 0, 3, 3), spec)
        assert np.isfinite(trace.scores).all()
        assert len(trace_curve(trace, pixels).values) > 5


def test_a_plain_picture_has_no_normalised_score() -> None:
    plain = np.full((10, 10, 3), 90, np.uint8)
    with pytest.raises(SpecError, match="Every window"):
        trace_matching(plain, PICTURE, (0, 0, 3, 3), MatchingSpec())
    assert trace_matching(plain, PICTURE, (0, 0, 3, 3), MatchingSpec(score="ssd")).best == (0, 0)


def test_a_template_that_does_not_fit_says_what_would() -> None:
    with pytest.raises(SpecError, match=r"is 60×60 pixels, the picture only 40×90: no window fits. At 67 % it would"):
        trace_matching(np.zeros((40, 90, 3), np.uint8), PICTURE, (0, 0, 60, 60), MatchingSpec(source="cat"))
    with pytest.raises(SpecError, match="Choose a smaller rectangle"):
        trace_matching(PICTURE[:5, :5], PICTURE, (0, 0, 60, 60), MatchingSpec(source="cat"))


def test_the_smallest_picture() -> None:
    for score in ("multiply", "zero", "ssd"):
        trace = trace_matching(PICTURE[:1, :1], None, (0, 0, 1, 1), MatchingSpec(score=score))
        assert trace.scores.shape == (1, 1) and trace.best == (0, 0)


@pytest.mark.parametrize("against", CHANGES)
@pytest.mark.parametrize("score", SCORES)
def test_the_curve_is_what_the_sliders_give(score: str, against: str) -> None:
    spec = MatchingSpec(score=score, against=against, turn=20, noise=5)
    trace = trace_matching(PICTURE, None, (20, 24, 16, 16), spec)
    curve = trace_curve(trace, PICTURE)
    assert curve.values == tuple(sorted(set(curve.values)))
    assert (curve.values[0], curve.values[-1]) == RANGES[against]
    assert curve.now == getattr(spec, against) and curve.now in curve.values
    assert trace.home
    assert curve.now_share == pytest.approx(trace.share(trace.scores_at(trace.home).of(score)))


def test_the_curve_stops_where_the_window_leaves_the_picture() -> None:
    trace = trace_matching(PICTURE, None, (0, 0, 20, 20), MatchingSpec(against="size"))
    curve = trace_curve(trace, PICTURE)
    gone = [value for value, share in zip(curve.values, curve.shares, strict=True) if math.isnan(share)]
    assert gone and min(gone) > 100 and max(gone) == 200
    assert set(curve_values("turn", 13, 33)) >= {-180, 180, 0, 33}
