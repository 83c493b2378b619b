"""The two networks that we trained ourselves, small enough to be looked at whole; `trained.py` says on what."""

from __future__ import annotations

from cnnviz.engine.networks.graph import Draft, Network
from cnnviz.engine.networks.layers.kinds import Activation, AdaptivePool, Conv, Flatten, Layer, Linear, Pool

RELU = Activation("relu")


def digits_lenet() -> Network:
    """Build the reader of handwritten digits: LeNet-5 in today's dress, with half its decision layers."""
    draft = Draft("digits_lenet", "Digits (ours)", (1, 28, 28), "Trained by us on handwritten digits.")
    layers: tuple[tuple[str, Layer], ...] = (
        ("conv1", Conv(8, 5, padding=2)), ("relu1", RELU), ("pool1", Pool(2)),
        ("conv2", Conv(16, 5)), ("relu2", RELU), ("pool2", Pool(2)), ("flatten", Flatten()),
        ("fc1", Linear(64)), ("relu3", RELU), ("fc2", Linear(10)),
    )  # fmt: skip
    for name, layer in layers:
        draft.add(name, layer)
    return draft.done()


def shapes_vgg() -> Network:
    """Build the colour network: pairs of 3 by 3 convolutions as in VGG, and a mean over all places at the end."""
    draft = Draft("shapes_vgg", "Shapes and textures (ours)", (3, 64, 64), "Trained by us on pictures drawn by rule.")
    for block, channels in enumerate((16, 32, 48, 64), 1):
        for number in (1, 2):
            draft.add(f"conv{block}_{number}", Conv(channels, 3, padding=1))
            draft.add(f"relu{block}_{number}", RELU)
        if block < 4:
            draft.add(f"pool{block}", Pool(2))
    draft.add("gap", AdaptivePool(1, how="avg"))
    draft.add("flatten", Flatten())
    draft.add("fc", Linear(10))
    return draft.done()
