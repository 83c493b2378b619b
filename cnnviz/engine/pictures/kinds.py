"""What a file is, told by its first bytes and never by its name.

>>> kind_of(b"GIF89a" + bytes(20))
'GIF'
>>> kind_of(b"%PDF-1.7")
Traceback (most recent call last):
cnnviz.errors.ImageError: This is a PDF document, not a picture: export the page, or take a screenshot, as PNG or JPEG.
"""

from __future__ import annotations

import re

from cnnviz.errors import ImageError

READABLE = "PNG, JPEG, WebP, GIF, BMP or TIFF"
CUT_OFF = (
    "The picture is cut off: the file ends before the picture does. "
    "Download or copy it again, or save it anew as PNG or JPEG."
)

# Where the first bytes stand, what they are, and which of our readers knows the rest.
_KINDS: tuple[tuple[str, str], ...] = (
    (r"\x89PNG\r\n\x1a\n", "PNG"),
    (r"\xff\xd8\xff", "JPEG"),
    (r"RIFF.{4}WEBP", "WEBP"),
    (r"GIF8[79]a", "GIF"),
    (r"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\x00\x00\x00", "BMP"),
    (r"II\x2a\x00|MM\x00\x2a", "TIFF"),
)

_SAVE = "save it as PNG or JPEG and try again."
_RAW = "is a camera's raw file: develop it with the camera's program, or any photo program, to JPEG or TIFF."
_PHONE = "convert it to JPEG or PNG (a phone can be set to take JPEG, often called “most compatible”)."

# Files that people take for pictures, or that hold one: each with what to do. Raw files first: they pose as TIFF.
_STRANGERS: tuple[tuple[str, str], ...] = (
    (r"II\x2a\x00.{4}CR|.{4}ftypcrx |FUJIFILMCCD-RAW|IIR[OS]|MMOR|IIU\x00|\x00MRM|FOVb", f"This {_RAW}"),
    (
        r"II\x2b\x00|MM\x00\x2b",
        "This is a BigTIFF, which is meant for gigabytes: save it as an ordinary TIFF or as PNG.",
    ),
    (r".{4}ftyp(?:avif|avis)", "This is an AVIF picture, which cannot be read here: convert it to PNG or JPEG."),
    (
        r".{4}ftyp(?:hei|hev|mif1|msf1|mif2)",
        f"This is a HEIC picture, which cannot be read here: {_PHONE}",
    ),
    (r".{4}(?:ftyp|moov|mdat)", "This is a video, not a picture: pause it and take a screenshot as PNG or JPEG."),
    (
        r"\x1a\x45\xdf\xa3|RIFF.{4}AVI ",
        "This is a video, not a picture: pause it and take a screenshot as PNG or JPEG.",
    ),
    (r"8BPS", f"This is a Photoshop file (PSD): open it in a picture program, {_SAVE}"),
    (r"gimp xcf", "This is a GIMP project (XCF): open it in GIMP and export it as PNG or JPEG."),
    (
        r"%!PS|\xc5\xd0\xd3\xc6",
        "This is a PostScript file (PS or EPS), which is a program and not a picture: convert it to PNG.",
    ),
    (
        r"\xff\x0a|\x00\x00\x00\x0cJXL ",
        "This is a JPEG XL picture, which cannot be read here: convert it to PNG or JPEG.",
    ),
    (
        r"\x00\x00\x00\x0cjP  |\xff\x4f\xff\x51",
        "This is a JPEG 2000 picture, which cannot be read here: convert it to PNG or JPEG.",
    ),
    (r"\x00\x00[\x01\x02]\x00[^\x00]\x00", f"This is an icon or cursor (ICO): open it in a picture program, {_SAVE}"),
    (r"\x76\x2f\x31\x01|#\?RADIANCE", f"This is a high dynamic range picture (EXR or HDR): tone-map it, then {_SAVE}"),
    (r"P[1-7][\s#]|P[Ff]\s|qoif|DDS |SIMPLE  =|icns|\x01\xda", f"This is an unusual kind of picture: {_SAVE}"),
    (r".{128}DICM", "This is a medical picture (DICOM): export it from its viewer as PNG."),
    (r"\xd7\xcd\xc6\x9a|\x01\x00\x00\x00.{36} EMF", f"This is a Windows metafile (WMF or EMF): {_SAVE}"),
    (
        r"PK\x03\x04|PK\x05\x06",
        "This is a ZIP archive (an Office document is one too): take the picture out of it first.",
    ),
    (r"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!", "This is a compressed archive, not a picture: unpack it first."),
)

_COMPILED = tuple((re.compile(pattern.encode("latin-1"), re.DOTALL), kind) for pattern, kind in _KINDS)
_FOREIGN = tuple((re.compile(pattern.encode("latin-1"), re.DOTALL), sentence) for pattern, sentence in _STRANGERS)
_LOOKED_AT = 4096


def kind_of(data: bytes) -> str:
    """One of PNG, JPEG, WEBP, GIF, BMP, TIFF; of anything else, an ImageError that names it where it can."""
    start = data[:_LOOKED_AT]
    for pattern, sentence in _FOREIGN[:2]:
        if pattern.match(start):
            raise ImageError(sentence)
    for pattern, kind in _COMPILED:
        if pattern.match(start):
            return kind
    for pattern, sentence in _FOREIGN[2:]:
        if pattern.match(start):
            raise ImageError(sentence)
    raise ImageError(_of_text(start) or _unknown(start))


def _of_text(start: bytes) -> str:
    """The sentence for documents that are text, or start with something that may stand before them."""
    if b"%PDF-" in start[:1024]:
        return "This is a PDF document, not a picture: export the page, or take a screenshot, as PNG or JPEG."
    words = start.decode("utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "ignore").lower()
    if "<svg" in words:
        return "This is an SVG drawing, which has no pixels of its own: export it as PNG at the size that you need."
    if "<html" in words or "<!doctype html" in words:
        return "This is a web page, not a picture: save the picture itself (right click, “Save image as”)."
    return ""


def _unknown(start: bytes) -> str:
    if not start.strip(b"\x00"):
        return f"There are only zeros in this file where a picture should start: save it anew as {READABLE}."
    partial = start[:64]
    if any(magic.startswith(partial) for magic in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"GIF87a", b"BM")):
        return CUT_OFF
    if partial[:4] == b"RIFF" and len(start) < 12:
        return CUT_OFF
    return f"This is not a picture that can be read here: choose a file that is {READABLE}, whatever its name says."
