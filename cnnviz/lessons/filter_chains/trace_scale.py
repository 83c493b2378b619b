"""Scale space: pyramids with and without blur, what a Laplacian pyramid keeps, and Gaussians taken from each other.

>>> board = (np.indices((8, 8)).sum(axis=0) % 2 * 255).astype(np.uint8)  # a checkerboard of single pixels
>>> [round(float(half[1].mean())) for half in (pyramid(board, 1, 1.0), pyramid(board, 1, 0.0))]  # grey, and black
[126, 0]
>>> trace = trace_laplace(board, FilterChainsSpec(view="scale", what="laplace"))
>>> [part.shape for part in (*trace.details, trace.rest)], trace.error < 1e-4
([(8, 8), (4, 4), (2, 2)], True)

Half of a picture is every second row and column, from the first on. Borders are repeated.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.settings import Array
from cnnviz.lessons.filter_chains.spec import FilterChainsSpec
from cnnviz.lessons.filter_chains.trace import Grey
from cnnviz.lessons.filter_chains.trace_gradient import bell, smooth

FLOAT_RANGE = 1e-3
"""An error this small, in grey levels, is the rounding of 32-bit numbers."""


@dataclass(frozen=True, eq=False)
class AliasTrace:
    """One level of a pyramid, made with and without blur, and how both take a move by one pixel."""

    spec: FilterChainsSpec
    blurred: Array
    dropped: Array
    moved: tuple[float, float]
    """How much a pixel changes on average when the picture moves by one pixel: with blur, and without."""
    means: tuple[float, float, float]
    """The mean of the picture, of the level with blur, of the level without."""
    deviations: tuple[float, float, float]
    """Their standard deviations."""


@dataclass(frozen=True, eq=False)
class LaplaceTrace:
    """What each halving loses, the small rest, and the picture put together again."""

    spec: FilterChainsSpec
    details: tuple[Array, ...]
    """Level by level, the finest first: what the enlarged next level does not know."""
    rest: Array
    rebuilt: Array
    error: float
    """The largest difference from the picture."""
    weak: tuple[float, ...]
    """For each detail: the part of its numbers between -4 and 4."""


@dataclass(frozen=True, eq=False)
class DogTrace:
    """A difference of two Gaussians beside the Laplacian of one."""

    spec: FilterChainsSpec
    wide: float
    """The larger sigma."""
    middle: float
    """The sigma of the Laplacian whose zeros lie where those of the difference lie."""
    factor: float
    """What the Laplacian is multiplied by: the difference of the squared sigmas over two."""
    dog_kernel: Array
    log_kernel: Array
    narrow_blur: Array
    wide_blur: Array
    dog: Array
    log: Array
    kernels_match: float
    """The correlation of the two kernels' weights."""
    pictures_match: float
    """The correlation of the two pictures' pixels."""


def pyramid(picture: Array, levels: int, sigma: float) -> list[Array]:
    """Halve a picture again and again, each time blurred first; sigma 0: without a blur.

    >>> [level.shape for level in pyramid(np.zeros((5, 8)), 2, 1.0)]
    [(5, 8), (3, 4), (2, 2)]
    """
    made: list[Array] = [picture.astype(np.float32) if sigma else picture]
    for _ in range(levels):
        level = made[-1]
        made.append(np.ascontiguousarray((smooth(level, bell(sigma)) if sigma else level)[::2, ::2]))
    return made


def trace_alias(picture: Grey, spec: FilterChainsSpec) -> AliasTrace:
    """Make one level both ways, of the picture and of the picture moved by one pixel."""
    levels, sigma = spec.levels, spec.sigma
    first = smooth(picture, bell(sigma))
    blurred = pyramid(first[::2, ::2], levels - 1, sigma)[-1]
    step = 2**levels
    dropped = picture[::step, ::step]
    moved = 0.0, 0.0
    if picture.shape[1] > step:
        # Sampled one pixel further on, the blurred picture is the blur of the moved one: blurring moves along.
        other = pyramid(first[::2, 1::2], levels - 1, sigma)[-1]
        moved = _apart(blurred, other), _apart(dropped, picture[::step, 1::step])
    means, deviations = zip(
        *((float(one.mean()), float(one.std())) for one in (picture, blurred, dropped)), strict=True
    )
    return AliasTrace(spec, blurred, np.ascontiguousarray(dropped), moved, means, deviations)


def _moments(array: Array) -> tuple[float, float]:
    """Give mean and standard deviation."""
    values = array.astype(np.float32).ravel()
    mean = float(values.mean())
    values -= np.float32(mean)
    return mean, math.sqrt(float(np.dot(values, values)) / values.size)


def _apart(one: Array, other: Array) -> float:
    """Give the mean absolute difference of what both have."""
    rows, columns = (min(a, b) for a, b in zip(one.shape, other.shape, strict=True))
    return float(np.abs(one[:rows, :columns].astype(np.float32) - other[:rows, :columns]).mean())


