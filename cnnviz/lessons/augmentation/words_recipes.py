"""The usual way in practice: the same ranges as a torchvision.transforms.v2 recipe, and mix-up in a training step.

>>> from cnnviz.lessons.augmentation.spec import AugmentSpec
>>> print(torchvision_recipe(AugmentSpec(on=("rotate", "hflip")), (448, 448)))
import torch
from torchvision.transforms import v2
<BLANKLINE>
augment = v2.Compose([
    v2.RandomAffine(degrees=30, interpolation=v2.InterpolationMode.BILINEAR),
    v2.RandomHorizontalFlip(p=0.5),
    v2.ToDtype(torch.float32, scale=True),
])
# dataset = ImageFolder("photos", transform=v2.Compose([v2.ToImage(), augment]))
# Each epoch draws new numbers. For validation and testing: none of this.
"""

from __future__ import annotations

import math

from cnnviz.lessons.augmentation.spec import AugmentSpec
from cnnviz.lessons.augmentation.spec_ops import CUT_GREY, LEAST_CUT, LEAST_FACTOR, LEAST_SIGMA, RATIO, UNCOVERS
from cnnviz.lessons.augmentation.trace_draw import Size


def torchvision_recipe(spec: AugmentSpec, size: Size) -> str:
    """Give the recipe with the same ranges."""
    lines = [*_places(spec, size), *_colours(spec), "v2.ToDtype(torch.float32, scale=True),", *_damage(spec)]
    notes = []
    if spec.border != "zeros" and any(spec.is_on(name) for name in UNCOVERS):
        notes.append(
            "# RandomAffine only fills with a colour; for mirrored edges put v2.Pad(..., padding_mode=...) before."
        )
    head = ["import torch", "from torchvision.transforms import v2", ""]
    if spec.is_on("salt"):
        head += [
            "def salt_and_pepper(x):",
            "    chance = torch.rand(x.shape[-2:])",
            f"    x = x.masked_fill(chance < {spec.strength('salt') / 200:g}, 0)",
            f"    return x.masked_fill(chance >= {1 - spec.strength('salt') / 200:g}, 1)",
            "",
        ]
    body = ["augment = v2.Compose([", *(f"    {line}" for line in lines), "])"]
    tail = [
        '# dataset = ImageFolder("photos", transform=v2.Compose([v2.ToImage(), augment]))',
        "# Each epoch draws new numbers. For validation and testing: none of this.",
    ]
    return "\n".join([*head, *body, *notes, *tail, *_batches(spec)])


def _places(spec: AugmentSpec, size: Size) -> list[str]:
    lines, (height, width) = [], size
    if spec.is_on("crop"):
        own = width / height
        low, high = (f"{own * part:.3g}" for part in RATIO)
        lines.append(
            f"v2.RandomResizedCrop(({height}, {width}), scale=({1 - spec.strength('crop') / 100:g}, 1), "
            f"ratio=({low}, {high})),"
        )
    affine = []
    if any(spec.is_on(name) for name in UNCOVERS):
        affine.append(f"degrees={spec.strength('rotate') if spec.is_on('rotate') else 0:g}")
    if spec.is_on("shift"):
        part = f"{spec.strength('shift') / 100:g}"
        affine.append(f"translate=({part}, {part})")
    if spec.is_on("scale"):
        reach = spec.strength("scale") / 100
        affine.append(f"scale=({max(LEAST_FACTOR, 1 - reach):g}, {1 + reach:g})")
    if spec.is_on("shear"):
        affine.append(f"shear={spec.strength('shear'):g}")
    if affine:
        fill = "interpolation=v2.InterpolationMode.BILINEAR"
        lines += _call("RandomAffine", [*affine, fill])
    for name, kind in (("hflip", "Horizontal"), ("vflip", "Vertical")):
        if spec.is_on(name):
            lines.append(f"v2.Random{kind}Flip(p={spec.strength(name) / 100:g}),")
    return lines


def _call(name: str, arguments: list[str]) -> list[str]:
    one = f"v2.{name}({', '.join(arguments)}),"
    if len(one) <= 100:
        return [one]
    return [f"v2.{name}(", *(f"    {argument}," for argument in arguments), "),"]


