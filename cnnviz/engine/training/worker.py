"""The process in which experiments run: `python -m cnnviz.engine.training.worker`, started by `pool`.

Commands come as lines of JSON on standard input, answers leave on standard output as `wire` writes them.
The process has one torch thread and a low priority, so that the server goes first; it ends when its input closes, so
none is left behind when the server ends, however it ends.

    {"do": "start", "run": 1, "experiment": "cnnviz...", "settings": {...}}  the model, before its first step
    {"do": "play", "run": 1}   {"do": "pause", "run": 1}   {"do": "step", "run": 1, "count": 1}
    {"do": "set", "run": 1, "rate": 0.05}                                    also "steps" and "pace"
    {"do": "drop", "run": 1}                                                 forget it

Several trainings may be held; the server sees to it that one of them plays. A single step is done in between.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np

from cnnviz.engine.training.experiments import LIVE, MOST_SECONDS, Knobs, Setting, State, Tick, checked, find
from cnnviz.engine.training.wire import encode
from cnnviz.errors import CnnvizError

SENT_EVERY = 0.125
"""Seconds between two pictures of one training: eight a second."""
NICE = 10
"""By how much the process steps back while it gets ready, and once more when it trains."""
BEAT = 2.0
"""Seconds between two signs of life. On a busy machine a step may take long; so a sign says how much was computed."""
BROKEN = "Something went wrong while it trained; the server’s log says what. Restart it, or change a setting."
TOO_LONG = f"It has computed for {MOST_SECONDS:.0f} seconds, which is all that one training gets here."

Send = Callable[[bytes], None]


@dataclass
class Held:
    """One training in this process."""

    run: int
    ticks: Iterator[Tick]
    knobs: Knobs
    steps: int
    pace: float
    state: State = "paused"
    step: int = -1
    wanted: int = 0
    """Single steps that were asked for."""
    seconds: float = 0.0
    due: float = 0.0
    sent: float = 0.0
    tick: Tick | None = None
    message: str = ""
    curves: dict[str, tuple[list[int], list[float]]] = field(default_factory=dict)
    """What has not been sent yet."""
    rates: list[tuple[int, float]] = field(default_factory=list)


class Worker:
    """Holds trainings and moves them on; `send` gets what there is to tell."""

    def __init__(self, send: Send, clock: Callable[[], float] = time.monotonic) -> None:
        self._send, self._clock = send, clock
        self._held: dict[int, Held] = {}

    def obey(self, command: Mapping[str, Any]) -> None:
        """Do what a command says; one about a training that is not here (any more) changes nothing."""
        run, do = int(command["run"]), command["do"]
        if do == "start":
            self._start(run, command)
        held = self._held.get(run)
        if held is None:
            return
        if do == "drop":
            del self._held[run]
        elif do == "play":
            held.state, held.due = "playing", self._clock()
        elif do == "pause":
            held.state, held.wanted = "paused", 0
            self._tell(held)
        elif do == "step":
            held.state, held.wanted = "paused", held.wanted + max(1, min(int(command.get("count", 1)), held.steps))
        elif do == "set":
            self._set(held, {name: command[name] for name in LIVE if name in command})

    def wait(self) -> float | None:
        """Say for how long there is nothing to do; None: until the next command."""
        dues = [0.0 if held.wanted else held.due for held in self._held.values() if _moves(held)]
        return max(0.0, min(dues) - self._clock()) if dues else None

    def work(self) -> None:
        """Move one training on by one step: who has waited longest, single steps first."""
        now = self._clock()
        ready = [held for held in self._held.values() if _moves(held) and (held.wanted or held.due <= now)]
        if ready:
            held = min(ready, key=lambda one: (not one.wanted, one.due))
            self._advance(held)
            held.due = max(held.due + 1 / held.pace, self._clock() - 1 / held.pace) if held.pace else self._clock()

    def _start(self, run: int, command: Mapping[str, Any]) -> None:
        knobs = Knobs(0.0)
        held = Held(run, iter(()), knobs, 1, 0.0)
        try:
            settings: dict[str, Setting] = checked(command["settings"])
            knobs.rate, held.steps = float(settings["rate"]), int(settings["steps"])
            held.pace, held.rates = float(settings.get("pace", 0)), [(0, knobs.rate)]
            held.ticks = find(command["experiment"])(settings, knobs)
        except CnnvizError as error:
            held.state, held.message = "failed", str(error)
            self._tell(held)
            return
        self._held[run] = held
        self._advance(held)  # which tells it too

    def _set(self, held: Held, changes: Mapping[str, Any]) -> None:
        """Turn what may be turned while it learns; what is out of bounds was stopped by the server, or stops here."""
        now: dict[str, Setting] = {"rate": held.knobs.rate, "steps": held.steps, "pace": held.pace}
        try:
            settings = checked({**now, **changes})
        except CnnvizError:
            return
        if settings["rate"] != held.knobs.rate:
            held.knobs.rate = float(settings["rate"])
            held.rates = [one for one in held.rates if one[0] != held.step] + [(held.step, held.knobs.rate)]
        held.steps, held.pace = int(settings["steps"]), float(settings["pace"])

    def _advance(self, held: Held) -> None:
        begin, before = time.process_time(), held.state
        try:
            held.tick = next(held.ticks)
        except StopIteration:
            held.state = "done"
        except CnnvizError as error:
            held.state, held.message = "failed", str(error)
        except Exception:  # an experiment may fail in any way; the other trainings in this process go on
            traceback.print_exc()
            held.state, held.message = "failed", BROKEN
        else:
            self._note(held, held.tick)
        held.seconds += time.process_time() - begin
        held.wanted = max(0, held.wanted - 1)
        if held.state in ("playing", "paused"):
            if held.step >= held.steps:
                held.state = "done"
            elif held.seconds > MOST_SECONDS:
                held.state, held.message = "stopped", TOO_LONG
        over = held.state not in ("playing", "paused")
        if over:
            self._held.pop(held.run, None)
        if over or held.state != before or self._clock() - held.sent >= SENT_EVERY or before == "paused":
            self._tell(held)

    def _note(self, held: Held, tick: Tick) -> None:
        held.step += 1
        for name, value in tick.numbers.items():
            steps, values = held.curves.setdefault(name, ([], []))
            steps.append(held.step)
            values.append(float(value))
            if not np.isfinite(value):
                held.state = "stopped"
                held.message = (
                    f"After step {held.step} the {name} is no number any more: the steps were too long, and each made "
                    "the next one longer. Restart with a smaller learning rate."
                )

    def _tell(self, held: Held) -> None:
        head = {
            "run": held.run, "state": held.state, "step": max(held.step, 0), "message": held.message,
            "seconds": held.seconds, "curves": held.curves, "rates": held.rates, "spent": time.process_time(),
        }  # fmt: skip
        try:
            text, body = encode(head, held.tick.look() if held.tick else {})
        except Exception:  # what an experiment shows may fail like its steps
            traceback.print_exc()
            self._held.pop(held.run, None)
            text, body = encode({**head, "state": "failed", "message": BROKEN})
        self._send(text + body)
        held.curves, held.sent = {}, self._clock()


def _moves(held: Held) -> bool:
    return held.wanted > 0 or held.state == "playing"


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Obey what comes from `source` until it closes."""
    commands: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def listen() -> None:
        for line in source:
            commands.put(json.loads(line))
        os._exit(0)  # the server has gone: nobody is left to tell

    mouth = threading.Lock()

    def send(message: bytes) -> None:
        with mouth:
            sink.write(message)
            sink.flush()

    def beat() -> None:
        with contextlib.suppress(BrokenPipeError):
            while True:
                send(encode({"run": 0, "spent": time.process_time()})[0])
                time.sleep(BEAT)

    threading.Thread(target=listen, daemon=True).start()
    import torch  # noqa: PLC0415 - while the first command is on its way

    torch.set_num_threads(1)
    step_back()
    threading.Thread(target=beat, daemon=True).start()  # the first beat says that it is ready
    worker = Worker(send)
    while True:
        wait = worker.wait()
        try:
            command = commands.get(timeout=wait) if wait is None or wait > 0 else commands.get_nowait()
        except queue.Empty:
            worker.work()
        else:
            worker.obey(command)


def step_back() -> None:
    """Lower the priority of this process; on Windows it was started behind the server."""
    if hasattr(os, "nice"):
        os.nice(NICE)


def main() -> None:
    """Be polite to the server, keep stray prints out of the answers, and serve."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server's Ctrl-C: it closes the pipe when it is ready
    step_back()
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr
    try:
        serve(sys.stdin.buffer, sink)
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
