"""Pixels of every mode to 8-bit grey, RGB, CMYK or Lab, and those to sRGB.

>>> clear = Image.new("RGBA", (1, 1), (255, 0, 0, 51))
>>> flattener(clear, Header("PNG", 1, 1, b""))(clear).getpixel((0, 0))
(255, 204, 204)
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from cnnviz.engine.pictures.header import Header
from cnnviz.engine.pictures.limits import STRIP_PIXELS

Flatten = Callable[[Image.Image], Image.Image]
# Profiles this close to sRGB are sRGB by another hand: the numbers in the file are kept as they are.
SAME_COLOUR = 2
LEAST_CONTRAST = 64
_SPACES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}
_READY = ("L", "RGB", "CMYK", "LAB")
_CLEAR = {"LA": "LA", "La": "LA", "RGBA": "RGBA", "RGBa": "RGBA", "PA": "RGBA"}


@dataclass(frozen=True)
class Scale:
    """How wide values become 0 to 255: `low` becomes 0, `high` 255; turned round where the file says so."""

    low: float
    high: float
    inverted: bool = False

    def codes(self, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """8-bit codes of an array of wide values; what is not a number becomes `low`."""
        span = self.high - self.low
        with np.errstate(invalid="ignore"):
            scaled = (values.astype(np.float64) - self.low) * (255.0 / span if span > 0 else 0.0)
        found = np.rint(np.clip(np.nan_to_num(scaled, nan=0.0), 0, 255)).astype(np.uint8)
        return 255 - found if self.inverted else found


def flattener(image: Image.Image, header: Header, scale: Scale | None = None) -> Flatten:
    """The function that makes a strip of this picture 8-bit, opaque and of mode L, RGB, CMYK or LAB."""
    if image.mode.startswith("I;16"):
        return partial(_from_16_bits, header=header)
    if scale is not None:
        return partial(_from_wide, scale=scale, unsigned=_unsigned(header))
    if (image.mode in _CLEAR or "transparency" in image.info) and not _never_filled(image, header):
        return _over_white
    if header.key:
        return partial(_keyed, key=header.key)
    return _plain


def _never_filled(image: Image.Image, header: Header) -> bool:
    """Whether the alpha channel is one that programs reserve in a BMP and leave at zero."""
    return header.kind == "BMP" and image.mode == "RGBA" and image.getchannel("A").getextrema() == (0, 0)


def _plain(strip: Image.Image) -> Image.Image:
    return strip if strip.mode in _READY else strip.convert("L" if strip.mode == "1" else "RGB")


def strips(image: Image.Image, multiple: int = 1) -> Iterator[tuple[int, Image.Image]]:
    """The picture in bands of rows, each with its top: a band's height is a multiple, all but the last."""
    width, height = image.size
    rows = max(1, STRIP_PIXELS // (width * multiple)) * multiple
    for top in range(0, height, rows):
        yield top, image.crop((0, top, width, min(top + rows, height)))


def scale_of(image: Image.Image, header: Header) -> Scale | None:
    """How 32-bit values are meant: 0 to 1, 0 to 255, or else from the smallest to the largest that occur."""
    if image.mode not in ("I", "F"):
        return None
    low, high = np.inf, -np.inf
    for _, strip in strips(image):
        values = _values(strip, _unsigned(header))
        values = values[np.isfinite(values)]
        if values.size:
            low, high = min(low, float(values.min())), max(high, float(values.max()))
    if low > high:
        low = high = 0.0
    if image.mode == "F" and low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    elif low >= 0 and high <= 255:
        low, high = 0.0, 255.0
    return Scale(low, high, header.inverted)


def _unsigned(header: Header) -> bool:
    return header.unsigned and header.bits == 32


def _values(strip: Image.Image, unsigned: bool) -> np.ndarray[Any, Any]:
    values = np.asarray(strip)
    return values.view(np.uint32) if unsigned and values.dtype == np.int32 else values


def _from_wide(strip: Image.Image, scale: Scale, unsigned: bool) -> Image.Image:
    return Image.fromarray(scale.codes(_values(strip, unsigned)))


def _from_16_bits(strip: Image.Image, header: Header) -> Image.Image:
    """The high byte, as the decoder takes it of 16-bit colours: 257·v, which is 8-bit v in 16 bits, is v again."""
    values = np.asarray(strip)
    codes = (values >> (header.bits - 8)).astype(np.uint8)
    if header.inverted:
        codes = 255 - codes
    if header.key:
        codes[values == header.key[0]] = 255
    return Image.fromarray(codes)


def _over_white(strip: Image.Image) -> Image.Image:
    """The picture laid on white paper: each value times alpha plus 255 times the rest, rounded once."""
    strip = strip.convert(_CLEAR.get(strip.mode, "LA" if strip.mode in ("1", "L") else "RGBA"))
    mode = "L" if strip.mode == "LA" else "RGB"
    paper = Image.new(mode, strip.size, "white")
    paper.paste(strip.convert(mode), mask=strip.getchannel("A"))
    return paper


def _keyed(strip: Image.Image, key: tuple[int, ...]) -> Image.Image:
    """White where the pixel has the one colour that counts as transparent."""
    strip = strip.convert("L") if strip.mode == "1" else strip
    values = np.array(strip)
    hit = values == key[0] if values.ndim == 2 else (values == np.array(key)).all(axis=-1)
    values[hit] = 255
    return Image.fromarray(values)


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in sRGB, by its profile where it has one that can be read and that fits."""
    if profile and (converted := _by_profile(image, profile)):
        return converted
    if image.mode == "LAB":
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        return _through(lab, image)
    return image.convert("RGB")


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """The converted picture; nothing where the profile is broken or made for other colours."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = _SPACES.get(source.profile.xcolor_space.strip())
        if image.mode == "L" and mode == "RGB":
            image = image.convert("RGB")
        if image.mode != mode:
            return None
        if mode in ("L", "RGB"):
            samples = _samples(mode)
            mapped = np.asarray(_through(source, samples, ImageCms.Flags.NOOPTIMIZE))
            change = np.abs(mapped.astype(int) - np.asarray(samples.convert("RGB"))).max()
            # A profile under which black and white are nearly one is broken, whatever else it says.
            if change <= SAME_COLOUR or np.ptp(mapped) < LEAST_CONTRAST:
                return image.convert("RGB")
            if mode == "L":  # 256 exact colours are all that there are
                return Image.fromarray(mapped[0][np.asarray(image)])
        return _through(source, image)
    except Exception:  # whatever is wrong with a profile, the picture can be shown without it
        return None


def _samples(mode: str) -> Image.Image:
    """A few hundred colours from all over the space."""
    levels = np.arange(0, 256, 51, dtype=np.uint8)
    if mode == "L":
        return Image.fromarray(np.arange(256, dtype=np.uint8)[None])
    return Image.fromarray(np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(1, -1, 3))


def _through(
    source: ImageCms.ImageCmsProfile, image: Image.Image, more: ImageCms.Flags = ImageCms.Flags.NONE
) -> Image.Image:
    target = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    transform = ImageCms.buildTransform(
        source,
        target,
        image.mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION | more,
    )
    return transform.apply(image)
