"""Honest files of all kinds, read as PyTorch reads them: torch.load and safetensors are the oracle."""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.engine.networks.modules import build_module
from cnnviz.engine.networks.weights import file as weights_file
from cnnviz.engine.networks.weights import folder as weights_folder
from cnnviz.engine.networks.weights.claim import Claim
from cnnviz.engine.networks.weights.file import open_weights
from cnnviz.engine.networks.weights.fitting import loaded_eyes, needed_shapes
from cnnviz.engine.networks.weights.folder import files_for
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.engine.tasks.pool import failure
from cnnviz.errors import WeightsError, WorkerError
from tests.hostile.weights import saved

KINDS = ("archive", "old", "safetensors")
FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def dice(*shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape))).to(dtype)


def states() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "types", {str(one): dice(3, 4, dtype=one) for one in FLOATS}
    base = dice(6, 8, 3, 3)
    yield "tied", {"a": base, "b": base, "c": base[0]}
    yield "views", {"rows": base[2:4], "columns": base[:, 1:5], "every other": base[::2, ::3], "turned": base[0, 0].t()}
    yield "one value shown often", {"a": dice(1).expand(4, 4), "b": dice(4, 1).expand(4, 4)}
    yield "channels last", {"a": dice(2, 3, 4, 5).contiguous(memory_format=torch.channels_last)}
    yield "sizes", {"none": dice(0), "none of many": dice(3, 0, 2), "one": dice(1), "a number": dice(1)[0]}
    yield "parameters", {"a": torch.nn.Parameter(base), "b": torch.nn.Parameter(base[1:], requires_grad=False)}
    module = build_module(ARCHITECTURES["shapes_vgg"], seed=1)
    assert module.state_dict()._metadata
    yield "a state dict", module.state_dict()
    yield "an ordered dictionary", OrderedDict(b=base, a=base[0])
    yield "other things beside", {"a": base, "steps": 7, "rate": 0.1, "names": ["x", ("y", None)], "on": True}


STATES = dict(states())


def checked(path: Path, theirs: dict[str, Any]) -> None:
    tensors = {name: one for name, one in theirs.items() if isinstance(one, torch.Tensor)}
    with open_weights(path) as ours:
        assert list(ours) == list(tensors)
        for name, one in tensors.items():
            assert ours.shapes[name] == tuple(one.shape)
            if one.is_floating_point():
                assert ours[name].dtype == one.dtype
                assert torch.equal(ours[name], one)


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("kind", KINDS)
def test_honest_files_are_read_as_their_makers_read_them(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / "weights"
    state = STATES[name]
    if kind == "safetensors":
        tensors = {key: one for key, one in state.items() if isinstance(one, torch.Tensor)}
        path.write_bytes(safetensors.torch.save({key: one.clone().contiguous() for key, one in tensors.items()}))
        theirs = safetensors.torch.load_file(path)
        theirs = {key: theirs[key] for key in theirs}
        with open_weights(path) as ours:
            assert dict(ours.items()).keys() == theirs.keys()
            assert all(torch.equal(ours[key], theirs[key]) for key in theirs)
        return
    path.write_bytes(saved(state, old=kind == "old"))
    checked(path, torch.load(path, weights_only=True))


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
@pytest.mark.parametrize("protocol", [2, 3])
def test_other_ways_to_save(tmp_path: Path, protocol: int) -> None:
    path = tmp_path / "größe.pth"
    torch.save(STATES["tied"], path, pickle_protocol=protocol)
    checked(path, torch.load(path, weights_only=True))
    torch.save({"state_dict": STATES["tied"], "optimizer": {"state": {0: {"moment": dice(9)}}}}, path)
    checked(path, STATES["tied"])
    file = io.BytesIO()
    torch.save({"model": STATES["tied"], "more": {"x": dice(5)}}, file, _use_new_zipfile_serialization=False)
    path.write_bytes(file.getvalue())
    checked(path, STATES["tied"])


cuts = st.tuples(st.integers(0, 5), st.integers(1, 6), st.integers(1, 3))


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(4)), st.lists(cuts, min_size=4, max_size=4), st.booleans())
def test_any_view_of_a_tensor(tmp_path_factory: pytest.TempPathFactory, order: Any, where: Any, old: bool) -> None:
    view = dice(3, 4, 5, 6).permute(order)[tuple(slice(start, start + count, step) for start, count, step in where)]
    path = tmp_path_factory.getbasetemp() / "view"
    path.write_bytes(saved({"a": view, "b": view[:1]}, old=old))
    checked(path, torch.load(path, weights_only=True))


def test_values_that_lie_too_far_apart_are_not_gathered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "far"
    path.write_bytes(saved({"a": dice(2, 40_000).t()[:1], "b": dice(40_000)[::20_000]}))
    monkeypatch.setattr(weights_file, "ROOM", 170_000)
    with open_weights(path) as file:
        assert file["a"].shape == (1, 2)
        with pytest.raises(WeightsError, match=r"`b` lie too far apart"):
            assert file["b"] is None


def test_a_file_that_grows_shorter_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "short"
    path.write_bytes(safetensors.torch.save({"a": dice(1000)}))
    with open_weights(path) as file:
        path.write_bytes(path.read_bytes()[:1000])
        with pytest.raises(WeightsError, match="it ended while `a` was read"):
            assert file["a"] is None


@pytest.mark.parametrize(
    "claim",
    [
        Claim("float32", (100,), (1,), 0),
        Claim("float32", (2,), (1,), 10**9),
        ("x", (2,), (1,), 0),
        ("float32", 2, 1, 0),
    ],
)
def test_what_a_worker_says_is_held_against_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, claim: Any
) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(64))

    class Mad:
        def ask(self, task: str, **about: Any) -> Any:
            return {"a": claim}

    monkeypatch.setattr(weights_file, "pool", Mad)
    with pytest.raises(WeightsError, match="damaged"), open_weights(path):
        pass


def test_a_last_layer_that_would_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = {
        key: (90_000, *shape[1:]) if key.startswith("classifier.6.") else shape
        for key, shape in needed_shapes("vgg16").items()
    }
    state = {key: torch.zeros(1).expand(shape) for key, shape in shapes.items()}
    with pytest.raises(WeightsError, match=r"With 90,000 classes VGG-16 .*would take 1,9\d\d MB of memory, and 700 MB"):
        loaded_eyes("vgg16", state)


def test_a_busy_moment_is_not_remembered_of_the_servers_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNNVIZ_WEIGHTS", str(tmp_path))
    (tmp_path / "a.pth").write_bytes(saved({key: torch.zeros(shape) for key, shape in needed_shapes("lenet5").items()}))
    causes = ["busy"]

    class Busy:
        def ask(self, task: str, **about: Any) -> Any:
            raise failure(causes[0])

    with monkeypatch.context() as patched:
        patched.setattr(weights_file, "pool", Busy)
        with pytest.raises(WeightsError, match="because the server is reading for too many") as caught:
            loaded(tmp_path / "a.pth")
        assert isinstance(caught.value.__cause__, WorkerError)
        assert files_for("lenet5") == []
    assert files_for("lenet5") == ["a.pth"]
    weights_folder._networks_of.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(weights_file, "pool", Busy)
        causes[0] = "time"
        assert files_for("lenet5") == []
    assert files_for("lenet5") == []  # until it is another file
    weights_folder._networks_of.cache_clear()


def loaded(path: Path) -> None:
    with open_weights(path):
        pass
