"""A learner's file becomes a picture of at most a million pixels, or a sentence that says why not.

>>> file = io.BytesIO()
>>> Image.new("RGB", (4, 3), (255, 128, 0)).save(file, "PNG")
>>> picture = decode_image(file.getvalue())
>>> picture.pixels.shape, picture.pixels[0, 0].tolist(), picture.format, picture.notices
((3, 4, 3), [255, 128, 0], 'PNG', ())
>>> decode_image(b"")
Traceback (most recent call last):
cnnviz.errors.ImageError: The file is empty: choose it again, or save the picture anew as PNG or JPEG.

Bytes from outside go through four gates, in this order: what the first bytes are (`kinds`), what the header
says (`headers`, which also makes the lean copy), what that would cost (`limits`), and only then Pillow,
which sees one format and nothing that the pixels do not need. The original bytes, names and metadata are not kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import BmpImagePlugin, GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from cnnviz.engine.pictures.colour import Flatten, Scale, flattener, scale_of, strips, to_srgb
from cnnviz.engine.pictures.header import DAMAGED, Header
from cnnviz.engine.pictures.headers import read_header
from cnnviz.engine.pictures.kinds import CUT_OFF, kind_of
from cnnviz.engine.pictures.limits import FILE_BYTES, WORKING_PIXELS, block_of, check_file, working_size
from cnnviz.engine.turns import Turns
from cnnviz.errors import ImageError

__all__ = ["FILE_BYTES", "WORKING_PIXELS", "ImageError", "Picture", "decode_image", "grey", "picture_of", "planes"]

# Rec. 601 luma, the grey that Pillow, OpenCV and torchvision make of a colour picture.
LUMA = (0.299, 0.587, 0.114)

DECODING = Turns("read a picture", at_once=2, most_waiting=60, error=ImageError)
"""Each holds some tens of megabytes while it is read; who waits holds the file."""

_OPENERS: dict[str, Callable[[io.BytesIO], Image.Image]] = {
    "PNG": PngImagePlugin.PngImageFile,
    "JPEG": JpegImagePlugin.JpegImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "TIFF": TiffImagePlugin.TiffImageFile,
}
_TRANSPOSES = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Picture:
    """A decoded picture. Two are equal when their pixels are; nothing of the file is in it but the pixels."""

    pixels: NDArray[np.uint8] = field(compare=False, repr=False)
    digest: str
    notices: tuple[str, ...] = field(default=(), compare=False)
    format: str = field(default="", compare=False)
    original: tuple[int, int] = field(default=(0, 0), compare=False)
    is_grey: bool = field(default=False, compare=False)

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Columns of pixels."""
        return int(self.pixels.shape[1])


def picture_of(
    pixels: NDArray[np.uint8],
    *,
    notices: tuple[str, ...] = (),
    format: str = "",
    original: tuple[int, int] | None = None,
) -> Picture:
    """A Picture of a uint8 array (H, W, 3) or (H, W), which is copied and then never changes."""
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[..., None], 3, axis=-1)
    own = np.array(pixels, dtype=np.uint8, order="C", copy=True)
    own.flags.writeable = False
    digest = hashlib.blake2b(f"{own.shape}".encode(), digest_size=16)
    digest.update(own.data)
    is_grey = bool((own[..., 0] == own[..., 1]).all() and (own[..., 1] == own[..., 2]).all())
    height, width = original or own.shape[:2]
    return Picture(own, digest.hexdigest(), notices, format, (height, width), is_grey)


