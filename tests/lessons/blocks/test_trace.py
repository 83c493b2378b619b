"""Stacks with and without batch norm and shortcuts, against PyTorch's own modules."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnnviz.lessons.blocks.spec import CHANNELS
from cnnviz.lessons.blocks.trace import BINS, Stack, likeness, run_stack, u_net

BATCH = np.random.default_rng(0).random((4, 3, 12, 12)).astype(np.float32)


class Block(nn.Module):
    def __init__(self, inputs: int, norm: bool, shortcut: bool) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, CHANNELS, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(CHANNELS) if norm else nn.Identity()
        self.shortcut = shortcut and inputs == CHANNELS

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.norm(self.conv(x)).relu()
        return y + x if self.shortcut else y


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("shortcut", [False, True])
def test_layers_and_gradients_are_torchs(norm: bool, shortcut: bool) -> None:
    depth, gain, seed = 5, 0.8, 3
    run = run_stack(BATCH, Stack(depth, gain, norm, shortcut, seed=seed), at=3)
    blocks = [Block(3 if number == 0 else CHANNELS, norm, shortcut) for number in range(depth)]
    generator = torch.Generator().manual_seed(seed)
    x = torch.tensor(BATCH)
    outputs = []
    for block in blocks:
        weight = block.conv.weight
        inputs = weight.shape[1]
        weight.data = torch.randn(weight.shape, generator=generator) * gain * (2 / (9 * inputs)) ** 0.5
        x = block(x)
        x.retain_grad()
        outputs.append(x)
    direction = torch.randn(x.shape, generator=torch.Generator().manual_seed(seed))
    (x * direction / direction.norm()).sum().backward()
    for layer, output in zip(run.layers, outputs, strict=True):
        assert output.grad is not None
        assert layer.std == pytest.approx(output.std().item(), rel=1e-3)
        assert layer.slope == pytest.approx(output.grad.norm().item(), rel=1e-3)
    assert run.layers[-1].slope == pytest.approx(1)
    np.testing.assert_allclose(run.inside.after, outputs[2][0].detach().numpy(), rtol=1e-3, atol=1e-5)
    assert [int(one.sum()) for one in run.inside.counts] == [4 * CHANNELS * 12 * 12] * 2
    assert len(run.inside.edges) == BINS + 1


def test_batch_norm_sets_mean_and_variance() -> None:
    inside = run_stack(BATCH[:1], Stack(2, 3.0, norm=True, gamma=2.0, beta=-0.5), at=2).inside
    assert inside.normed.mean((1, 2)) == pytest.approx(-0.5, abs=1e-4)
    assert inside.normed.std((1, 2)) == pytest.approx(2, rel=1e-3)
    assert inside.mean == pytest.approx(inside.summed.mean((1, 2)), abs=1e-5)
    assert inside.variance == pytest.approx(inside.summed.var((1, 2)), rel=1e-3)


def test_what_is_remembered_does_not_depend_on_the_neighbours() -> None:
    others = np.random.default_rng(1).random((6, 3, 12, 12)).astype(np.float32)
    stack = Stack(4, norm=True, remembered=True)
    one, many = (run_stack(batch, stack, 4, others).inside.after for batch in (BATCH[:1], BATCH))
    np.testing.assert_allclose(one, many, rtol=1e-4, atol=1e-5)
    alone, among = (run_stack(batch, Stack(4, norm=True), 4).inside.after for batch in (BATCH[:1], BATCH))
    assert np.abs(alone - among).max() > 0.05


@given(st.integers(1, 4), st.booleans(), st.tuples(st.integers(0, 15), st.integers(0, 15)))
def test_the_bottlenecks_gradient_is_exact(levels: int, skip: bool, unit: tuple[int, int]) -> None:
    plane = np.random.default_rng(levels).random((16, 16)).astype(np.float32)
    found = u_net(plane, levels, skip=skip, unit=unit)
    assert found.small.shape == (16 >> levels,) * 2
    assert float(found.slope.sum()) == pytest.approx(1, abs=1e-5)  # means of means: the weights add up to one
    assert float((found.slope * plane).sum()) == pytest.approx(float(found.output[unit]), abs=1e-5)  # it is linear


def test_likeness_is_correlation() -> None:
    one, other = np.random.default_rng(2).random((2, 5, 5)).astype(np.float32)
    assert likeness(one, other) == pytest.approx(np.corrcoef(one.ravel(), other.ravel())[0, 1], abs=1e-6)
    assert likeness(one, np.ones_like(one)) == 0
