"""The most expensive pictures of each format that are still accepted, for measuring time and memory.

Each maker returns the bytes of a file; `python -m tests.hostile.heavy NAME` decodes one in this process and prints
seconds and the extra memory at the worst moment, in MB.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from tests.hostile.write import PNG_START, chunk, plain_tiff, png, png_header

ROOT = Path(__file__).resolve().parents[2]


def photo(width: int, height: int, channels: int = 3, roughness: int = 4) -> np.ndarray:
    """Something with the slopes and the grain of a photograph."""
    random = np.random.default_rng(7)
    rows, cols = np.linspace(0, 200, height)[:, None], np.linspace(0, 55, width)[None]
    grain = random.integers(0, roughness, (256, 256), dtype=np.uint8)
    tiled = np.tile(grain, (-(-height // 256), -(-width // 256)))[:height, :width]
    plane = (rows + cols).astype(np.uint8) + tiled
    return plane if channels == 1 else np.repeat(plane[..., None], channels, axis=-1)


def saved(image: Image.Image, kind: str, **settings: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **settings)
    return file.getvalue()


def padded(start: bytes, size: int = 20 * 2**20) -> bytes:
    """The file, as long as a file may be."""
    return start + bytes(size - len(start))


def png_rgba_16() -> bytes:
    """24 Mpx of RGBA at 16 bits, and all the rest of 20 MB in texts that unpack to much more."""
    row = np.tile(np.arange(800, dtype=">u2") * 80, 30).tobytes()
    bomb = chunk(b"zTXt", b"a\x00\x00" + zlib.compress("é".encode("latin-1") * 2**20))
    return png(6000, 4000, (row for _ in range(4000)), bits=16, colours=6, before=[bomb] * 4000)


def png_interlaced() -> bytes:
    """24 Mpx of RGBA in seven passes, all of noise-free zeros."""
    packer = zlib.compressobj(1)
    packed: list[bytes] = []
    for top, left, down, across in (
        (0, 0, 8, 8),
        (0, 4, 8, 8),
        (4, 0, 8, 4),
        (0, 2, 4, 4),
        (2, 0, 4, 2),
        (0, 1, 2, 2),
        (1, 0, 2, 1),
    ):
        width, height = -(-(6000 - left) // across), -(-(4000 - top) // down)
        packed.extend(packer.compress(bytes(1 + 4 * width)) for _ in range(height))
    packed.append(packer.flush())
    return PNG_START + png_header(6000, 4000, 8, 6, 1) + chunk(b"IDAT", b"".join(packed)) + chunk(b"IEND")


def png_24() -> bytes:
    return saved(Image.fromarray(photo(6000, 4000)), "PNG", compress_level=1)


def png_file_full() -> bytes:
    """As many pixels and as many bytes as there may be."""
    data = saved(Image.fromarray(photo(6000, 4000, 4)), "PNG", compress_level=1)
    rest = 20 * 2**20 - len(data) - 12
    return data[:-12] + chunk(b"IDAT", bytes(rest)) + data[-12:]


def jpeg_100() -> bytes:
    return saved(Image.fromarray(photo(11500, 8690)), "JPEG", quality=85)


def jpeg_12() -> bytes:
    return saved(Image.fromarray(photo(4000, 3000, roughness=24)), "JPEG", quality=90)


def jpeg_progressive() -> bytes:
    """A pass for each part of the spectrum: the decoder keeps all coefficients."""
    return saved(Image.fromarray(photo(7700, 6200)), "JPEG", quality=85, progressive=True)


def jpeg_progressive_full() -> bytes:
    return saved(Image.fromarray(photo(5900, 4400)), "JPEG", quality=85, progressive=True, subsampling=0)


def jpeg_cmyk() -> bytes:
    return saved(Image.fromarray(photo(11500, 8690, 4), "CMYK"), "JPEG", quality=70)


def webp_lossless() -> bytes:
    return saved(Image.fromarray(photo(4500, 3050, 4)), "WEBP", lossless=True, method=0, quality=0)


def webp_lossy() -> bytes:
    return saved(Image.fromarray(photo(4600, 3040)), "WEBP", method=0)


def gif_24() -> bytes:
    return saved(Image.fromarray(photo(6000, 4000, 1)), "GIF")


def bmp_24() -> bytes:
    return saved(Image.fromarray(photo(5000, 4180, 1)), "BMP")


def tiff_cmyk() -> bytes:
    return saved(Image.fromarray(photo(6000, 4000, 4, 1), "CMYK"), "TIFF", compression="tiff_lzw")


def tiff_rgba_16() -> bytes:
    """24 Mpx of RGBA at 16 bits in strips of 64 rows."""
    row = np.tile(np.arange(800, dtype="<u2") * 80, 30).tobytes()
    piece = zlib.compress(row * 50, 1)
    return plain_tiff(6000, 4000, [piece] * 80, bits=[16] * 4, colours=2, compression=8, rows=50, more={338: (3, [2])})


def tiff_one_strip() -> bytes:
    """All pixels in one strip, which is unpacked at once: 13 Mpx is what the limit leaves."""
    pixels = photo(5000, 3800).tobytes()
    return plain_tiff(5000, 3800, [zlib.compress(pixels, 1)], bits=[8] * 3, colours=2, compression=8)


def tiff_float() -> bytes:
    strip = zlib.compress(np.tile(np.linspace(-5, 5, 500, dtype="<f4"), 600).tobytes(), 1)
    return plain_tiff(6000, 4000, [strip] * 80, bits=[32], compression=8, rows=50, more={339: (3, [3])})


HEAVY: dict[str, Callable[[], bytes]] = {
    maker.__name__: maker
    for maker in (
        png_rgba_16, png_interlaced, png_24, png_file_full, jpeg_100, jpeg_12, jpeg_progressive, jpeg_progressive_full,
        jpeg_cmyk, webp_lossless, webp_lossy, gif_24, bmp_24, tiff_cmyk, tiff_rgba_16, tiff_one_strip, tiff_float,
    )
}  # fmt: skip


def measure(path: Path) -> dict[str, float | str]:
    """Decode the file in a process of its own: seconds, and MB of memory beyond what it had before."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.heavy", str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout))


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1024


def _main(path: Path) -> None:
    from cnnviz.engine.pictures.decode import ImageError, decode_image

    small = io.BytesIO()
    Image.new("RGB", (8, 8)).save(small, "PNG")
    decode_image(small.getvalue())
    data = path.read_bytes()
    Path("/proc/self/clear_refs").write_text("5")  # the worst moment so far is forgotten
    before = _status("VmRSS")
    start = time.perf_counter()
    try:
        outcome = str(decode_image(data).pixels.shape)
    except ImageError as error:
        outcome = str(error)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "peak": (_status("VmHWM") - before) / 1e6, "outcome": outcome}))


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
