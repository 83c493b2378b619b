"""Fair turns: a few compute at once, the others wait in the order in which they came, and know where they stand.

>>> turns = Turns("measure", at_once=1)
>>> with turns.one():
...     turns.inside, turns.waiting
(1, 0)

A lock lets in whoever happens to be quickest; these let in whoever came first. Nobody holds more than one turn and one
place in the queue, however often they click: who asks again while they wait gives up the older place. The queue has a
most, and a wait has an end; both are told in a sentence.

Who asks, and how to tell them where they stand, is said by whoever draws the page:

>>> with asking(Person("ada", tell=print)), turns.one():
...     who_asks()                               # had she had to wait, print(1) would have told her: one is before her
'ada'

`tell` is called about twice a second while one waits. What it raises ends the wait: so does a page that was left.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from cnnviz.errors import BusyError, CnnvizError

LOOK_EVERY = 0.5
"""Seconds between two looks at the queue of whoever waits."""
MOST_WAITING = 100
LONGEST = 120.0
"""Seconds after which a wait is given up."""

AGAIN = "You asked for something else meanwhile."
FULL = "{count} others already wait to {what}, and no more can. Try again in a few minutes."
TOO_LONG = "Others {what} at this moment, and {seconds:.0f} seconds were not enough for it to be your turn. Try again."


def _say_nothing(_before: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: a name (None: nobody in particular), and what tells them how many have to end before their turn."""

    name: Hashable = None
    tell: Callable[[int], None] = _say_nothing


_asks: ContextVar[Person] = ContextVar("person", default=Person())  # noqa: B039 - frozen


@contextmanager
def asking(person: Person) -> Iterator[None]:
    """Let all turns that are taken inside be this person's."""
    before = _asks.set(person)
    try:
        yield
    finally:
        _asks.reset(before)


def who_asks() -> Hashable:
    """Name the person whose turn it would be."""
    return _asks.get().name


@dataclass(eq=False, slots=True)
class Ticket:
    """A place in the queue, and then a turn."""

    name: Hashable
    called: threading.Event = field(default_factory=threading.Event)
    given_up: bool = False


class Turns:
    """`at_once` turns to do `what` ("measure a field"); what is refused is told by an `error`."""

    def __init__(
        self,
        what: str,
        at_once: int = 1,
        *,
        most_waiting: int = MOST_WAITING,
        longest: float = LONGEST,
        error: Callable[[str], CnnvizError] = BusyError,
    ) -> None:
        self.what, self.at_once, self.most_waiting, self.longest = what, at_once, most_waiting, longest
        self._error = error
        self._lock = threading.Lock()
        self._mine = threading.local()
        self._inside: list[Ticket] = []
        self._queue: list[Ticket] = []

    @property
    def inside(self) -> int:
        """How many have their turn."""
        return len(self._inside)

    @property
    def waiting(self) -> int:
        """How many wait for it."""
        return len(self._queue)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Wait for a turn, and have it; a thread that has one has it again at once."""
        if getattr(self._mine, "ticket", None) is not None:
            yield
            return
        person = _asks.get()
        ticket = self.join(person.name)
        try:
            self._wait(ticket, person)
            self._mine.ticket = ticket
            yield
        finally:
            self._mine.ticket = None
            self.leave(ticket)

    def join(self, name: Hashable = None) -> Ticket:
        """Take a place in the queue, and the turn at once if it is free; `leave` gives back either."""
        ticket = Ticket(name)
        with self._lock:
            if name is not None:
                for older in [one for one in self._queue if one.name == name]:
                    older.given_up = True
                    self._queue.remove(older)
                    older.called.set()
            self._queue.append(ticket)
            self._call()
            if len(self._queue) > self.most_waiting and ticket in self._queue:
                self._queue.remove(ticket)
                raise self._error(FULL.format(count=len(self._queue), what=self.what))
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Give back a turn, or a place in the queue."""
        with self._lock:
            for where in (self._inside, self._queue):
                if ticket in where:
                    where.remove(ticket)
            self._call()

    def before(self, ticket: Ticket) -> int:
        """Count how many have to end before it is one's turn: 0 if it is."""
        with self._lock:
            return self._queue.index(ticket) + 1 if ticket in self._queue else 0

    def _wait(self, ticket: Ticket, person: Person) -> None:
        until = time.monotonic() + self.longest
        while not ticket.called.wait(max(0.0, min(LOOK_EVERY, until - time.monotonic()))):
            if time.monotonic() >= until:
                raise self._error(TOO_LONG.format(what=self.what, seconds=self.longest))
            if before := self.before(ticket):
                person.tell(before)
        if ticket.given_up:
            raise self._error(AGAIN)

    def _call(self) -> None:
        """Give free turns to the first in the queue who have none."""
        for ticket in list(self._queue):
            if len(self._inside) >= self.at_once:
                return
            if ticket.name is None or all(one.name != ticket.name for one in self._inside):
                self._queue.remove(ticket)
                self._inside.append(ticket)
                ticket.called.set()
