"""Fetching published weights into the server's folder: one file at a time, checked by its SHA-256, stoppable.

    job = DOWNLOADS.start(PUBLISHED_FILES["resnet18"], who="ada")
    DOWNLOADS.before(job)                               # how many files come first
    job.done, job.total, job.running, job.error         # the page looks from time to time
    job.stop()

The thread belongs to the server, not to a session: whoever started it may leave, the file is for all. It ends by
itself: at the end of the file, at its size limit, after `LONGEST` seconds, or when nothing comes for `PATIENCE`.
Whoever runs the server may turn downloads off (`CNNVIZ_DOWNLOADS=0`).
"""

from __future__ import annotations

import hashlib
import http.client
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Hashable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from cnnviz.engine.limits import downloads_allowed
from cnnviz.engine.networks.weights.folder import weights_folder
from cnnviz.engine.networks.weights.published import MODELS_URL, Published
from cnnviz.errors import WeightsError

PATIENCE = 20.0
LONGEST = 3600.0
CHUNK = 2**18
MOST_STARTS, STARTS_A_PERSON, WITHIN = 60, 6, 3600.0
"""Downloads that may be started within so many seconds: by all together, and by one person."""
STOPPED = "The download was stopped. Nothing was kept."


class Fetch:
    """One file on its way; the numbers change while another thread reads them."""

    def __init__(self, published: Published, folder: Path, base: str) -> None:
        self.published = published
        self.folder = folder
        self.done = 0
        self.total = published.megabytes * 2**20
        self.error = ""
        self._url = base + published.file
        self.begun = False
        self._stopped = threading.Event()
        self._ended = threading.Event()

    @property
    def running(self) -> bool:
        """Whether it is still on its way, or waits for others."""
        return not self._ended.is_set()

    @property
    def share(self) -> float:
        """How much of it is here, from 0 to 1."""
        return min(1.0, self.done / max(1, self.total))

    def stop(self) -> None:
        """Give it up at once; the thread deletes what came, when the network lets it."""
        self._stopped.set()
        self.error = self.error or STOPPED
        self._ended.set()

    def wait(self, seconds: float) -> bool:
        """Wait until it ended, or for so long; tell whether it ended."""
        return self._ended.wait(seconds)

    def run(self) -> None:
        """Fetch the file; `error` says afterwards what went wrong, nothing if it is there."""
        part = self.folder / f".{self.published.file}.{token_hex(4)}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            digest = self._read(part)
            if not digest.startswith(self.published.hash_start):
                raise WeightsError(
                    f"What came is not {self.published.file}: its SHA-256 starts with {digest[:8]}, not with "
                    f"{self.published.hash_start}. It was thrown away; try again later."
                )
            self._check_stop()
            part.replace(self.folder / self.published.file)
        except WeightsError as error:
            self.error = self.error or str(error)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.error = self.error or self._explain(error)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            self._ended.set()

    def _read(self, part: Path) -> str:
        """Write what comes into a file beside its place, and give its SHA-256."""
        digest, until = hashlib.sha256(), time.monotonic() + LONGEST
        request = urllib.request.Request(self._url, headers={"User-Agent": "cnnviz"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer, part.open("wb") as file:
            told = answer.headers.get("Content-Length", "")
            if told.isdigit():
                self.total = int(told)
                self._check_size(self.total)
            while chunk := answer.read1(CHUNK):
                self._check_stop()
                if time.monotonic() > until:
                    raise WeightsError(f"After {LONGEST / 60:.0f} minutes the file was still not here. {self._instead}")
                self.done += len(chunk)
                self._check_size(self.done)
                digest.update(chunk)
                file.write(chunk)
        if told.isdigit() and self.done < self.total:
            raise WeightsError(
                f"The download ended early: {self.done:,} of {self.total:,} bytes came. Nothing was kept; try again."
            )
        return digest.hexdigest()

    def _check_stop(self) -> None:
        if self._stopped.is_set():
            raise WeightsError(STOPPED)

    def _sweep(self) -> None:
        """Delete what servers that were switched off in the middle left behind."""
        for old in self.folder.glob(".*.part"):
            with suppress(OSError):
                if time.time() - old.stat().st_mtime > LONGEST:
                    old.unlink()

    def _check_size(self, size: int) -> None:
        if size > self.published.limit:
            raise WeightsError(
                f"The file is larger than {self.published.file} is ({self.published.megabytes} MB), so it was given up."
            )

    def _explain(self, error: Exception) -> str:
        if isinstance(error, urllib.error.HTTPError):
            return f"The publisher answered {error.code} instead of the file. {self._instead}"
        if isinstance(error, urllib.error.URLError | http.client.HTTPException | TimeoutError | ConnectionError):
            return f"The publisher of the weights cannot be reached from this server. {self._instead}"
        return f"The server’s folder of weights cannot be written to, or is full. {self._instead}"

    @property
    def _instead(self) -> str:
        return (
            f"Where there is a network, get {self.published.file} from {self.published.url} and choose “A file”, or "
            "have it put into the server’s folder of weights."
        )


class Downloads:
    """All downloads of this process: one comes, the others wait in the order in which they were asked for."""

    def __init__(self) -> None:
        self._jobs: list[tuple[Fetch, Hashable]] = []
        self._starts: deque[tuple[float, Hashable]] = deque()
        self._lock = threading.RLock()

    def start(
        self, published: Published, *, who: Hashable = None, folder: Path | None = None, base: str = MODELS_URL
    ) -> Fetch:
        """Fetch a file as soon as it is its turn, or join in if it was asked for already."""
        if not downloads_allowed():
            raise WeightsError(turned_off(published))
        with self._lock:
            job = self.find(published.file)
            if job is None:
                self._check(who)
                self._starts.append((time.monotonic(), who))
                job = Fetch(published, folder or weights_folder(), base)
                self._jobs.append((job, who))
                self._go_on()
            return job

    def find(self, file: str) -> Fetch | None:
        """Give the job that brings a file, or will."""
        with self._lock:
            self._go_on()
            return next((job for job, _ in self._jobs if job.published.file == file), None)

    def current(self) -> Fetch | None:
        """Give the one that comes right now."""
        with self._lock:
            self._go_on()
            return self._jobs[0][0] if self._jobs else None

    def before(self, job: Fetch) -> int:
        """Count the files that come first."""
        with self._lock:
            self._go_on()
            return next((place for place, (one, _) in enumerate(self._jobs) if one is job), 0)

    def _check(self, who: Hashable) -> None:
        """Refuse what is too much for one person, or for the server and the publisher."""
        now = time.monotonic()
        while self._starts and now - self._starts[0][0] > WITHIN:
            self._starts.popleft()
        mine = next((job for job, asked in self._jobs if who is not None and asked == who and job.running), None)
        if mine is not None:
            raise WeightsError(
                f"You asked for {mine.published.file} a moment ago, and one file comes at a time: wait until it is "
                "there, or stop it."
            )
        by_them = sum(who is not None and asked == who for _, asked in self._starts)
        if by_them >= STARTS_A_PERSON or len(self._starts) >= MOST_STARTS:
            raise WeightsError(
                f"{by_them if by_them >= STARTS_A_PERSON else len(self._starts)} downloads were started within the "
                f"last hour{' by you' if by_them >= STARTS_A_PERSON else ''}, and no more can. Try again later."
            )

    def _go_on(self) -> None:
        """Begin the next one if the last has ended."""
        with self._lock:
            self._jobs = [(job, who) for job, who in self._jobs if job.running]
            if self._jobs and not self._jobs[0][0].begun:
                job = self._jobs[0][0]
                job.begun = True
                threading.Thread(target=self._carry, args=(job,), name="weights", daemon=True).start()

    def _carry(self, job: Fetch) -> None:
        job.run()
        self._go_on()


DOWNLOADS = Downloads()


def turned_off(published: Published) -> str:
    """Say that nothing is downloaded here, and what to do instead."""
    return (
        f"Downloads are turned off on this server. Get {published.file} from {published.url} and choose “From a file”, "
        "or have it put into the server’s folder of weights."
    )
