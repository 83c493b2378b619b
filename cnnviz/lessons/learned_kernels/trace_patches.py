"""The best patches: where in many pictures a unit answers most, and what it saw there.

    best = best_patches(own_eyes("digits_lenet"), "conv2")
    best.values[5][:3]                                   # the three strongest answers of channel 5
    cut_patch(eyes, best, 5, 0).pixels                   # what the strongest of them saw: its receptive field

Of every picture only the strongest place counts, so that nine patches are from nine pictures; where there are few
pictures (the gallery), up to `PLACES_EACH` places of each, apart from one another.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.networks.seeing.maps import Eyes
from cnnviz.engine.networks.trace import Row, trace_network
from cnnviz.engine.pictures.digits import MOST_HANDS, digit_sheet
from cnnviz.engine.pictures.drawn import KINDS, draw_many
from cnnviz.engine.pictures.gallery import SAMPLES
from cnnviz.engine.pictures.samples import sample
from cnnviz.engine.turns import Turns
from cnnviz.lessons.learned_kernels.spec import PATCHES
from cnnviz.lessons.learned_kernels.trace_excite import answer

Pixels = NDArray[np.uint8]
DRAWN_EACH, DRAWN_SEED = 30, 1
PLACES_EACH = 3
FEW = 40
"""Fewer pictures may give more than one patch each."""
BATCH_VALUES = 2**18
"""So many input values go through the network at a time."""


@dataclass(frozen=True, slots=True)
class Album:
    """The pictures among which patches are looked for."""

    name: str
    count: int
    about: str


def album_of(eyes: Eyes) -> Album:
    """Choose the pictures that suit a network."""
    if eyes.input[0] == 1:
        return Album("digits", 10 * MOST_HANDS, "the 1,000 digits that it never saw")
    if eyes.network.name == "shapes_vgg":
        count = DRAWN_EACH * len(KINDS)
        return Album("drawn", count, f"{count} drawn pictures, {DRAWN_EACH} of each kind, that it never saw")
    return Album("gallery", len(SAMPLES), f"the {len(SAMPLES)} pictures of the gallery")


def album_picture(album: Album, number: int) -> tuple[Pixels, str]:
    """Give a picture of an album, and what it shows."""
    if album.name == "digits":
        figure, hand = divmod(number, MOST_HANDS)
        return digit_sheet()[figure, hand], f"a {figure}"
    if album.name == "drawn":
        pictures, labels = _drawn()
        return pictures[number], KINDS[labels[number]]
    name = list(SAMPLES)[number]
    return sample(name).pixels, SAMPLES[name].title


@lru_cache(maxsize=1)
def _drawn() -> tuple[Pixels, NDArray[np.int64]]:
    return draw_many(KINDS, DRAWN_EACH, DRAWN_SEED)


@dataclass(frozen=True, eq=False)
class Best:
    """The strongest answers of all channels of one layer."""

    album: Album
    layer: str
    values: NDArray[np.float32]
    """(channels, up to nine), the strongest first."""
    places: NDArray[np.int32]
    """(channels, up to nine, 3): the picture's number, row and column of the unit; 0, 0 in a dense layer."""
    fires: NDArray[np.float64]
    """(channels): in which part of the pictures the unit answers above zero anywhere."""


SEARCHING = Turns("look for the best patches")
"""One search at a time in the whole process: whoever searches for a learner takes a turn."""


