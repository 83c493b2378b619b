"""A convolution along one axis, computed for the stage as the convolution of a grid of one row.

>>> trace = trace_signal(SignalSpec())
>>> trace.values.tolist()[0][:4], trace.weight.tolist(), trace.output.tolist()[0][:2]
([5, 7, 0, 2], [[-1, 3, -1]], [16, -9])
>>> trace_signal(SignalSpec(size=2))
Traceback (most recent call last):
cnnviz.errors.SpecError: The kernel reaches over 3 cells, but the padded input has only 2: 1 too few. Add padding, or \
take a kernel of at most 2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.grids import CUSTOM, GridSource, Number, Pair
from cnnviz.engine.patterns import fill_kernel
from cnnviz.errors import SpecError
from cnnviz.lessons.convolution.spec import ConvolutionSpec
from cnnviz.lessons.convolution.trace import ConvolutionTrace, check_convolution, resolve_padding, trace_convolution
from cnnviz.lessons.signals.spec import BOUNDS, SignalSpec
from cnnviz.state.query import Sides

Row = NDArray[np.int64] | NDArray[np.float64]

LECTURE_SIGNAL = (5, 7, 0, 2, 6, 1, 3, 8, 4)
LECTURE_KERNEL = (-1, 3, -1)
LOUDEST_NOISE = 2
TENTHS = 10

_SHARED = {
    "identity": "identity",
    "average": "box",
    "smooth": "gaussian",
    "difference": "difference",
    "slope": "sobel-x",
    "ones": "ones",
    "random": "random",
}
"""Kernels of one row that are those of the Convolution page: our word and its word."""


def trace_signal(spec: SignalSpec) -> ConvolutionTrace:
    """Compute a signal's convolution, or say which setting makes it impossible."""
    try:
        return trace_convolution(as_grid(spec))
    except SpecError as error:
        raise _along_one_axis(error) from None


def check_signal(spec: SignalSpec) -> None:
    """Say which setting makes a spec impossible, without computing anything."""
    try:
        check_convolution(_settings(spec))
    except SpecError as error:
        raise _along_one_axis(error) from None


def signal_padding(spec: SignalSpec) -> Pair:
    """Turn ``"valid"``, ``"same"`` and ``"full"`` into cells before and after."""
    try:
        return resolve_padding(_settings(spec))[1]
    except SpecError as error:
        raise _along_one_axis(error) from None


@lru_cache(maxsize=1024)
def as_grid(spec: SignalSpec) -> ConvolutionSpec:
    """Write a signal as a grid of one row: the same arithmetic, with one axis that does nothing."""
    return replace(_settings(spec), values=_signal(spec), weights=_kernel(spec), seed=spec.seed)


def _settings(spec: SignalSpec) -> ConvolutionSpec:
    """Write everything but the numbers, on which nothing hangs that can be impossible."""
    padding: str | Sides = spec.padding if isinstance(spec.padding, str) else ((0, 0), spec.padding)
    return ConvolutionSpec(
        size=(1, spec.size),
        kernel=(1, spec.kernel),
        stride=(1, spec.stride),
        padding=padding,
        dilation=(1, spec.dilation),
        mode=spec.mode,
        flip=spec.flip,
    )


def _along_one_axis(error: SpecError) -> SpecError:
    """There are no rows and columns to tell apart."""
    return SpecError(error.field, error.message.removeprefix("In the columns: "))


def _signal(spec: SignalSpec) -> GridSource:
    if spec.values.pattern == CUSTOM:
        return spec.values
    return GridSource(CUSTOM, (_signal_row(spec.values.pattern, spec.size, spec.seed),), spec.values.edits)


@lru_cache(maxsize=1024)
def _signal_row(pattern: str, size: int, seed: int) -> tuple[Number, ...]:
    return tuple(fill_signal(pattern, size, seed).tolist())


def _kernel(spec: SignalSpec) -> GridSource:
    if spec.weights.pattern == CUSTOM:
        return spec.weights
    return GridSource(CUSTOM, (_kernel_row(spec.weights.pattern, spec.kernel, spec.seed),), spec.weights.edits)


@lru_cache(maxsize=1024)
def _kernel_row(pattern: str, size: int, seed: int) -> tuple[Number, ...]:
    if pattern in _SHARED:
        return tuple(fill_kernel(GridSource(_SHARED[pattern]), (1, size), seed)[0].tolist())
    cells: dict[str, tuple[Number, ...]] = {
        "lecture": tuple(LECTURE_KERNEL[at % len(LECTURE_KERNEL)] for at in range(size)),
        "counting": tuple(range(1, size + 1)),
        "echo": tuple(0.5**at for at in range(size)),
    }
    return cells[pattern]


def fill_signal(pattern: str, size: int, seed: int = 0) -> Row:
    """Fill a signal of any length; a longer one begins like a shorter one where its shape allows it.

    >>> fill_signal("pulse", 6).tolist(), fill_signal("step", 5).tolist()
    ([0, 0, 6, 6, 0, 0], [0, 0, 0, 6, 6])
    """
    return _SIGNALS[pattern](np.arange(size), seed)


@lru_cache(maxsize=1024)
def _noise(seed: int) -> NDArray[np.int64]:
    """Draw the longest noise of a seed, in tenths: a shorter one is its beginning."""
    return np.random.default_rng((seed, 3)).integers(-LOUDEST_NOISE * TENTHS, LOUDEST_NOISE * TENTHS + 1, 24)


def _step(at: NDArray[np.int64]) -> NDArray[np.int64]:
    return 6 * (at >= (at.size + 1) // 2)


def _wave(at: NDArray[np.int64]) -> NDArray[np.float64]:
    wave: NDArray[np.float64] = np.rint(40 * np.sin(2 * np.pi * at / 12)) / TENTHS
    return wave


_SIGNALS: dict[str, Callable[[NDArray[np.int64], int], Row]] = {
    "lecture": lambda at, _: np.resize(LECTURE_SIGNAL, at.size),
    "counting": lambda at, _: at + 1,
    "impulse": lambda at, _: 1 * (at == (at.size - 1) // 2),
    "step": lambda at, _: _step(at),
    "pulse": lambda at, _: 6 * ((at >= at.size // 3) & (at < at.size - at.size // 3)),
    "ramp": lambda at, _: at,
    "wave": lambda at, _: _wave(at),
    "noise": lambda at, seed: _noise(seed)[: at.size] / TENTHS,
    "noisy-step": lambda at, seed: (_step(at) * TENTHS + _noise(seed)[: at.size]) / TENTHS,
    "noisy-wave": lambda at, seed: np.rint(_wave(at) * TENTHS + _noise(seed)[: at.size]) / TENTHS,
    "ones": lambda at, _: np.ones(at.size, int),
}

assert len(LECTURE_SIGNAL) <= BOUNDS["input"][1]
