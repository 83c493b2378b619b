"""Three fast ways to correlate one large plane of floats; `fast.py` says when each is worth it.

>>> rows, cols = axis_windows(4, 3), axis_windows(3, 2)
>>> plane, kernel = np.arange(12.0).reshape(4, 3), np.array([[1.0, 2.0], [0.0, 0.0], [2.0, 4.0]])
>>> out = np.empty((2, 2))
>>> for way in (by_bands, by_separable, by_fft):
...     way(plane, kernel, rows, cols, out)
...     np.round(out, 9).tolist()
[[42.0, 51.0], [69.0, 78.0]]
[[42.0, 51.0], [69.0, 78.0]]
[[42.0, 51.0], [69.0, 78.0]]

Each takes a padded plane, a kernel of the same type, the windows of both axes, and the array to fill.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from cnnviz.engine.settings import Array
from cnnviz.engine.windows import AxisWindows, axis_windows  # noqa: F401 - the doctest maps two axes

# OpenBLAS multiplies without packing, and without threads, up to this many multiplications.
SMALL_PRODUCT = 1_000_000
BAND_ROWS = 16
SEPARABLE_ROWS, SEPARABLE_COLUMNS = 32, 64
# Up to here, adding shifted lines is faster than a product with a band matrix.
FEW_TAPS = 9


def by_bands(plane: Array, kernel: Array, rows: AxisWindows, cols: AxisWindows, out: Array) -> None:
    """Make a block of output rows by one product for each kernel column.

    A kernel column, repeated down the diagonal of a band matrix, correlates a whole block of rows.
    Most of the band is zeros, and yet a product in cache beats adding shifted images tap by tap.
    """
    bands = [_band(taps, rows, BAND_ROWS) for taps in kernel.T]
    across = _even_share(cols.size, SMALL_PRODUCT // bands[0].size)
    scratch = np.empty((BAND_ROWS, across), plane.dtype)
    for top in range(0, rows.size, BAND_ROWS):
        count = min(BAND_ROWS, rows.size - top)
        reach = (count - 1) * rows.stride + _reach(rows)
        strip = plane[top * rows.stride : top * rows.stride + reach]
        for left in range(0, cols.size, across):
            result = out[top : top + count, left : left + across]
            product = scratch[:count, : result.shape[1]]
            for tap, band in enumerate(bands):
                start = left * cols.stride + tap * cols.dilation
                shifted = strip[:, start : start + (result.shape[1] - 1) * cols.stride + 1 : cols.stride]
                np.matmul(band[:count, :reach], shifted, out=product if tap else result)
                if tap:
                    np.add(result, product, out=result)


def by_separable(plane: Array, kernel: Array, rows: AxisWindows, cols: AxisWindows, out: Array) -> None:
    """Correlate with a column, then with a row; a strip at a time, so that the first result stays in cache."""
    factors = factor(kernel)
    assert factors is not None, "fast.py asks for this way only when there are factors"
    column, row = factors
    down = None if few(rows) else _band(column, rows, SEPARABLE_ROWS)
    along = None if few(cols) else np.ascontiguousarray(_band(row, cols, SEPARABLE_COLUMNS).T)
    width = plane.shape[1]
    scratch = np.empty((3, SEPARABLE_ROWS, width), plane.dtype)
    for top in range(0, rows.size, SEPARABLE_ROWS):
        result = out[top : top + SEPARABLE_ROWS]
        count = len(result)
        strip, sums, spare = scratch[:, :count]
        reach = (count - 1) * rows.stride + _reach(rows)
        lines = plane[top * rows.stride : top * rows.stride + reach]
        if down is None:
            _add_taps(lines, column, rows.dilation * width, strip, spare)
        else:
            np.matmul(down[:count, :reach], lines, out=strip)
        if along is None:
            _add_taps(strip, row, cols.dilation, sums, spare)
            result[...] = sums[:, : cols.size]
        else:
            _multiply_along(strip, along, cols, result)


def _add_taps(lines: Array, taps: Array, step: int, out: Array, scratch: Array) -> None:
    """Add shifted copies of the lines, as one long line each: three times faster than line by line.

    Shifted along a line, the ends of the lines run into the next; the caller cuts those cells off.
    """
    source, total, product = lines.ravel(), out.ravel(), scratch.ravel()
    length = min(total.size, source.size - (len(taps) - 1) * step)
    total, product = total[:length], product[:length]
    np.multiply(source[:length], taps[0], out=total)
    for tap, weight in enumerate(taps[1:], start=1):
        np.multiply(source[tap * step : tap * step + length], weight, out=product)
        np.add(total, product, out=total)


def _multiply_along(strip: Array, along: Array, cols: AxisWindows, out: Array) -> None:
    """Correlate along the columns by one product for each block of outputs."""
    for left in range(0, cols.size, SEPARABLE_COLUMNS):
        result = out[:, left : left + SEPARABLE_COLUMNS]
        width = result.shape[1]
        reach = (width - 1) * cols.stride + _reach(cols)
        np.matmul(strip[:, left * cols.stride : left * cols.stride + reach], along[:reach, :width], out=result)


def by_fft(plane: Array, kernel: Array, rows: AxisWindows, cols: AxisWindows, out: Array) -> None:
    """Multiply spectra; then keep the part that did not wrap round.

    The error is that of float rounding relative to the brightest part of the plane, not to each window.

    `norm` halves the time: numpy's transforms stay in single precision only if they have to scale by
    something. So every one of the three scales by the root of the size, and the kernel makes up for one.
    """
    height, width = (_smooth_size(size) for size in plane.shape)
    spectrum = _spectrum(plane, height, width)
    turned = kernel[::-1, ::-1] * kernel.dtype.type(math.sqrt(height * width))
    spectrum *= _spectrum(_spread(turned, rows.dilation, cols.dilation), height, width)
    np.fft.ifft(spectrum, axis=0, norm="ortho", out=spectrum)
    top, left = _reach(rows) - 1, _reach(cols) - 1
    lines = spectrum[top : top + (rows.size - 1) * rows.stride + 1 : rows.stride]
    image = np.fft.irfft(lines, n=width, axis=1, norm="ortho")
    out[...] = image[:, left : left + (cols.size - 1) * cols.stride + 1 : cols.stride]


def few(axis: AxisWindows) -> bool:
    """Say whether shifted additions beat a band matrix."""
    return axis.kernel <= FEW_TAPS and axis.stride == 1


def factor(kernel: Array) -> tuple[Array, Array] | None:
    """Split a kernel into a column and a row whose product it is, or find that there is no such pair.

    >>> column, row = factor(np.array([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0]]))
    >>> column.tolist(), row.tolist()
    ([1.0, 2.0], [1.0, 2.0, 1.0])
    >>> factor(np.eye(3)) is None
    True

    The row through the largest weight is the only candidate. Whole numbers get whole factors, so that
    sums of them stay exact; other kernels must agree in every weight as far as its type can tell.
    """
    exact = kernel.astype(np.float64)
    i, j = np.unravel_index(np.abs(exact).argmax(), exact.shape)
    peak = exact[i, j]
    if peak == 0 or not np.isfinite(peak):
        return None
    row = exact[i]
    whole = bool((exact == np.rint(exact)).all()) and abs(peak) < 2**53
    if whole:
        row = row / np.gcd.reduce(row.astype(np.int64))
    column = exact[:, j] / row[j]
    difference = np.abs(np.outer(column, row) - exact)
    allowed = 0 if whole else 4 * np.finfo(kernel.dtype).eps
    if (difference > allowed * np.abs(exact)).any():
        return None
    return column.astype(kernel.dtype), row.astype(kernel.dtype)


def _band(taps: Array, axis: AxisWindows, outputs: int) -> Array:
    """Write the taps down a diagonal: one row of the matrix an output, as far as `outputs` windows reach."""
    band = np.zeros((outputs, (outputs - 1) * axis.stride + _reach(axis)), taps.dtype)
    output = np.arange(outputs)
    for tap, weight in enumerate(taps):
        band[output, output * axis.stride + tap * axis.dilation] = weight
    return band


def _reach(axis: AxisWindows) -> int:
    """Count the cells from the first tap to the last."""
    return (axis.kernel - 1) * axis.dilation + 1


def _even_share(total: int, most: int) -> int:
    """Cut a length into as few equal parts as `most` allows, so that no sliver is left at the end."""
    parts = -(-total // max(most, 1))
    return -(-total // parts)


def _spread(kernel: Array, down: int, along: int) -> Array:
    """Put the zeros of a dilation between the taps."""
    if down == along == 1:
        return kernel
    height, width = kernel.shape
    spread = np.zeros(((height - 1) * down + 1, (width - 1) * along + 1), kernel.dtype)
    spread[::down, ::along] = kernel
    return spread


def _spectrum(plane: Array, height: int, width: int) -> Array:
    """Transform a plane, padded with zeros to height and width, scaled by the root of its size."""
    rows, cols = plane.shape
    spectrum = np.empty((height, width // 2 + 1), np.result_type(plane.dtype, np.complex64))
    # numpy pads inside its transform as well, but takes longer for it than this copy.
    lines = np.zeros((rows, width), plane.dtype)
    lines[:, :cols] = plane
    np.fft.rfft(lines, axis=1, norm="ortho", out=spectrum[:rows])
    spectrum[rows:] = 0
    np.fft.fft(spectrum, axis=0, norm="ortho", out=spectrum)
    return spectrum


@lru_cache(maxsize=256)
def _smooth_size(least: int) -> int:
    """Find the next even size that has only small factors, which is what a fast transform is made of.

    >>> _smooth_size(1054), _smooth_size(7)
    (1056, 8)
    """
    size = least + least % 2
    while True:
        rest = size
        for prime in (2, 3, 5, 7, 11):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return size
        size += 2
