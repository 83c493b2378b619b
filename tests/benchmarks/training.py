"""Do learners who drag sliders feel that others train? `make bench ONLY=training`

Twenty learners move sliders of the Convolution page; first nobody trains, then two trainings run at full speed, which
is as many as ever do, and more are in the queue. The server process is the same in both runs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from cnnviz.engine.training.pool import MOST_AT_ONCE
from tests.benchmarks.load import Load, ServerProcess, Tally, lecture
from tests.benchmarks.user import ANSWER_LIMIT, SUCCESS, User
from tests.serving import Server, running_app

PAGE = "train_filter"
QUERY = "k=15&n=1000&steps=2000&pace=0&opt=adam"
TRAINERS = 4
TARGET = 1.25
"""How many times the p95 may be that of a server on which nobody trains, and two milliseconds on top."""


class Trainer(User):
    """A learner who has pressed Play and watches."""

    def __init__(self, url: str, number: int) -> None:
        super().__init__(url, f"{QUERY}&seed={number}", PAGE)
        self.said = ""

    async def __aenter__(self) -> Trainer:
        address = self._url.replace("http", "ws", 1)
        self._socket = await websockets.connect(
            f"{address}/_stcore/stream", subprotocols=[websockets.Subprotocol("streamlit")], max_size=None,
            ping_interval=None,
        )  # fmt: skip
        self._play = self.part = ""
        self._timers: dict[str, float] = {}
        await self.run("")
        return self

    async def run(self, fragment: str, press: bool = False) -> None:
        """Run the page or a part of it, as the browser asks for it."""
        message = BackMsg()
        client = message.rerun_script
        client.query_string, client.page_script_hash = self._query, self._page_hash
        client.page_name = "" if self._page_hash else self._page
        client.fragment_id = fragment
        if press:
            widget = client.widget_states.widgets.add()
            widget.id, widget.trigger_value = self._play, True
        await self._socket.send(message.SerializeToString())
        while True:
            frame = await self._receive(time.monotonic() + ANSWER_LIMIT)
            kind = frame.WhichOneof("type")
            if kind == "script_finished":
                if frame.script_finished in SUCCESS:
                    return
            elif kind == "delta" and frame.delta.WhichOneof("type") == "new_element":
                self._look(frame)
            elif kind == "auto_rerun":
                self._timers[frame.auto_rerun.fragment_id] = frame.auto_rerun.interval
            elif kind == "stop_auto_rerun":
                for one in frame.stop_auto_rerun.fragment_ids:
                    self._timers.pop(one, None)
            else:
                if kind == "new_session" and not frame.metadata.run.fragment_ids:
                    self._timers.clear()
                self._read(frame, kind)

    async def watch(self) -> None:
        """Ask as often as the page says, and begin again when it is over."""
        while True:
            if self.said.startswith("Done"):
                await self.run(self.part, press=True)
            fragment, interval = next(iter(self._timers.items()), (self.part, 1.0))
            await asyncio.sleep(interval)
            await self.run(fragment)

    def _look(self, frame: ForwardMsg) -> None:
        element = frame.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "button" and element.button.label in ("Play", "Pause"):
            self._play, self.part = element.button.id, frame.delta.fragment_id
        elif kind == "markdown" and element.markdown.body.startswith(("Step", "Done", "Two", "One", "A process")):
            self.said = element.markdown.body


@asynccontextmanager
async def training(url: str, count: int) -> AsyncIterator[list[Trainer]]:
    """So many learners train, or wait, and watch; when one is done, it plays again."""
    trainers = [await Trainer(url, number).__aenter__() for number in range(count)]
    for trainer in trainers:
        await trainer.run(trainer.part, press=True)
    watches = [asyncio.create_task(trainer.watch()) for trainer in trainers]
    while count and sum(trainer.said.startswith("Step") for trainer in trainers) < MOST_AT_ONCE:
        await asyncio.sleep(0.1)
    yield trainers
    for one in watches:
        one.cancel()
    await asyncio.gather(*watches, return_exceptions=True)
    for trainer in trainers:
        await trainer.__aexit__()


async def measure(server: Server, load: Load, trainers: int) -> tuple[Tally, list[str]]:
    async with training(server.url, trainers) as who:
        tally = await lecture(server.url, load, ServerProcess(server.pid))
        return tally, [trainer.said for trainer in who]


def main(arguments: list[str] | None = None) -> int:
    """Measure both, and compare; 1 if an answer was wrong or the sliders became slow."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.training", description=__doc__)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--think", type=float, default=1.0)
    parser.add_argument("--commits", type=int, default=15)
    chosen = parser.parse_args(arguments or [])
    load = Load(chosen.users, chosen.think, chosen.commits)
    p95, wrong = {}, 0
    with running_app() as server:
        asyncio.run(measure(server, Load(4, 0.2, 5), 0))  # the caches are warm in both runs
        for trainers in (0, TRAINERS):
            tally, said = asyncio.run(measure(server, load, trainers))
            cuts = statistics.quantiles(tally.seconds or [0, 0], n=100, method="inclusive")
            p95[trainers] = cuts[94]
            wrong += len(tally.errors)
            print(
                f"{trainers} press Play: slider p50 {cuts[49] * 1000:.0f} ms, p95 {cuts[94] * 1000:.0f} ms, "
                f"{tally.others or 0:.0%} of the machine busy with other things (trainings among them), "
                f"{len(tally.errors)} errors {json.dumps(said) if said else ''}",
                flush=True,
            )
    good = p95[TRAINERS] <= TARGET * p95[0] + 0.002
    print(f"  {p95[TRAINERS] / p95[0]:.2f} times the p95{'' if good else f'   MISSED: at most {TARGET} times'}")
    return 0 if good and not wrong else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
