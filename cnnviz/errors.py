"""Every error that bad input can cause, written for the learner who caused it.

>>> try:
...     raise SpecError("stride", "Stride is 0, but the window must move: 1 is the smallest stride.")
... except CnnvizError as error:
...     error.field, str(error)
('stride', 'Stride is 0, but the window must move: 1 is the smallest stride.')
"""

from __future__ import annotations


class CnnvizError(ValueError):
    """The one base class: whatever a learner can do wrong ends up as a subclass of it."""


class SpecError(CnnvizError):
    """A setting, or a combination of settings, that cannot be computed.

    `field` names the setting (``"kernel"``, ``"padding"`` ...), so that a page can point at
    its control; the message says what is wrong, by how much, and the nearest thing that works.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class ImageError(CnnvizError):
    """A file that cannot become a picture: what is wrong with it, by how much, and what to do about it."""


class BusyError(CnnvizError):
    """More wait for their turn than can be served in reasonable time: how many, for what, and when to try again."""


class WeightsError(CnnvizError):
    """A file of weights that cannot be used: what is wrong with it, and which network of the zoo it does fit."""

    def __init__(self, message: str, fits: str = "") -> None:
        super().__init__(message)
        self.fits = fits


class SettingError(CnnvizError):
    """A setting of the environment that the server cannot be started with: its name, its value, and what it takes."""


class WorkerError(CnnvizError):
    """A task that no worker process finished; `cause` is why, as `cnnviz.engine.tasks.pool` lists them."""

    def __init__(self, cause: str, message: str) -> None:
        super().__init__(message)
        self.cause = cause
