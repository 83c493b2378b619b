"""What our own networks learned: their classes, from which pictures, and how often they are right.

>>> TRAINED["digits_lenet"].classes[3], TRAINED["shapes_vgg"].classes[3]
('3', 'square')

The figures are those that `assets/networks/train.py` printed; a test takes them again.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trained:
    """A network of the zoo with weights that come with the app."""

    network: str
    file: str
    """In assets/networks."""
    classes: tuple[str, ...]
    accuracy: float
    """On pictures that it never saw, from 0 to 1."""
    held_out: int
    learned_from: str
    licence: str


TRAINED = {
    one.network: one
    for one in (
        Trained(
            "digits_lenet",
            "digits_lenet.safetensors",
            tuple("0123456789"),
            0.9905,
            2000,
            "8,000 handwritten digits of MNIST, turned, scaled and moved a little",
            "MIT; the digits: MNIST by Yann LeCun and Corinna Cortes, CC BY-SA 3.0",
        ),
        Trained(
            "shapes_vgg",
            "shapes_vgg.safetensors",
            ("circle", "ring", "triangle", "square", "star", "cross", "stripes", "waves", "checks", "dots"),
            0.9965,
            2000,
            "12,000 pictures that cnnviz draws by rule",
            "CC0",
        ),
    )
}
