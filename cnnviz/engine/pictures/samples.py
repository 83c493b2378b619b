"""The pictures of the gallery, decoded once a process: they are nobody's own, so all sessions share them.

>>> sample("checkerboard").pixels.shape
(384, 384, 3)
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from cnnviz.engine.pictures.decode import Picture, decode_image
from cnnviz.engine.pictures.gallery import SAMPLES

FOLDER = Path(__file__).resolve().parents[3] / "assets" / "samples"


@lru_cache(maxsize=len(SAMPLES))
def sample(name: str) -> Picture:
    """Give a sample by its name in the table; its pixels cannot be written to."""
    return decode_image((FOLDER / SAMPLES[name].file).read_bytes())