def _colours(spec: AugmentSpec) -> list[str]:
    words = {"bright": "brightness", "contrast": "contrast", "sat": "saturation"}
    jitter = [f"{word}={spec.strength(name) / 100:g}" for name, word in words.items() if spec.is_on(name)]
    if spec.is_on("hue"):
        jitter.append(f"hue={spec.strength('hue') / 360:.4g}")
    lines = [f"v2.ColorJitter({', '.join(jitter)}),"] if jitter else []
    if spec.is_on("blur"):
        sigma = spec.strength("blur")
        side = 2 * math.ceil(3 * sigma) + 1
        lines.append(f"v2.GaussianBlur({side}, sigma=({LEAST_SIGMA:g}, {sigma:g})),")
    return lines


def _damage(spec: AugmentSpec) -> list[str]:
    lines = []
    if spec.is_on("noise"):
        lines.append(f"v2.GaussianNoise(sigma={spec.strength('noise') / 100:g}),")
    if spec.is_on("salt"):
        lines.append("v2.Lambda(salt_and_pepper),")
    if spec.is_on("cut"):
        most = max(spec.strength("cut") / 100, LEAST_CUT)
        lines.append(f"v2.RandomErasing(p=1, scale=({LEAST_CUT:g}, {most:g}), ratio=(1, 1), value={CUT_GREY:g}),")
    return lines


def _batches(spec: AugmentSpec) -> list[str]:
    """Mix whole batches, labels and all."""
    made = {"mix": "MixUp", "cutmix": "CutMix"}
    calls = [
        f"v2.{kind}(alpha={spec.strength(name):g}, num_classes=CLASSES)"
        for name, kind in made.items()
        if spec.is_on(name)
    ]
    if not calls:
        return []
    chosen = calls[0] if len(calls) == 1 else f"v2.RandomChoice([{', '.join(calls)}])"
    return [
        "",
        "CLASSES = 10",
        f"mix = {chosen}",
        "# for x, y in loader:",
        "#     x, y = mix(x, y)  # y becomes (N, CLASSES): λ of one class, 1 − λ of another",
        "#     loss = torch.nn.functional.cross_entropy(model(x), y)",
    ]


def mixup_step(alpha: float) -> str:
    """Give mix-up as one training step in plain PyTorch."""
    return f"""import torch
import torch.nn.functional as F

def mix_up(x, y, classes, alpha={alpha:g}):
    \"\"\"Mix a batch with itself in another order; the labels are mixed with the same λ.\"\"\"
    weight = torch.distributions.Beta(alpha, alpha).sample()
    other = torch.randperm(len(x))
    x = weight * x + (1 - weight) * x[other]
    y = F.one_hot(y, classes).float()
    return x, weight * y + (1 - weight) * y[other]

x, y = torch.rand(4, 3, 8, 8), torch.tensor([0, 1, 2, 1])
x, y = mix_up(x, y, classes=3)
print(y, y.sum(dim=1))  # each row sums to 1
# loss = F.cross_entropy(model(x), y)  # takes such mixed labels as they are
"""


def boxes_recipe(spec: AugmentSpec, size: Size, box: tuple[int, int, int, int]) -> str:
    """Give torchvision's way to move boxes and masks along."""
    row, column, height, width = box
    lines = _places(spec, size) or ["v2.Identity(),  # nothing that is on moves pixels"]
    return "\n".join(
        [
            "import torch",
            "from PIL import Image",
            "from torchvision import tv_tensors",
            "from torchvision.transforms import v2",
            "",
            'image = tv_tensors.Image(Image.open("picture.png").convert("RGB"))',
            "boxes = tv_tensors.BoundingBoxes(",
            f"    [[{column}, {row}, {column + width}, {row + height}]],  # left, top, right, bottom",
            f'    format="XYXY", canvas_size=({size[0]}, {size[1]}),',
            ")",
            f"mask = torch.zeros(1, {size[0]}, {size[1]}, dtype=torch.uint8)",
            f"mask[:, {row}:{row + height}, {column}:{column + width}] = 1",
            "mask = tv_tensors.Mask(mask)",
            "",
            "augment = v2.Compose([",
            *(f"    {line}" for line in lines),
            "    v2.ClampBoundingBoxes(),",
            "    v2.SanitizeBoundingBoxes(labels_getter=None),  # drops boxes that left the picture",
            "])",
            "image, boxes, mask = augment(image, boxes, mask)  # the same numbers for all three",
        ]
    )
