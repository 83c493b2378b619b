"""Where a network looks, against PyTorch's own autograd, hooks and plain loops."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from cnnviz.engine.networks.seeing.maps import own_eyes, random_eyes
from cnnviz.engine.pictures.digits import digit
from cnnviz.engine.pictures.drawn import draw
from cnnviz.lessons.where_it_looks.trace import (
    FADING,
    covering,
    faded,
    grad_cam,
    lit,
    looking_layers,
    occlusion,
    saliency,
    score_of,
)


def plain_digits() -> nn.Sequential:
    """The same network as torch's own layers, in a row."""
    eyes = own_eyes("digits_lenet")
    model = nn.Sequential(
        nn.Conv2d(1, 8, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 64), nn.ReLU(), nn.Linear(64, 10),
    )  # fmt: skip
    weights = list(eyes.module.state_dict().values())
    model.load_state_dict(dict(zip(model.state_dict(), weights, strict=True)))
    return model.eval()


@pytest.mark.parametrize("number", [7, 2])
def test_gradient_is_autograds(number: int) -> None:
    eyes = own_eyes("digits_lenet")
    x = eyes.prepare(digit(7, 3))
    inputs = torch.tensor(x)[None].requires_grad_()
    plain_digits()(inputs)[0, number].backward()
    assert inputs.grad is not None
    slope = inputs.grad[0].numpy()
    np.testing.assert_allclose(saliency(eyes, x, number), np.abs(slope).max(0), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(saliency(eyes, x, number, "times"), (slope * x).sum(0), rtol=1e-4, atol=1e-6)


def test_smoothed_gradient_is_seeded() -> None:
    eyes = own_eyes("digits_lenet")
    x = eyes.prepare(digit(4, 1))
    one, same, other = (saliency(eyes, x, 4, "smooth", seed) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert one.shape == (28, 28)


@pytest.mark.parametrize(("layer", "place"), [("relu2", 5), ("conv1", 1), ("pool2", 6)])
def test_grad_cam_is_the_gradient_at_a_layer(layer: str, place: int) -> None:
    eyes, model = own_eyes("digits_lenet"), plain_digits()
    x = eyes.prepare(digit(3, 5))
    maps = model[:place](torch.tensor(x)[None]).detach().requires_grad_()
    model[place:](maps)[0, 3].backward()
    assert maps.grad is not None
    weights = maps.grad[0].mean((1, 2))
    wanted = (weights[:, None, None] * maps.detach()[0]).sum(0)
    cam = grad_cam(eyes, x, 3, layer)
    np.testing.assert_allclose(cam.weights, weights.numpy(), rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(cam.signed, wanted.numpy(), rtol=1e-3, atol=1e-5)
    assert cam.fine.shape == (28, 28)
    assert cam.fine.min() >= 0


def test_the_weights_are_left_alone() -> None:
    eyes = own_eyes("digits_lenet")
    grad_cam(eyes, eyes.prepare(digit(3, 5)), 3, "relu2")
    assert all(one.grad is None and not one.requires_grad for one in eyes.module.parameters())


@pytest.mark.parametrize(("patch", "step"), [(6, 2), (7, 3), (5, 5), (14, 9)])
def test_covering_one_place_after_the_other(patch: int, step: int) -> None:
    eyes = own_eyes("digits_lenet")
    x = eyes.prepare(digit(7, 3))
    *told, (done, count, found) = occlusion(eyes, x, 7, patch=patch, step=step)
    assert found is not None
    assert done == count == found.drops.size
    assert [one[0] for one in told] == sorted({one[0] for one in told})
    for row, column in ((0, 0), (1, 2), found.worst, tuple(np.array(found.drops.shape) - 1)):
        copy = x.copy()
        top, left = row * step + step // 2 - patch // 2, column * step + step // 2 - patch // 2
        copy[:, max(top, 0) : top + patch, max(left, 0) : left + patch] = x.mean()
        wanted = score_of(eyes, x[None], 7)[0] - score_of(eyes, copy[None], 7)[0]
        assert found.drops[row, column] == pytest.approx(wanted, abs=1e-4)
        assert found.box(row, column, (28, 28)) == (
            max(top, 0), max(left, 0), min(top + patch, 28) - max(top, 0), min(left + patch, 28) - max(left, 0),
        )  # fmt: skip


def test_covering_knows_colours() -> None:
    x = np.stack([np.full((4, 4), one, np.float32) for one in (0.1, 0.5, 0.9)])
    assert covering(x, "mean").tolist() == pytest.approx([0.1, 0.5, 0.9])
    assert covering(x, "grey").tolist() == pytest.approx([0.5] * 3)
    assert covering(x, "black").tolist() == pytest.approx([0.1] * 3)


def test_fading_by_a_good_map_beats_chance() -> None:
    eyes = own_eyes("shapes_vgg")
    x = eyes.prepare(draw("star", 4))
    number = eyes.classes.index("star")
    good = faded(eyes, x, number, saliency(eyes, x, number, "smooth"))
    chance = faded(eyes, x, number, np.random.default_rng(0).random((64, 64)).astype(np.float32))
    assert len(good) == FADING + 1
    assert good[0] == chance[0] > 0.9
    assert good.mean() < chance.mean()


def test_layers_that_still_know_places() -> None:
    assert looking_layers(own_eyes("digits_lenet").network)[-1] == "pool2"
    assert looking_layers(own_eyes("shapes_vgg").network)[-1] == "relu4_2"
    assert looking_layers(random_eyes("squeezenet1_1").network)[-1] == "classifier.2"


def test_nothing_important_stays_dim() -> None:
    assert lit(np.full((2, 2, 3), 100, np.uint8), np.zeros((2, 2), np.float32)).max() == 50