def best_patches(eyes: Eyes, layer: str) -> Best:
    """Send all pictures of the album through, as far as the layer, and keep the strongest answers."""
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    album = album_of(eyes)
    row = trace_network(eyes.network).row(layer)
    apart = tuple(_apart(row, axis) for axis in range(2))
    each = PLACES_EACH if album.count < FEW else 1
    batch = max(1, BATCH_VALUES // math.prod(eyes.input))
    values, places, fires = [], [], np.zeros(row.output_shape[0])
    for start in range(0, album.count, batch):
        numbers = range(start, min(start + batch, album.count))
        x = np.stack([eyes.prepare(album_picture(album, number)[0]) for number in numbers])
        with torch.inference_mode():
            maps = answer(eyes, torch.from_numpy(x), layer).numpy()
        maps = maps.reshape(*maps.shape[:2], *(maps.shape[2:] or (1, 1))).copy()
        fires += (maps.max((2, 3)) > 0).sum(0)
        for _ in range(each):
            strength, place = _strongest(maps, apart)
            values.append(strength)
            whose = np.broadcast_to(np.array(numbers)[:, None, None], (*strength.shape, 1))
            places.append(np.concatenate([whose, place], 2))
    strengths, spots = np.concatenate(values), np.concatenate(places)
    order = np.argsort(-strengths, axis=0, kind="stable")[:PATCHES]
    kept = np.take_along_axis(strengths, order, 0).T
    found = np.take_along_axis(spots, order[..., None], 0).transpose(1, 0, 2)
    return Best(album, layer, kept.astype(np.float32), found.astype(np.int32), fires / album.count)


def _apart(row: Row, axis: int) -> int:
    """How many units of a map lie within half a receptive field."""
    if axis >= len(row.output_shape) - 1:
        return 0
    field = row.receptive_field[axis]
    return math.ceil(field.size / 2 / field.stride) if field.stride else 0


def _strongest(maps: NDArray[np.float32], apart: tuple[int, ...]) -> tuple[Any, Any]:
    """Take the strongest cell of every map, (N, C, H, W); what lies around it will not be found again."""
    count, channels, height, width = maps.shape
    flat = maps.reshape(count, channels, -1)
    best = flat.argmax(2)
    strength = np.take_along_axis(flat, best[..., None], 2)[..., 0]
    rows, columns = np.divmod(best, width)
    near = (np.abs(np.arange(height)[:, None] - rows[..., None, None]) <= apart[0]) & (
        np.abs(np.arange(width) - columns[..., None, None]) <= apart[1]
    )
    maps[near] = -np.inf
    return strength, np.stack([rows, columns], 2)


@dataclass(frozen=True, eq=False)
class Patch:
    """What one unit saw."""

    picture: Pixels
    """The whole picture, as the network was shown it."""
    title: str
    value: float
    top: int
    left: int
    height: int
    width: int
    """The receptive field on the picture; it may hang over the border."""

    @property
    def pixels(self) -> NDArray[np.float32]:
        """The field cut out; NaN where it hangs over."""
        out = np.full((self.height, self.width, *self.picture.shape[2:]), np.nan, np.float32)
        top, left, bottom, right = self.box
        seen = self.picture[top:bottom, left:right]
        out[top - self.top : bottom - self.top, left - self.left : right - self.left] = seen
        return out

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The part of it that lies on the picture: top, left, and the first row and column behind it."""
        rows, columns = self.picture.shape[:2]
        bottom, right = min(self.top + self.height, rows), min(self.left + self.width, columns)
        return max(self.top, 0), max(self.left, 0), bottom, right


def cut_patch(eyes: Eyes, best: Best, channel: int, number: int) -> Patch:
    """Cut what a unit saw out of its picture; all of it, where the field is larger than the picture."""
    row = trace_network(eyes.network).row(best.layer)
    index, *unit = (int(one) for one in best.places[channel, number])
    pixels, title = album_picture(best.album, index)
    picture = eyes.crop(pixels)
    spans = []
    for axis, side in enumerate(picture.shape[:2]):
        flat = len(row.output_shape) == 1
        field = row.receptive_field[axis]
        first, behind = (0, side) if flat else (int(one) for one in field.span(unit[axis]))
        spans.append((0, side) if behind - first >= side else (first, behind))
    (top, bottom), (left, right) = spans
    return Patch(picture, title, float(best.values[channel, number]), top, left, bottom - top, right - left)
