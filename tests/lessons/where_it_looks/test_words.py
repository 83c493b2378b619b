"""The words and the code of the page Where it looks: the code is run, and finds what the engine found."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from cnnviz.engine.networks.seeing.maps import FOLDER, own_eyes
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.engine.networks.zoo.trained import TRAINED
from cnnviz.engine.pictures.digits import digit
from cnnviz.engine.pictures.drawn import draw
from cnnviz.lessons.where_it_looks.code import looking_code
from cnnviz.lessons.where_it_looks.trace import Cam, grad_cam, occlusion, saliency
from cnnviz.lessons.where_it_looks.words import cam_formula, cam_words, fading_words, occlusion_words, saliency_formula
from tests.explain.running import run_and_listen


@pytest.mark.parametrize(
    ("name", "pixels", "number", "layer"),
    [("digits_lenet", digit(7, 3), 7, "relu2"), ("shapes_vgg", draw("star", 4), 4, "conv3_1")],
)
def test_the_code_finds_what_the_page_shows(name, pixels, number, layer, tmp_path: Path) -> None:
    eyes = own_eyes(name)
    x = eyes.prepare(pixels)
    Image.fromarray(pixels).save(tmp_path / "picture.png")
    (tmp_path / TRAINED[name].file).symlink_to(FOLDER / TRAINED[name].file)
    names, printed = run_and_listen(looking_code(eyes, layer, number, 9, 4), tmp_path)
    np.testing.assert_allclose(names["saliency"].numpy(), saliency(eyes, x, number), rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(names["cam"].numpy(), grad_cam(eyes, x, number, layer).coarse, rtol=1e-3, atol=1e-5)
    *_, (_, _, covered) = occlusion(eyes, x, number, patch=9, step=4)
    assert covered is not None
    np.testing.assert_allclose(names["drops"].numpy(), covered.drops, atol=1e-4)
    row, column = covered.worst
    assert printed[-1].startswith(f"covering {row * 4} {column * 4} costs ")


def test_the_code_of_published_networks_compiles() -> None:
    eyes = SimpleNamespace(
        network=ARCHITECTURES["resnet18"], input=(3, 224, 224), mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225)
    )
    code = looking_code(eyes, "layer4.1.add", 3, 45, 32)  # type: ignore[arg-type]
    compile(code, "page", "exec")
    assert 'torchvision.models.resnet18(weights="IMAGENET1K_V1")' in code
    assert ".view(7, 7)" in code


def test_formulas_hold_the_largest_weights() -> None:
    cam = Cam(np.array([0.1, -0.5, 0.25], np.float32), -np.ones((2, 3), np.float32), np.zeros((4, 6), np.float32))
    assert r"\mathrm{ReLU}\bigl(-0.5\,A_{1}\\ &\quad +0.25\,A_{2} + \dots\bigr)" in cam_formula(cam)
    assert r"\frac1{2 \cdot 3}" in cam_formula(cam)
    assert "nothing is left" in cam_words(cam, "relu2")
    assert r"\text{a\_b}" in saliency_formula("plain", "a_b")


def test_words_say_which_way_the_score_goes() -> None:
    found = SimpleNamespace(drops=np.zeros((2, 2)))
    assert "falls by 1.50." in occlusion_words(found, (0, 0, 3, 3), 1.5, "7")  # type: ignore[arg-type]
    assert "rises by 1.50." in occlusion_words(found, (0, 0, 3, 3), -1.5, "7")  # type: ignore[arg-type]


def test_the_best_map_is_named() -> None:
    curves = {"Gradient": np.array([1.0, 0.9, 0.2]), "Grad-CAM": np.array([1.0, 0.3, 0.1])}
    assert fading_words(curves).startswith(
        "Pixels are covered, the most important first. **Grad-CAM** makes the chance fall fastest: half of it is gone"
    )
