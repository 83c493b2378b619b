"""Weights of others in our networks: names and shapes, kinds of files, hostile files, what the learner is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save

from cnnviz.engine.networks.seeing.imagenet import imagenet_classes
from cnnviz.engine.networks.seeing.maps import Eyes, see
from cnnviz.engine.networks.weights.cache import weight_of
from cnnviz.engine.networks.weights.file import open_weights
from cnnviz.engine.networks.weights.fitting import find_network, loaded_eyes, misfit, needed_shapes, untrained_eyes
from cnnviz.engine.networks.weights.published import PUBLISHED_FILES
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.engine.networks.zoo.trained import TRAINED
from cnnviz.errors import WeightsError
from cnnviz.state.subject import PUBLISHED
from tests.hostile.weights import archives, pickled_files, programs, safetensors_files, saved, tensors

TORCHVISION = {
    "alexnet": ("9b204a0e6319caba", 16),
    "vgg11": ("839b1d4e93d78d88", 22),
    "vgg13": ("16c588a61614aa27", 26),
    "vgg16": ("e36b43eb356035da", 32),
    "vgg19": ("fafd9d516f77ba55", 38),
    "resnet18": ("bd0b28d3209a171d", 102),
    "resnet34": ("3527dbbb4ac82262", 182),
    "resnet50": ("a506be68cf630f4c", 267),
    "resnet101": ("b7894632184dafb1", 522),
    "resnet152": ("e13c31ea628f8ac7", 777),
    "wide_resnet50_2": ("3ace44a0831eff03", 267),
    "densenet121": ("9de4aad2d5fb03ee", 606),
    "mobilenet_v2": ("1f27e3d93ac9d0ff", 262),
    "squeezenet1_1": ("a462856ef96ade94", 52),
    "googlenet": ("0023758f57ab4b64", 287),
}
"""SHA-256 of the sorted lines "name 64x3x7x7" of torchvision 0.28's own networks, and how many lines there are."""
OWN = "digits_lenet"
BATCH_NORMED = "mobilenet_v2"


def generated(name: str, seed: int = 0) -> dict[str, torch.Tensor]:
    dice = torch.Generator().manual_seed(seed)
    return {key: (torch.rand(shape, generator=dice) + 0.1) / 64 for key, shape in needed_shapes(name).items()}


def written(folder: Path, data: bytes, name: str = "weights") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def loaded(name: str, path: Path) -> Eyes:
    with open_weights(path) as file:
        return loaded_eyes(name, file)


def same(eyes: Eyes, state: dict[str, torch.Tensor]) -> bool:
    found = eyes.module.state_dict()
    return all(torch.equal(found[key], tensor.to(torch.float32)) for key, tensor in state.items())


@pytest.mark.parametrize("name", TORCHVISION)
def test_names_and_shapes_are_those_of_torchvision(name: str) -> None:
    lines = sorted(f"{key} {'x'.join(map(str, shape))}" for key, shape in needed_shapes(name).items())
    assert (hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16], len(lines)) == TORCHVISION[name]


def test_every_published_network_is_known_everywhere() -> None:
    assert set(PUBLISHED_FILES) == set(TORCHVISION) == set(PUBLISHED)
    for name, published in PUBLISHED_FILES.items():
        assert len(published.hash_start) == 8
        assert int(published.hash_start, 16) >= 0
        halves = 0.5 if name == "wide_resnet50_2" else 2 if name == "googlenet" else 1  # half precision; helper heads
        assert published.megabytes == pytest.approx(weight_of(name) * halves / 2**20, rel=0.04, abs=0.5)


@pytest.mark.parametrize("name", TORCHVISION)
def test_a_generated_state_dict_is_loaded(name: str) -> None:
    """Every value of a tensor is its own number, so that large networks cost nothing to generate."""
    values = {key: (1 + number / 1024) / 2**14 for number, key in enumerate(needed_shapes(name))}
    state = {key: torch.tensor(values[key]).expand(shape) for key, shape in needed_shapes(name).items()}
    eyes = loaded_eyes(name, state)
    for key, tensor in eyes.module.state_dict().items():
        if key in values:
            assert tensor.dtype == torch.float32
            assert float(tensor.flatten()[0]) == float(tensor.flatten()[-1]) == values[key]
        else:
            assert int(tensor) == 0
    assert not eyes.module.training
    assert not any(one.requires_grad for one in eyes.module.parameters())
    assert eyes.classes == imagenet_classes()
    assert eyes.shorter == 256


@pytest.mark.parametrize("kind", ["archive", "old", "safetensors"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64])
def test_all_kinds_of_files_and_numbers(tmp_path: Path, kind: str, dtype: torch.dtype) -> None:
    state = {key: tensor.to(dtype) for key, tensor in generated(OWN).items()}
    data = save(state) if kind == "safetensors" else saved(state, old=kind == "old")
    assert same(loaded(OWN, written(tmp_path, data)), state)


