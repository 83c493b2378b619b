"""Plain loops, one cell after the other: the oracle where torch has no answer. Slow, and hard to get wrong."""

from itertools import product

import numpy as np


def each_window(x, kernel, stride, padding, dilation):
    """Yield (output cell, list of (tap, value or None outside the input)) for one plane."""
    sizes = [
        (n + before + after - d * (k - 1) - 1) // s + 1
        for n, k, s, (before, after), d in zip(x.shape, kernel, stride, padding, dilation, strict=True)
    ]
    for cell in product(*map(range, sizes)):
        taps = []
        for tap in product(*map(range, kernel)):
            at = tuple(
                o * s + t * d - before
                for o, t, s, (before, _), d in zip(cell, tap, stride, padding, dilation, strict=True)
            )
            inside = all(0 <= i < n for i, n in zip(at, x.shape, strict=True))
            taps.append((tap, x[at] if inside else None))
        yield cell, taps


def loop_convolve(x, weight, stride, padding, dilation, *, groups=1):
    """Correlate (C, *spatial) with (O, C / groups, *kernel), zero padding."""
    channels, outs = weight.shape[1], len(weight) // groups
    results = []
    for o in range(len(weight)):
        total = None
        for c in range(channels):
            plane = x[o // outs * channels + c]
            windows = list(each_window(plane, weight.shape[2:], stride, padding, dilation))
            sums = np.array(
                [sum(weight[o, c][tap] * value for tap, value in taps if value is not None) for _, taps in windows]
            )
            shape = [last + 1 for last in windows[-1][0]]
            total = sums.reshape(shape) + (0 if total is None else total)
        results.append(total)
    return np.array(results)


def loop_average(x, kernel, stride, padding, dilation, *, count_include_pad):
    """Average the windows of one plane (dilation allowed, no ceil mode)."""
    windows = list(each_window(x, kernel, stride, padding, dilation))
    means = []
    for _, taps in windows:
        values = [value for _, value in taps if value is not None]
        means.append(sum(values) / (len(taps) if count_include_pad else max(len(values), 1)))
    return np.array(means).reshape([last + 1 for last in windows[-1][0]])


def loop_max(x, kernel, stride, padding, dilation):
    """Give the largest values and their flat indices, the first of equals."""
    values, indices = [], []
    numbers = np.arange(x.size).reshape(x.shape)
    windows = list(each_window(x, kernel, stride, padding, dilation))
    for (_, taps), (_, places) in zip(windows, each_window(numbers, kernel, stride, padding, dilation), strict=True):
        real = [(value, place) for (_, value), (_, place) in zip(taps, places, strict=True) if value is not None]
        best = max(real, key=lambda pair: pair[0])
        values.append(best[0])
        indices.append(best[1])
    shape = [last + 1 for last in windows[-1][0]]
    return np.array(values).reshape(shape), np.array(indices).reshape(shape)


def loop_transpose(x, weight, stride, padding, dilation, *, output_padding):
    """Paint (C, *spatial) with (C, out, *kernel), then cut the padding off."""
    kernel = weight.shape[2:]
    grown = [
        (n - 1) * s + d * (k - 1) + 1 + extra
        for n, s, d, k, extra in zip(x.shape[1:], stride, dilation, kernel, output_padding, strict=True)
    ]
    out = np.zeros((weight.shape[1], *grown), np.result_type(x, weight))
    for c, o in product(range(len(x)), range(weight.shape[1])):
        for cell in product(*map(range, x.shape[1:])):
            for tap in product(*map(range, kernel)):
                at = tuple(i * s + t * d for i, t, s, d in zip(cell, tap, stride, dilation, strict=True))
                out[(o, *at)] += x[(c, *cell)] * weight[(c, o, *tap)]
    return out[
        (slice(None), *(slice(before, size - after) for size, (before, after) in zip(grown, padding, strict=True)))
    ]
