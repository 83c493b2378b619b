"""A full collection, when the process has grown by much, and not before."""

from __future__ import annotations

import gc
import weakref

import numpy as np

from cnnviz.site.memory import Growth, resident


def test_it_collects_after_each_growth_and_begins_anew_from_what_is_left() -> None:
    sizes = iter([100, 90, 580, 590, 200, 300, 699, 700, 650])
    collected: list[bool] = []
    growth = Growth(lambda: next(sizes), lambda: collected.append(True), least=500)
    growth.look()  # 90, the smallest
    growth.look()  # 580: not yet
    assert not collected
    growth.look()  # 590: it collects, and 200 is left
    assert len(collected) == 1
    for _ in range(2):
        growth.look()  # 300, 699
    assert len(collected) == 1
    growth.look()  # 700: once more
    assert len(collected) == 2


def test_arrays_in_cycles_are_given_back() -> None:
    class Holder:
        def __init__(self) -> None:
            self.me, self.array = self, np.ones(2**25)  # 256 MB

    growth = Growth(resident, gc.collect, least=200 * 2**20)
    held = Holder()
    gone = weakref.ref(held)
    gc.disable()
    try:
        del held
        assert gone() is not None
        growth.look()
        assert gone() is None
    finally:
        gc.enable()
