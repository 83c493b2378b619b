"""Pictures drawn by rule: always the same, and told apart by their kind."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.engine.pictures.drawn import KINDS, NEW_KINDS, draw, draw_many
from cnnviz.state.subject import KNOWN_KINDS, UNKNOWN_KINDS


@pytest.mark.parametrize("kind", [*KINDS, *NEW_KINDS])
def test_a_seed_decides_everything(kind: str) -> None:
    picture = draw(kind, 7)
    assert picture.shape == (64, 64, 3)
    assert picture.dtype == np.uint8
    assert (picture == draw(kind, 7)).all()
    assert (picture != draw(kind, 8)).mean() > 0.3


def test_kinds_differ_with_the_same_seed() -> None:
    pictures = {kind: draw(kind, 3).astype(int) for kind in (*KINDS, *NEW_KINDS)}
    for one, first in pictures.items():
        for other, second in pictures.items():
            assert one == other or np.abs(first - second).mean() > 5


def test_the_picture_has_two_colours_that_a_grey_copy_tells_apart() -> None:
    for kind in KINDS:
        grey = draw(kind, 11) @ np.array([0.299, 0.587, 0.114])
        low, high = np.percentile(grey, [3, 97])
        assert high - low > 50


def test_many_come_in_turn_and_are_always_the_same() -> None:
    pictures, labels = draw_many(KINDS, 2, seed=5)
    assert labels.tolist() == [*range(10), *range(10)]
    again, _ = draw_many(KINDS, 2, seed=5)
    assert (pictures == again).all()
    assert (draw_many(KINDS, 2, seed=6)[0] != pictures).any()


def test_the_link_knows_the_same_kinds() -> None:
    assert (*KINDS, *NEW_KINDS) == (*KNOWN_KINDS, *UNKNOWN_KINDS)