WRAPPED: dict[str, Any] = {
    "DataParallel": lambda state: {f"module.{key}": one for key, one in state.items()},
    "state_dict": lambda state: {"epoch": 3, "best": 0.9, "state_dict": state, "optimizer": {"state": {}}},
    "model": lambda state: {"model": state, "args": None},
    "compiled, in parallel, inside": lambda state: {
        "state": 1, "model": {"state_dict": {f"module._orig_mod.{key}": one for key, one in state.items()}},
    },
    "parameters": lambda state: {key: torch.nn.Parameter(one) for key, one in state.items()},
    "another order": lambda state: dict(reversed(state.items())),
    "counters": lambda state: state | {"conv1.num_batches_tracked": torch.tensor(7)},
}  # fmt: skip


@pytest.mark.parametrize("way", WRAPPED)
@pytest.mark.parametrize("old", [False, True])
def test_weights_are_found_where_training_scripts_put_them(tmp_path: Path, way: str, old: bool) -> None:
    state = generated(OWN)
    assert same(loaded(OWN, written(tmp_path, saved(WRAPPED[way](state), old=old))), state)


def test_densenets_older_names_and_missing_counters(tmp_path: Path) -> None:
    state = generated("densenet121")
    old = {
        key.replace("norm1.", "norm.1.")
        .replace("norm2.", "norm.2.")
        .replace("conv1.", "conv.1.")
        .replace("conv2.", "conv.2."): tensor
        for key, tensor in state.items()
    }
    assert "features.denseblock1.denselayer1.norm.1.weight" in old
    assert same(loaded("densenet121", written(tmp_path, saved(old))), state)


def test_googlenets_helper_heads_are_left_out() -> None:
    state = generated("googlenet")
    eyes = loaded_eyes("googlenet", state | {"aux1.fc2.weight": torch.ones(1000, 1024)})
    assert same(eyes, state)
    assert eyes.mean == eyes.std == (0.5, 0.5, 0.5)
    assert {one.eps for one in eyes.module.modules() if isinstance(one, torch.nn.BatchNorm2d)} == {1e-3}
    assert misfit("resnet18", {**needed_shapes("resnet18"), "aux1.a": (1,)}).extra == ("aux1.a",)


@pytest.mark.parametrize(("name", "head"), [("squeezenet1_1", "classifier.1"), (BATCH_NORMED, "classifier.1")])
def test_another_last_layer_brings_its_own_classes(name: str, head: str) -> None:
    state = generated(name)
    for part in ("weight", "bias"):
        state[f"{head}.{part}"] = state[f"{head}.{part}"][:7]
    eyes = loaded_eyes(name, state)
    assert same(eyes, state)
    assert eyes.classes == tuple(f"class {number}" for number in range(7))
    assert eyes.other_classes == 7
    assert find_network({key: tuple(one.shape) for key, one in state.items()}) == name
    seen = see(eyes, eyes.prepare(np.full((60, 90, 3), 128, np.uint8)))
    assert seen.scores.shape == (7,)


def test_a_last_layer_that_contradicts_itself_is_refused() -> None:
    state = generated(OWN)
    state["fc2.bias"] = state["fc2.bias"][:7]
    with pytest.raises(WeightsError, match=r"1 has another shape \(`fc2.bias` is 7, and it needs 10\)"):
        loaded_eyes(OWN, state)


def test_the_weights_are_the_ones_that_compute() -> None:
    trained = untrained_eyes("squeezenet1_1", 4)
    again = loaded_eyes("squeezenet1_1", trained.module.state_dict())
    x = again.prepare(np.random.default_rng(1).integers(0, 256, (40, 70, 3), dtype=np.uint8))
    assert np.array_equal(see(again, x).scores, see(trained, x).scores)
    asked = torch.from_numpy(x)[None].requires_grad_()
    again.module(asked)[0, 3].backward()
    assert asked.grad is not None
    assert torch.isfinite(asked.grad).all()


def test_our_own_networks_take_files_too() -> None:
    assert loaded_eyes(OWN, generated(OWN)).classes == TRAINED[OWN].classes
    assert loaded_eyes("lenet5", generated("lenet5")).classes[-1] == "class 9"


@pytest.mark.parametrize("name", ["squeezenet1_1", "resnet34", "vgg19", "vgg16", "googlenet", OWN, "unet_padded"])
def test_the_network_of_a_file_is_found(name: str) -> None:
    found = find_network(needed_shapes(name))
    assert needed_shapes(found) == needed_shapes(name)


def empty(name: str) -> dict[str, Any]:
    return {key: torch.empty(shape, device="meta") for key, shape in needed_shapes(name).items()}


