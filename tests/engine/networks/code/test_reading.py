"""Code read in a process of its own is the same as code read here; what is too much is a sentence."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cnnviz.engine.networks.code import reading
from cnnviz.engine.networks.code.fixes import mend_code
from cnnviz.engine.networks.code.reader import LONGEST_CODE, Parsed
from cnnviz.engine.networks.code.reading import Kept, mend_text, read_text, text_read_before
from cnnviz.engine.networks.code.sized import read_code, write_code
from cnnviz.engine.networks.trace import trace_network
from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.engine.tasks import pool as task_pool
from cnnviz.engine.tasks.pool import Pool, failure
from cnnviz.engine.tasks.wire import KINDS, read, write
from cnnviz.errors import WorkerError
from cnnviz.lessons.build.spec_examples import BUILD_PRESETS
from cnnviz.lessons.your_code.spec_examples import CODE_EXAMPLES
from tests.engine.networks.code.test_fixes import BROKEN
from tests.hostile.code import STOPPED

TEXTS = {
    **{example.name: (example.code, example.size) for example in CODE_EXAMPLES},
    **{preset.name: (preset.code, preset.size) for preset in BUILD_PRESETS},
    **{name: (text, size) for name, (size, text, _) in BROKEN.items()},
    "nothing": ("", None),
    "no Python": ("nn.Sequential(", None),
    "no network": ("x = 1", None),
    "strange words": ("nn.Sequential(nn.ReLU())  # größe \u2028 \U0001f600 \x7f", (3, 8, 8)),
    "a size of its own": ("m = nn.Sequential(nn.Conv2d(1, 8, 3))\ny = m(torch.randn(8, 1, 28, 28))", None),
}


def without_places(parsed: Parsed) -> Parsed:
    return replace(parsed, places={}, calls={})


@pytest.mark.parametrize("name", TEXTS)
def test_elsewhere_the_same_is_read(name: str) -> None:
    text, size = TEXTS[name]
    here = read_code(text, size)
    assert read_text(text, size) == without_places(here)
    assert text_read_before(text, size) == without_places(here)
    assert mend_text(text, size) == mend_code(here)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_network_comes_through_the_wire(name: str) -> None:
    network = ARCHITECTURES[name]
    assert read(io.BytesIO(write({"value": network}))) == {"value": network}
    again = read_code(write_code(trace_network(network)), network.input)
    assert read(io.BytesIO(write({"value": again}))) == {"value": without_places(again)}


def test_what_is_on_no_list_does_not_come_through() -> None:
    with pytest.raises(TypeError, match="holds no ZeroDivisionError"):
        write({"value": ZeroDivisionError()})
    assert {"Conv", "Network", "Node", "Parsed", "Problem", "Mend"} <= set(KINDS)


@pytest.mark.parametrize("name", STOPPED)
def test_what_is_too_much_becomes_a_sentence(name: str) -> None:
    parsed = read_text(f"{STOPPED[name]}\nnn.Sequential(nn.ReLU())", (3, 8, 8))
    for problem in parsed.problems:
        assert len(problem.message) < 300
        assert problem.message.endswith(".")
    assert parsed.problems or parsed.network
    assert read_text("nn.Sequential(nn.ReLU())", (3, 8, 8)).network


class Broken(Pool):
    """Gives up on all tasks."""

    def __init__(self, why: str) -> None:
        super().__init__(0)
        self.why, self.asked = why, 0

    def ask(self, task: str, **about: Any) -> Any:
        self.asked += 1
        raise failure(self.why)


@pytest.mark.parametrize(
    ("why", "said", "again"),
    [
        ("time", "it takes more than 2 seconds of computing: use fewer or smaller loops", False),
        ("memory", "it takes more than 256 MB of memory: use smaller lists", False),
        ("failed", "the server’s log says what: change it", True),
        ("died", "the process that read it has ended: change it", True),
        ("silent", "there was no answer in 120 seconds: try again in a moment", True),
        ("busy", "for too many others right now: try again in a moment", True),
        ("start", "could not start a process for it: tell whoever runs it", True),
    ],
)
def test_why_it_was_not_read(monkeypatch: pytest.MonkeyPatch, why: str, said: str, again: bool) -> None:
    """It is never read in the server instead; what may go well another time is asked for again."""
    broken = Broken(why)
    monkeypatch.setattr(reading, "pool", lambda: broken)
    text = f"nn.Sequential(nn.ReLU())  # {why}"
    for _ in range(2):
        parsed = read_text(text, None)
        assert parsed.network is None
        assert [problem.line for problem in parsed.problems] == [0]
        assert said in parsed.problems[0].message
        assert parsed.problems[0].message.startswith("This code was not read, because ")
        assert mend_text(text, None) == []
    assert broken.asked == (4 if again else 2)
    assert why in task_pool.CAUSES


def test_a_text_that_is_too_long_is_not_even_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Broken("busy")
    monkeypatch.setattr(reading, "pool", lambda: broken)
    parsed = read_text("x" * (LONGEST_CODE + 1), None)
    assert "100,001 characters" in parsed.problems[0].message
    assert not broken.asked


def test_a_hall_that_opens_one_link_has_it_read_once() -> None:
    kept: Kept[int] = Kept(2)
    gate, made = threading.Event(), []

    def make() -> int:
        made.append(1)
        gate.wait(60)
        return 7

    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(kept.take("a", make))) for _ in range(8)]
    for one in threads:
        one.start()
    assert kept.find("a") is None
    gate.set()
    for one in threads:
        one.join(60)
    assert (found, made) == ([7] * 8, [1])


def test_the_oldest_result_makes_room_and_a_failure_is_not_kept() -> None:
    kept: Kept[int] = Kept(2)

    def fails() -> int:
        raise WorkerError("busy", "")

    with pytest.raises(WorkerError):
        kept.take("a", fails)
    give: Callable[[int], Callable[[], int]] = lambda value: lambda: value  # noqa: E731
    assert [kept.take(key, give(value)) for value, key in enumerate("abab")] == [0, 1, 0, 1]
    kept.take("c", give(5))
    assert (kept.find("a"), kept.find("b"), kept.find("c")) == (None, 1, 5)
