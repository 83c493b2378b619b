"""What a training is doing, in a sentence.

>>> from cnnviz.engine.training.experiments import Progress
>>> state_words(Progress(0, {}, {}, "waiting", place=1, training=2), 300)
'Two are training; you are third.'
>>> state_words(Progress(12, {}, {}, "playing"), 300)
'Step **12** of 300.'
"""

from __future__ import annotations

from cnnviz.engine.training.experiments import Progress
from cnnviz.explain.notation import ordinal

NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def state_words(progress: Progress, steps: int) -> str:
    """Say where a training stands."""
    at = f"Step **{progress.step}** of {steps}"
    said = {
        "new": "Press Play, and the training begins.",
        "waiting": queue_words(progress.training, progress.place),
        "starting": "A process is getting ready …" if progress.step == 0 else f"{at}.",
        "playing": f"{at}.",
        "paused": f"{at}, paused.",
        "done": f"Done after **{progress.step}** steps, {_seconds(progress.seconds)} of computing.",
        "failed": f"It ended after step **{progress.step}**.",
        "stopped": f"Stopped after step **{progress.step}**.",
    }
    return said[progress.state]


def queue_words(training: int, place: int) -> str:
    """Say who is before the learner.

    >>> queue_words(1, 1), queue_words(2, 40)
    ('One is training; you are second.', 'Two are training; you are 42nd.')
    """
    count = NUMBERS[training] if training < len(NUMBERS) else str(training)
    verb = "is" if training == 1 else "are"
    return f"{count.capitalize()} {verb} training; you are {ordinal(training + place)}."


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 0.1 else f"{1000 * seconds:.0f} ms"
