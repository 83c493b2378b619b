"""What our networks see: the same as torch's own layers, and as often right as the table says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors import safe_open
from torch import nn

from cnnviz.engine.networks.graph import INPUT
from cnnviz.engine.networks.seeing.maps import FOLDER, Eyes, own_eyes, random_eyes, see
from cnnviz.engine.networks.zoo.trained import TRAINED
from cnnviz.engine.pictures.digits import MOST_HANDS, digit, digit_sheet
from cnnviz.engine.pictures.drawn import draw_many
from cnnviz.engine.pictures.samples import sample


def plain_lenet(eyes: Eyes) -> nn.Sequential:
    """The digits network once more, written down by hand."""
    layers = nn.Sequential(
        nn.Conv2d(1, 8, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 64), nn.ReLU(), nn.Linear(64, 10),
    )  # fmt: skip
    layers.load_state_dict(dict(zip(layers.state_dict(), eyes.module.state_dict().values(), strict=True)))
    return layers


def plain_vgg(eyes: Eyes) -> nn.Sequential:
    parts: list[nn.Module] = []
    before = 3
    for block, channels in enumerate((16, 32, 48, 64), 1):
        for _ in range(2):
            parts += [nn.Conv2d(before, channels, 3, padding=1), nn.ReLU()]
            before = channels
        parts += [nn.MaxPool2d(2)] * (block < 4)
    layers = nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
    layers.load_state_dict(dict(zip(layers.state_dict(), eyes.module.state_dict().values(), strict=True)))
    return layers


@pytest.mark.parametrize(("name", "plain"), [("digits_lenet", plain_lenet), ("shapes_vgg", plain_vgg)])
def test_every_map_and_score_is_that_of_plain_layers(name, plain) -> None:
    eyes = own_eyes(name)
    x = eyes.prepare(sample("coffee").pixels)
    names = [node.name for node in eyes.network]
    seen = see(eyes, x, keep=(INPUT, *names))
    assert seen.maps[INPUT] is x
    held = torch.from_numpy(x)[None]
    with torch.no_grad():
        for node, layer in zip(names, plain(eyes), strict=True):
            held = layer(held)
            np.testing.assert_allclose(seen.maps[node], held[0].numpy(), rtol=1e-4, atol=1e-5, err_msg=node)
    np.testing.assert_allclose(seen.scores, held[0].numpy(), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(seen.chances, held[0].softmax(0).numpy(), rtol=1e-4, atol=1e-6)
    assert seen.best(3) == held[0].topk(3).indices.tolist()


def test_a_channel_that_is_off_counts_as_if_its_weights_were_nothing() -> None:
    eyes = own_eyes("digits_lenet")
    x = eyes.prepare(digit(3, 4))
    dark = see(eyes, x, keep=("conv1", "relu1", "conv2"), off=[("conv1", 2), ("conv1", 5), ("relu2", 0)])
    assert not dark.maps["conv1"][[2, 5]].any()
    layers: Any = plain_lenet(eyes)
    with torch.no_grad():
        layers[0].weight[[2, 5]] = 0
        layers[0].bias[[2, 5]] = 0
        layers[3].weight[0] = 0
        layers[3].bias[0] = 0
        scores = layers(torch.from_numpy(x)[None])[0].numpy()
    np.testing.assert_allclose(dark.scores, scores, rtol=1e-4, atol=1e-5)
    again = see(eyes, x, keep=("conv1",))
    assert again.maps["conv1"][[2, 5]].any()  # nothing of it stays


@pytest.mark.parametrize("name", TRAINED)
def test_weights_are_still_shared_and_never_learn(name) -> None:
    eyes = own_eyes(name)
    assert eyes is own_eyes(name)
    assert not any(one.requires_grad for one in eyes.module.parameters())
    assert not eyes.module.training
    assert (FOLDER / TRAINED[name].file).stat().st_size < 600_000


@pytest.mark.parametrize("name", TRAINED)
def test_the_table_repeats_what_the_training_printed(name) -> None:
    told = TRAINED[name]
    with safe_open(FOLDER / told.file, "pt") as file:
        about = file.metadata()
    assert (float(about["accuracy"]), int(about["held_out"])) == (told.accuracy, told.held_out)
    assert f"{int(about['learned']):,}" in told.learned_from
    sources = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    assert f"{told.accuracy:.2%}".replace("%", " %") in sources


def test_the_origin_of_every_file_is_told() -> None:
    sources = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    files = {one.name for one in FOLDER.iterdir() if one.is_file()} - {"SOURCES.md"}
    assert {name for name in files if name not in sources} == set()


def right(name: str, pictures: np.ndarray, labels: np.ndarray) -> float:
    """How often the largest score is the right class."""
    eyes = own_eyes(name)
    x = torch.from_numpy(np.stack([eyes.prepare(one) for one in pictures]))
    with torch.inference_mode():
        found = np.concatenate([eyes.module(part).argmax(1).numpy() for part in x.split(100)])
    return float((found == labels).mean())


def test_the_digits_network_reads_hands_that_it_never_saw() -> None:
    pictures = digit_sheet().reshape(-1, 28, 28)
    found = right("digits_lenet", pictures, np.repeat(np.arange(10), MOST_HANDS))
    assert found >= 0.985
    assert abs(found - TRAINED["digits_lenet"].accuracy) < 0.01  # half of the 2,000 that the table speaks of


def test_the_colour_network_knows_shapes_that_were_never_drawn_before() -> None:
    eyes = own_eyes("shapes_vgg")
    pictures, labels = draw_many(eyes.classes, 15, seed=20_251)
    found = right("shapes_vgg", pictures, labels)
    assert found >= 0.95
    assert abs(found - TRAINED["shapes_vgg"].accuracy) < 0.03


def test_what_a_network_is_shown_is_cut_from_the_middle() -> None:
    picture = np.zeros((40, 80, 3), np.uint8)
    picture[:, 20:60] = (10, 200, 30)
    eyes = own_eyes("shapes_vgg")
    cut = eyes.crop(picture)
    assert cut.shape == (64, 64, 3)
    assert (cut == (10, 200, 30)).all()
    assert own_eyes("digits_lenet").crop(picture).shape == (28, 28)
    small = np.arange(28 * 28, dtype=np.uint8).reshape(28, 28)
    assert (own_eyes("digits_lenet").crop(small) == small).all()
    assert (eyes.crop(small)[..., 0] == eyes.crop(small)[..., 2]).all()  # a digit for a network with colours


def test_as_imagenets_networks_were_shown_their_pictures() -> None:
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    eyes = replace(random_eyes("squeezenet1_1"), mean=mean, std=std, shorter=256)
    picture = sample("coffee").pixels
    x = eyes.prepare(picture)
    assert x.shape == (3, 224, 224)
    assert x.dtype == np.float32
    planes = torch.from_numpy(eyes.crop(picture).copy()).permute(2, 0, 1) / 255
    wanted = (planes - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    np.testing.assert_allclose(x, wanted.numpy(), atol=1e-6)
    height, width = picture.shape[:2]
    scale = 256 / min(height, width)
    side = 224 / scale  # of the square in the middle, in the picture's own pixels
    top, left = (height - side) / 2, (width - side) / 2
    whole = Image.fromarray(picture).resize((224, 224), Image.Resampling.BILINEAR, (left, top, left + side, top + side))
    assert np.abs(eyes.crop(picture).astype(int) - np.asarray(whole)).mean() < 3


@pytest.mark.parametrize("name", TRAINED)
def test_our_networks_see_values_from_0_to_1(name) -> None:
    eyes = own_eyes(name)
    cut = eyes.crop(sample("cat").pixels)
    x = eyes.prepare(cut)
    assert x.shape == eyes.input
    np.testing.assert_allclose(np.moveaxis(x, 0, -1).squeeze(), cut / 255, atol=1e-7)


def test_random_weights_have_a_seed() -> None:
    first, again, other = (random_eyes("digits_lenet", seed) for seed in (3, 3, 4))
    x = first.prepare(digit(1, 1))
    assert (see(first, x).scores == see(again, x).scores).all()
    assert (see(first, x).scores != see(other, x).scores).any()
    assert first.digest == again.digest != other.digest
    assert first.classes[9] == "class 9"
