"""The signatures of torchvision.transforms.v2 that the recipes use: torchvision itself is not needed by the app.

Each class only keeps what it was given, and refuses what the real one would.
"""

from __future__ import annotations

import enum
import types
from typing import Any


class InterpolationMode(enum.Enum):
    NEAREST = "nearest"
    BILINEAR = "bilinear"


class Kept:
    made: list[Kept] = []  # noqa: RUF012 - all that a recipe made, in order

    def __init__(self, **settings: Any) -> None:
        self.settings = settings
        Kept.made.append(self)


def span(pair: Any, low: float, high: float) -> None:
    first, last = pair
    assert low <= first <= last <= high, pair


class RandomResizedCrop(Kept):
    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), interpolation=None, antialias=True):
        span(scale, 0, 1)
        span(ratio, 0, float("inf"))
        super().__init__(size=size, scale=scale, ratio=ratio)


class RandomAffine(Kept):
    def __init__(self, degrees, translate=None, scale=None, shear=None, **more):
        assert set(more) <= {"interpolation", "fill", "center"}
        assert degrees >= 0
        assert translate is None or all(0 <= part <= 1 for part in translate)
        assert scale is None or min(scale) > 0
        super().__init__(degrees=degrees, translate=translate, scale=scale, shear=shear)


class Flip(Kept):
    def __init__(self, p=0.5):
        assert 0 <= p <= 1
        super().__init__(p=p)


class RandomHorizontalFlip(Flip):
    pass


class RandomVerticalFlip(Flip):
    pass


class ColorJitter(Kept):
    def __init__(self, brightness=None, contrast=None, saturation=None, hue=None):
        assert all(part is None or part >= 0 for part in (brightness, contrast, saturation))
        assert hue is None or 0 <= hue <= 0.5
        super().__init__(brightness=brightness, contrast=contrast, saturation=saturation, hue=hue)


class GaussianBlur(Kept):
    def __init__(self, kernel_size, sigma=(0.1, 2.0)):
        assert kernel_size % 2 == 1 and kernel_size > 0
        span(sigma, 1e-9, float("inf"))
        super().__init__(kernel_size=kernel_size, sigma=sigma)


class GaussianNoise(Kept):
    def __init__(self, mean=0.0, sigma=0.1, clip=True):
        assert sigma >= 0
        super().__init__(sigma=sigma)


class RandomErasing(Kept):
    def __init__(self, p=0.5, scale=(0.02, 0.33), ratio=(0.3, 3.3), value=0.0, inplace=False):
        span(scale, 0, 1)
        span(ratio, 0, float("inf"))
        super().__init__(p=p, scale=scale, ratio=ratio, value=value)


class ToDtype(Kept):
    def __init__(self, dtype, scale=False):
        super().__init__(dtype=dtype, scale=scale)


class Lambda(Kept):
    def __init__(self, lambd, *types):
        super().__init__(call=lambd)


class Mixing(Kept):
    def __init__(self, *, alpha=1.0, num_classes=None, labels_getter="default"):
        assert alpha > 0
        super().__init__(alpha=alpha, num_classes=num_classes)


class MixUp(Mixing):
    pass


class CutMix(Mixing):
    pass


class RandomChoice(Kept):
    def __init__(self, transforms, p=None):
        super().__init__(transforms=transforms)


class Compose(Kept):
    def __init__(self, transforms):
        super().__init__(transforms=transforms)

    def __call__(self, *inputs):
        return inputs


class Identity(Kept):
    pass


class ClampBoundingBoxes(Kept):
    pass


class SanitizeBoundingBoxes(Kept):
    def __init__(self, min_size=1.0, min_area=1.0, labels_getter="default"):
        super().__init__()


class BoundingBoxes:
    def __init__(self, data, *, format, canvas_size):
        ((self.left, self.top, self.right, self.bottom),) = data
        assert 0 <= self.left < self.right <= canvas_size[1]
        assert 0 <= self.top < self.bottom <= canvas_size[0]


def modules() -> dict[str, types.ModuleType]:
    """What `import torchvision` finds."""
    v2 = types.ModuleType("torchvision.transforms.v2")
    for name, thing in globals().items():
        if isinstance(thing, type):
            setattr(v2, name, thing)
    tensors = types.ModuleType("torchvision.tv_tensors")
    tensors.Image = tensors.Mask = lambda data: data  # type: ignore[attr-defined]
    tensors.BoundingBoxes = BoundingBoxes  # type: ignore[attr-defined]
    top, transforms = types.ModuleType("torchvision"), types.ModuleType("torchvision.transforms")
    top.tv_tensors, transforms.v2 = tensors, v2  # type: ignore[attr-defined]
    return {
        "torchvision": top,
        "torchvision.transforms": transforms,
        "torchvision.transforms.v2": v2,
        "torchvision.tv_tensors": tensors,
    }
