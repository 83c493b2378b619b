"""Weights that others published, and where a network's weights can be from.

>>> PUBLISHED_FILES["resnet18"].file, PUBLISHED_FILES["resnet18"].hash_start
('resnet18-f37072fd.pth', 'f37072fd')
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MODELS_URL = "https://download.pytorch.org/models/"
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's pictures, red, green and blue, for values from 0 to 1."""
SHORTER = 256
"""Pixels of the shorter side, before the middle 224 are cut out."""

OURS, RANDOM, SERVER, FILE, DOWNLOAD = "ours", "random", "server", "file", "download"
MOST_SEED = 9999
SUFFIXES = (".safetensors", ".pth", ".pt")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,119}")


@dataclass(frozen=True, slots=True)
class Published:
    """A file of weights at its publisher's: its name ends in the first eight digits of its SHA-256."""

    file: str
    megabytes: int
    mean: tuple[float, ...] = MEAN
    std: tuple[float, ...] = STD
    epsilon: float = 1e-5
    """What its batch norm adds to the variance."""

    @property
    def hash_start(self) -> str:
        """The digits in its name."""
        return self.file.rsplit("-", 1)[1].split(".")[0]

    @property
    def limit(self) -> int:
        """Bytes that it will not exceed."""
        return int(self.megabytes * 1.2 + 2) * 2**20

    @property
    def url(self) -> str:
        """Where it is."""
        return MODELS_URL + self.file


PUBLISHED_FILES = {
    "alexnet": Published("alexnet-owt-7be5be79.pth", 233),
    "vgg11": Published("vgg11-8a719046.pth", 507),
    "vgg13": Published("vgg13-19584684.pth", 508),
    "vgg16": Published("vgg16-397923af.pth", 528),
    "vgg19": Published("vgg19-dcbb9e9d.pth", 548),
    "resnet18": Published("resnet18-f37072fd.pth", 45),
    "resnet34": Published("resnet34-b627a593.pth", 83),
    "resnet50": Published("resnet50-0676ba61.pth", 98),
    "resnet101": Published("resnet101-63fe2227.pth", 171),
    "resnet152": Published("resnet152-394f9c45.pth", 230),
    "wide_resnet50_2": Published("wide_resnet50_2-95faca4d.pth", 132),  # in half precision
    "densenet121": Published("densenet121-a639ec97.pth", 31),
    "mobilenet_v2": Published("mobilenet_v2-b0353104.pth", 14),
    "squeezenet1_1": Published("squeezenet1_1-b8a52dc0.pth", 5),
    # Ported from another framework: values from -1 to 1, and a larger epsilon.
    "googlenet": Published("googlenet-1378be20.pth", 50, (0.5,) * 3, (0.5,) * 3, 1e-3),
}


@dataclass(frozen=True, slots=True)
class WeightsChoice:
    """Where a network's weights are from: `OURS`, `RANDOM` (by a seed), or a file on the `SERVER`."""

    way: str
    file: str = ""
    seed: int = 0


def is_weights_name(name: str) -> bool:
    """Tell whether a file of this name may hold weights: no path, no hidden file, a known ending.

    >>> [is_weights_name(name) for name in ("a-1.pth", "../a.pth", ".a.pth", "a.exe")]
    [True, False, False, False]
    """
    return bool(_NAME.fullmatch(name)) and name.lower().endswith(SUFFIXES)