def decode_image(data: bytes) -> Picture:
    """Decode a file of PNG, JPEG, WebP, GIF, BMP or TIFF, told by its content; ImageError with one sentence if not.

    The picture is turned as the camera was held, laid on white where it is transparent, in sRGB, 8 bits a channel,
    and at most WORKING_PIXELS large; of an animation it is the first frame. Notices say what was changed.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise ImageError("There is no file here to read: choose a picture.")
    check_file(memoryview(data).nbytes)
    data = bytes(data)
    kind = kind_of(data)
    try:
        with DECODING.one():
            header = read_header(kind, data)
            del data
            return _decode(header)
    except ImageError:
        raise
    except MemoryError as error:
        raise ImageError("There is not enough memory for this picture now: try again, or make it smaller.") from error
    except Exception as error:  # decoders raise nearly everything on broken files
        short = "truncated" in str(error) or "not enough image data" in str(error)
        raise ImageError(CUT_OFF if short else DAMAGED) from error


def grey(picture: Picture) -> NDArray[np.float32]:
    """The picture as one plane (H, W) of 0 to 255, by Rec. 601 luma: 0.299 R + 0.587 G + 0.114 B.

    A picture that is grey already keeps its exact values; others are not rounded.
    """
    if picture.is_grey:
        return picture.pixels[..., 0].astype(np.float32)
    return np.asarray(picture.pixels @ np.array(LUMA, np.float32), np.float32)


def planes(picture: Picture) -> NDArray[np.float32]:
    """The picture as three planes (3, H, W) of 0 to 255: red, green, blue."""
    return np.ascontiguousarray(np.moveaxis(picture.pixels, -1, 0), dtype=np.float32)


def _decode(header: Header) -> Picture:
    with contextlib.closing(_opened(header)) as image:
        if image.size != header.decoded:
            raise ImageError(DAMAGED)
        image.load()
        scale = scale_of(image, header)
        target = working_size(header.width, header.height)
        small = _assembled(image, flattener(image, header, scale), target)
    if small.size != target:
        # No negative lobes: a sharper filter would draw halos that a learner takes for edges of the picture.
        small = small.resize(target, Image.Resampling.HAMMING)
    small = to_srgb(small, header.profile)
    turned = header.orientation > 4
    if header.orientation in _TRANSPOSES:
        small = small.transpose(_TRANSPOSES[header.orientation])
    size = (header.width, header.height) if turned else (header.height, header.width)
    return picture_of(
        np.asarray(small),
        notices=_notices(header, size, small.size, scale),
        format={"WEBP": "WebP"}.get(header.kind, header.kind),
        original=size,
    )


def _opened(header: Header) -> Image.Image:
    image = _OPENERS[header.kind](io.BytesIO(header.lean))
    if header.kind == "JPEG" and header.shrink > 1:
        image.draft(None, working_size(header.width, header.height))
    if isinstance(image, WebPImagePlugin.WebPImageFile) and image.size == header.decoded:
        # Pillow would hold the canvas once more; here the decoder's two canvases go before pixels are copied.
        frame, size, mode = image._decoder.get_next(), image.size, image.rawmode
        if frame is None:
            raise ImageError(DAMAGED)
        codes = frame[0]
        image.close()
        del image, frame
        return Image.frombuffer(mode, size, codes, "raw", mode, 0, 1)
    return image


def _assembled(image: Image.Image, flat: Flatten, target: tuple[int, int]) -> Image.Image:
    """The picture in 8 bits, strip by strip, so that no second copy of its full size is ever made."""
    width, height = image.size
    block = min(block_of(width, height), width // target[0], height // target[1])
    whole: Image.Image | None = None
    for top, strip in strips(image, block):
        piece = flat(strip)
        piece = piece.reduce(block) if block > 1 else piece
        if whole is None:
            whole = Image.new(piece.mode, (-(-width // block), -(-height // block)))
        whole.paste(piece, (0, top // block))
    if whole is None:
        raise ImageError(DAMAGED)
    return whole


def _notices(header: Header, size: tuple[int, int], now: tuple[int, int], scale: Scale | None) -> tuple[str, ...]:
    found = []
    if header.frames:
        found.append(f"This is {header.frames}.")
    if scale is not None:
        found.append(
            "The file holds wider numbers than a screen shows: "
            f"{scale.low:g} became {255 if scale.inverted else 0} and {scale.high:g} {0 if scale.inverted else 255}."
        )
    height, width = size
    if (width, height) != now:
        found.append(
            f"Reduced from {width}×{height} to {now[0]}×{now[1]} pixels (width × height), "
            "so that every step stays quick."
        )
    return tuple(found)