def enlarge(level: Array, shape: tuple[int, int], sigma: float) -> Array:
    """Double a picture: zeros between its pixels, a blur, and divided by the same done to ones.

    >>> enlarge(np.full((2, 2), 7.0), (3, 4), 1.0).round(4).tolist()
    [[7.0, 7.0, 7.0, 7.0], [7.0, 7.0, 7.0, 7.0], [7.0, 7.0, 7.0, 7.0]]
    """
    spread = np.zeros(shape, np.float32)
    spread[::2, ::2] = level
    weights = bell(sigma)
    down, along = (_share(size, weights) for size in shape)
    blurred = smooth(spread, weights)
    blurred /= down[:, None] * along
    return blurred


def _share(size: int, weights: NDArray[np.float64]) -> Array:
    """Blur a line of ones and zeros in turn: how much of the weights falls on pixels that are there."""
    line = np.zeros((size, 1), np.float32)
    line[::2] = 1
    return smooth(line, weights, np.ones(1))[:, 0]


def trace_laplace(picture: Grey, spec: FilterChainsSpec) -> LaplaceTrace:
    """Take each level apart into the next one and what that does not know, and put all together again."""
    levels = pyramid(picture, spec.details, spec.sigma)
    details = []
    guesses = []
    for level, smaller in itertools.pairwise(levels):
        guesses.append(enlarge(smaller, level.shape, spec.sigma))
        details.append(level - guesses[-1])
    rebuilt = levels[-1]
    for number in reversed(range(len(details))):
        last = number == len(details) - 1
        guess = guesses[number] if last else enlarge(rebuilt, details[number].shape, spec.sigma)
        rebuilt = guess if number < spec.dropped else guess + details[number]
    error = float(np.abs(rebuilt - levels[0]).max())
    weak = tuple(float(np.count_nonzero(np.abs(one) < 4)) / one.size for one in details)
    return LaplaceTrace(spec, tuple(details), levels[-1], rebuilt, error, weak)


def gaussian_kernels(sigma: float, ratio: float) -> tuple[Array, Array, float, float]:
    """Give the difference of two bells, the Laplacian of a bell between them, that bell's sigma, and the factor.

    >>> dog, log, middle, factor = gaussian_kernels(1.0, 1.6)
    >>> dog.shape == log.shape, bool(abs(dog.sum()) < 1e-12), round(middle, 3), round(factor, 2)
    (True, True, 1.242, 0.78)
    """
    wide = sigma * ratio
    outer, inner = bell(wide), bell(sigma)
    inner = np.pad(inner, (len(outer) - len(inner)) // 2)
    dog = np.outer(outer, outer) - np.outer(inner, inner)
    middle = wide * sigma * math.sqrt(2 * math.log(ratio) / (wide**2 - sigma**2))
    flat, curved = _curve(middle, len(outer) // 2)
    factor = (wide**2 - sigma**2) / 2
    log = factor * (np.outer(curved, flat) + np.outer(flat, curved))
    return dog, log, middle, factor


def _curve(sigma: float, reach: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sample a bell and its second derivative, as far as the kernel reaches; the derivative's sum is 0."""
    place = np.arange(-reach, reach + 1)
    wave = np.exp(-0.5 * (place / sigma) ** 2)
    wave /= wave.sum()
    curved = (place**2 / sigma**4 - 1 / sigma**2) * wave
    return wave, curved - wave * curved.sum()


def trace_dog(picture: Grey, spec: FilterChainsSpec) -> DogTrace:
    """Blur twice and subtract; and filter with the Laplacian of a Gaussian, as two products of a column and a row."""
    dog_kernel, log_kernel, middle, factor = gaussian_kernels(spec.sigma, spec.ratio)
    wide = spec.sigma * spec.ratio
    plane = picture.astype(np.float32)
    narrow_blur, wide_blur = smooth(plane, bell(spec.sigma)), smooth(plane, bell(wide))
    dog = wide_blur - narrow_blur
    flat, curved = _curve(middle, len(dog_kernel) // 2)
    log = smooth(plane, curved * factor, flat)
    log += smooth(plane, flat * factor, curved)
    return DogTrace(
        spec, wide, middle, factor, dog_kernel, log_kernel, narrow_blur, wide_blur, dog, log,
        correlation(dog_kernel, log_kernel), correlation(dog, log),
    )  # fmt: skip


def correlation(one: Array, other: Array) -> float:
    """Give the correlation of two arrays, from -1 to 1; 1 if neither has anything in it.

    >>> correlation(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.5])).__round__(4)
    0.9979
    """
    a, b = (part.ravel() - float(part.mean(dtype=np.float64)) for part in (one, other))
    length = math.sqrt(float(np.dot(a, a)) * float(np.dot(b, b)))
    return float(np.dot(a, b)) / length if length else 1.0
