"""The convolution of a short film, computed with everything that there is to see of it.

Nothing here is about volumes but the number of axes: time is mapped as rows and columns are.

>>> trace = trace_volumes(VolumesSpec())
>>> trace.output.shape, [frame.max().item() for frame in trace.outputs]
((2, 3, 3), [3, 3])
>>> trace.time.reads[1].tolist()  # the last output frame reads three frames
[1, 2, 3]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from cnnviz.engine.convolution import correlate_plane
from cnnviz.engine.windows import AxisWindows, axis_windows, pad
from cnnviz.errors import SpecError
from cnnviz.lessons.volumes.spec import Triple, VolumesSpec
from cnnviz.lessons.volumes.trace_patterns import Array, fill_film, fill_volume_kernel, middle
from cnnviz.state.indexed import Edits

AXES = ("In time", "In the rows", "In the columns")
MOVED = {1: (0,), 2: (1, 2), 3: (0, 1, 2)}
"""Along which axes a kernel of so many dimensions moves: frames, rows, columns."""

Frames = tuple[Array, ...]
Windows3 = tuple[AxisWindows, AxisWindows, AxisWindows]


@dataclass(frozen=True, eq=False)
class Film:
    """The input: its `values`, the `padded` film, and that one frame by frame. All padding frames are one array."""

    values: Array
    padded: Array
    frames: Frames


@dataclass(frozen=True, eq=False)
class Kernel:
    """The weights, and the same frame by frame."""

    weight: Array
    slices: Frames


@dataclass(frozen=True)
class VolumesTrace:
    """A spec with its numbers, as arrays of frames, rows and columns and as one plane a frame.

    An axis along which the kernel does not move has a kernel of one cell. With one dimension, the film is only the
    `pixel` in the middle. As long as they hold the same, film and kernel are the same objects.
    """

    spec: VolumesSpec
    time: AxisWindows
    rows: AxisWindows
    columns: AxisWindows
    film: Film
    kernel: Kernel
    output: Array
    outputs: Frames

    @property
    def axes(self) -> tuple[AxisWindows, AxisWindows]:
        """The index maps of a frame, rows first."""
        return self.rows, self.columns

    @property
    def moved(self) -> tuple[AxisWindows, ...]:
        """The index maps of the axes along which the kernel moves."""
        return tuple((self.time, self.rows, self.columns)[axis] for axis in MOVED[self.spec.dims])

    @property
    def pixel(self) -> tuple[int, int]:
        """The pixel that a kernel of one dimension looks at: row and column."""
        return middle(self.spec.size[1]), middle(self.spec.size[2])


def trace_volumes(spec: VolumesSpec) -> VolumesTrace:
    """Compute a convolution of a film, or say which setting makes it impossible.

    >>> trace_volumes(VolumesSpec(size=(2, 5, 5)))
    Traceback (most recent call last):
    cnnviz.errors.SpecError: In time: The kernel reaches over 3 cells, but the padded input has only 2: 1 too few. \
Add padding, or take a kernel of at most 2.
    """
    axes = check_volumes(spec)
    padding = _triple(axis.padding[0] for axis in axes)
    film = _film(spec.values, spec.value_edits, spec.size, padding, spec.dims == 1, spec.seed)
    moves = spec.dims != 2, spec.dims != 1
    kernel = _kernel(spec.weights, spec.weight_edits, spec.kernel, moves, spec.seed)
    output = correlate_plane(film.padded, kernel.weight, axes)
    output.setflags(write=False)
    return VolumesTrace(spec, *axes, film, kernel, output, tuple(output))


def check_volumes(spec: VolumesSpec) -> Windows3:
    """Map the three axes without computing anything, or say which setting makes it impossible."""
    return _windows(spec, 0), _windows(spec, 1), _windows(spec, 2)


def _windows(spec: VolumesSpec, axis: int) -> AxisWindows:
    if axis not in MOVED[spec.dims]:
        return axis_windows(1 if spec.dims == 1 else spec.size[axis], 1)
    settings = spec.size[axis], spec.kernel[axis], spec.stride[axis], spec.padding[axis], spec.dilation[axis]
    try:
        return axis_windows(*settings)
    except SpecError as error:
        raise SpecError(error.field, f"{AXES[axis]}: {error.message}") from None


@lru_cache(maxsize=512)
def _film(  # noqa: PLR0917 - positional, because that is what a cache sees
    pattern: str, edits: Edits, size: Triple, padding: Triple, only_pixel: bool, seed: int
) -> Film:
    """Fill and pad the film."""
    film = _changed(fill_film(pattern, size, seed), edits)
    if only_pixel:
        row, column = middle(size[1]), middle(size[2])
        film = film[:, row : row + 1, column : column + 1]
    axes = [axis_windows(n, 1, 1, p) for n, p in zip(film.shape, padding, strict=True)]
    volume = pad(film, axes)
    volume.setflags(write=False)
    before = padding[0]
    zeros = volume[0] if before else None  # all padding frames are one and the same object
    frames = tuple(
        frame if zeros is None or before <= at < before + len(film) else zeros for at, frame in enumerate(volume)
    )
    return Film(film, volume, frames)


@lru_cache(maxsize=512)
def _kernel(pattern: str, edits: Edits, shape: Triple, moves: tuple[bool, bool], seed: int) -> Kernel:
    """Fill the kernel; where it does not move it has one cell, whose changes are those of the middle cell."""
    still = [not moving for moving in (moves[0], moves[1], moves[1])]
    there = _triple(1 if one else n for n, one in zip(shape, still, strict=True))
    kept: Edits = ()
    for index, value in edits:
        line = list(zip(index, shape, still, strict=True))
        if all(at == middle(n) for at, n, one in line if one):
            kept += ((tuple(0 if one else at for at, _, one in line), value),)
    weight = _changed(fill_volume_kernel(pattern, there, seed), kept)
    return Kernel(weight, tuple(weight))


def _triple(numbers: Iterable[int]) -> Triple:
    first, second, third = numbers
    return first, second, third


def _changed(array: Array, edits: Edits) -> Array:
    """Put changed numbers into an array, as far as they lie in it."""
    inside = [(index, value) for index, value in edits if all(at < n for at, n in zip(index, array.shape, strict=True))]
    if not inside:
        return array
    kind = float if array.dtype.kind == "f" or any(isinstance(value, float) for _, value in inside) else int
    array = array.astype(kind)
    for index, value in inside:
        array[index] = value
    array.setflags(write=False)
    return array