def test_another_networks_weights_are_named() -> None:
    with pytest.raises(WeightsError, match="does fit ResNet-34") as caught:
        loaded_eyes("resnet18", empty("resnet34"))
    assert caught.value.fits == "resnet34"
    assert "80 in the file have no place in it" in str(caught.value)
    with pytest.raises(WeightsError, match=r"80 of its 182 tensors are missing \(`layer1\.2\.conv1"):
        loaded_eyes("resnet34", empty("resnet18"))
    with pytest.raises(WeightsError, match="none of its 102 tensors is in the file, whose first ones are `features"):
        loaded_eyes("resnet18", empty("vgg16"))


def test_missing_wrong_and_strange_tensors_are_named() -> None:
    state = generated(OWN)
    conv = state.pop("conv1.weight")
    with pytest.raises(WeightsError, match=r"1 of its 8 tensors is missing \(`conv1.weight`\)\. It fits no other"):
        loaded_eyes(OWN, state)
    state["conv1.weight"] = conv[:, :, :3, :3]
    with pytest.raises(WeightsError, match=r"`conv1.weight` is 8×1×3×3, and it needs 8×1×5×5"):
        loaded_eyes(OWN, state)
    with pytest.raises(WeightsError, match=r"1 in the file has no place in it \(`more`\)"):
        loaded_eyes(OWN, state | {"conv1.weight": conv, "more": conv})


def test_values_that_no_network_can_compute_with() -> None:
    state = generated(OWN)
    for bad in (torch.nan, torch.inf):
        spoiled = state | {"fc1.bias": state["fc1.bias"].index_fill(0, torch.tensor([2, 5]), bad)}
        with pytest.raises(WeightsError, match=r"2 of the 64 values of `fc1\.bias` are NaN or infinite"):
            loaded_eyes(OWN, spoiled)
    with pytest.raises(WeightsError, match="are NaN or infinite"):
        loaded_eyes(OWN, state | {"fc1.bias": torch.full((64,), 1e300, dtype=torch.float64)})
    for kind in (torch.int64, torch.uint8, torch.bool, torch.complex64, torch.float8_e4m3fn):
        with pytest.raises(WeightsError, match=r"`fc1\.bias` has values of type"):
            loaded_eyes(OWN, state | {"fc1.bias": torch.ones(64).to(kind)})
    normed = generated(BATCH_NORMED)
    normed["features.0.1.running_var"][3] = -1
    with pytest.raises(WeightsError, match="negative variances"):
        loaded_eyes(BATCH_NORMED, normed)


def hostile(folder: str) -> Iterator[tuple[str, bytes, str]]:
    yield from pickled_files(folder)
    yield from safetensors_files()
    yield from archives()
    yield from programs()
    yield from tensors()


def test_numbers_that_are_no_trained_weights() -> None:
    state = generated("squeezenet1_1")
    with pytest.raises(WeightsError, match=r"noise makes \de\+\d+ in `features\..*its numbers are no trained weights"):
        loaded_eyes("squeezenet1_1", {key: 640 * one for key, one in state.items()})
    with pytest.raises(WeightsError, match="noise makes NaN or infinity in `conv1`"):
        loaded_eyes(OWN, {key: torch.full_like(one, 3e38) for key, one in generated(OWN).items()})


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("canary") / "bird"


@pytest.fixture(scope="module")
def corpus(canary: Path) -> dict[str, tuple[bytes, str]]:
    return {name: (data, said) for name, data, said in hostile(str(canary))}


@pytest.mark.parametrize("name", [name for name, _, _ in hostile("bird")])
def test_hostile_files_get_one_sentence(
    tmp_path: Path, canary: Path, corpus: dict[str, tuple[bytes, str]], name: str
) -> None:
    data, said = corpus[name]
    with pytest.raises(WeightsError) as caught:
        loaded("lecture_cnn", written(tmp_path, data))
    assert said in str(caught.value)
    assert len(str(caught.value)) < 420
    assert not canary.exists()


def test_a_file_that_is_gone() -> None:
    with pytest.raises(WeightsError, match="not there any more"):
        loaded(OWN, Path("nowhere"))


GOOD = {
    "archive": saved(generated("lecture_cnn")),
    "old": saved(generated("lecture_cnn"), old=True),
    "safetensors": save(generated("lecture_cnn")),
}


@pytest.mark.parametrize("kind", GOOD)
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6))
def test_damaged_files_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, kind: str, damage: Any) -> None:
    data = bytearray(GOOD[kind])
    for place, value in damage:
        data[int(place * len(data))] = value
    try:
        eyes = loaded("lecture_cnn", written(tmp_path_factory.getbasetemp(), bytes(data), "damaged"))
    except WeightsError as error:
        assert len(str(error)) < 600
    else:
        assert all(torch.isfinite(one).all() for one in eyes.module.state_dict().values())


def test_every_zoo_network_is_told_apart() -> None:
    alike = [{name for name in ARCHITECTURES if misfit(name, needed_shapes(one)).fits} for one in ARCHITECTURES]
    assert {len(group) for group in alike} <= {1, 2}
    assert {"unet_paper", "unet_padded"} in alike
