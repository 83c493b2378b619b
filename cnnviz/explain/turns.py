"""Where somebody stands who waits for a turn.

>>> before_words(1), before_words(2), before_words(40)
('one learner is before you', 'two learners are before you', '40 learners are before you')
"""

from __future__ import annotations

from cnnviz.explain.training import NUMBERS


def before_words(before: int) -> str:
    """Say how many have to end before it is one's turn."""
    count = NUMBERS[before] if before < len(NUMBERS) else str(before)
    return f"{count} {'learner is' if before == 1 else 'learners are'} before you"
