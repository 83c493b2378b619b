"""Is a large convolution as fast as the fastest rival? `python -m tests.benchmarks.engine` prints the ratios.

Everything runs on one thread, as the server runs it, on a float32 picture of 1024 x 1024 with zero
padding "same". The rivals: torch.nn.functional.conv2d; scipy.ndimage.correlate (correlate1d twice for
a separable kernel); scipy.signal.fftconvolve and oaconvolve; and numpy's shifted adds, one a tap.
A ratio is our best time over the best rival's; all rounds are interleaved, so that a busy machine
hurts everybody alike.
"""

# ruff: noqa: E402 - the threads have to be limited before numpy starts them

from __future__ import annotations

import os

for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import time
from collections.abc import Callable

import numpy as np
import scipy.ndimage
import scipy.signal
import torch

from cnnviz.engine.convolution import convolve
from cnnviz.engine.fast import choose_method
from cnnviz.engine.settings import layer_axes
from cnnviz.engine.windows import pad

SIDE = 1024
KERNELS = (3, 5, 7, 15, 31)
TARGET = 1.15
ROUNDS = 7
Array = np.ndarray
Run = Callable[[], object]


def shifted_adds(x: Array, kernel: Array) -> Array:
    size = len(kernel)
    padded = np.pad(x, size // 2)
    out = np.zeros_like(x)
    scratch = np.empty_like(x)
    for row in range(size):
        for col in range(size):
            np.multiply(padded[row : row + len(x), col : col + len(x)], kernel[row, col], out=scratch)
            out += scratch
    return out


def shifted_adds_separable(x: Array, column: Array, row: Array) -> Array:
    size = len(column)
    padded = np.pad(x, size // 2)
    middle = sum(padded[tap : tap + len(x)] * column[tap] for tap in range(size))
    return sum(middle[:, tap : tap + len(x)] * row[tap] for tap in range(size))


def rivals(x: Array, kernel: Array, factors: tuple[Array, Array] | None) -> dict[str, Run]:
    size = len(kernel)
    image, weight = torch.from_numpy(x)[None, None], torch.from_numpy(kernel)[None, None]
    turned = np.ascontiguousarray(kernel[::-1, ::-1])
    runs: dict[str, Run] = {
        "torch": lambda: torch.nn.functional.conv2d(image, weight, padding=size // 2),
        "fftconvolve": lambda: scipy.signal.fftconvolve(x, turned, mode="same"),
        "oaconvolve": lambda: scipy.signal.oaconvolve(x, turned, mode="same"),
    }
    if size <= 15:  # beyond, they take most of a second and are never the fastest
        runs["ndimage"] = lambda: scipy.ndimage.correlate(x, kernel, mode="constant")
        runs["numpy"] = lambda: shifted_adds(x, kernel)
    if factors is not None:
        column, row = factors
        tall, wide = torch.from_numpy(column)[None, None, :, None], torch.from_numpy(row)[None, None, None]
        conv = torch.nn.functional.conv2d
        runs["torch twice"] = lambda: conv(conv(image, tall, padding=(size // 2, 0)), wide, padding=(0, size // 2))
        runs["ndimage twice"] = lambda: scipy.ndimage.correlate1d(
            scipy.ndimage.correlate1d(x, column, axis=0, mode="constant"), row, axis=1, mode="constant"
        )
        runs["numpy twice"] = lambda: shifted_adds_separable(x, column, row)
    return runs


def best_times(runs: dict[str, Run], rounds: int = ROUNDS) -> dict[str, float]:
    """Milliseconds of the best round of each; the slow ones drop out after the first round."""
    best = dict.fromkeys(runs, float("inf"))
    for turn in range(rounds + 1):
        for name, run in runs.items():
            if turn > 1 and best[name] > 4 * min(best.values()):
                continue
            start = time.perf_counter()
            run()
            elapsed = (time.perf_counter() - start) * 1e3
            if turn:  # the first round only warms up
                best[name] = min(best[name], elapsed)
    return best


def measure(size: int, separable: bool, rng: np.random.Generator) -> tuple[str, float]:
    x = rng.random((SIDE, SIDE), dtype=np.float32)
    column, row = rng.random(size, dtype=np.float32), rng.random(size, dtype=np.float32)
    kernel = np.outer(column, row) if separable else rng.random((size, size), dtype=np.float32)
    weight = kernel[None, None]
    runs = {"ours": lambda: convolve(x[None], weight, padding="same")}
    times = best_times(runs | rivals(x, kernel, (column, row) if separable else None))
    ours = times.pop("ours")
    rival = min(times, key=lambda name: times[name])
    axes = layer_axes(x.shape, kernel.shape, padding="same")
    method = choose_method(pad(x[None, None], axes), weight, axes, 1)
    ratio = ours / times[rival]
    kind = "separable" if separable else "dense"
    name = f"{size}x{size}"
    verdict = "" if ratio <= TARGET else "  <- above the target"
    return f"{name:>6} {kind:10} {method:10} {ours:7.1f} {times[rival]:7.1f}  {rival:14} {ratio:5.2f}{verdict}", ratio


def main() -> None:
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    print(f"Convolution of {SIDE} x {SIDE} float32, one channel, zero padding; 1 thread; best of {ROUNDS}, ms")
    print(f"{'kernel':>6} {'':10} {'method':10} {'ours':>7} {'rival':>7}  {'fastest rival':14} ratio")
    worst = 0.0
    for separable in (False, True):
        for size in KERNELS:
            line, ratio = measure(size, separable, rng)
            worst = max(worst, ratio)
            print(line, flush=True)
    print(f"worst ratio {worst:.2f}, target {TARGET}")


if __name__ == "__main__":
    main()
