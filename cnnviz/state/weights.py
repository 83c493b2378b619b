"""The choice of a network's weights as it stands in a link.

>>> parse_weights("random.7"), show_weights(parse_weights("vgg16-397923af.pth"))
(WeightsChoice(way='random', file='', seed=7), 'vgg16-397923af.pth')

A link names only what every session of the server has: random weights by their seed, a file in the server's folder by
its name. A file of the learner's own stays in the session.
"""

from __future__ import annotations

from cnnviz.engine.networks.weights.published import MOST_SEED, OURS, RANDOM, SERVER, WeightsChoice, is_weights_name
from cnnviz.errors import SpecError
from cnnviz.state.query import parse_int


def parse_weights(text: str) -> WeightsChoice:
    """Read what a link asks for."""
    word = text.strip()
    if word == OURS:
        return WeightsChoice(OURS)
    if word == RANDOM:
        return WeightsChoice(RANDOM)
    if word.startswith(f"{RANDOM}."):
        return WeightsChoice(RANDOM, seed=parse_int(0, MOST_SEED)(word.removeprefix(f"{RANDOM}.")))
    if is_weights_name(word):
        return WeightsChoice(SERVER, word)
    raise SpecError("w", "it reads random, random.7 (the seed), or the name of a file on this server")


def show_weights(choice: WeightsChoice) -> str:
    """Write a choice for a link.

    >>> show_weights(WeightsChoice(RANDOM, seed=3)), show_weights(WeightsChoice(RANDOM))
    ('random.3', 'random')
    """
    if choice.way == RANDOM:
        return f"{RANDOM}.{choice.seed}" if choice.seed else RANDOM
    return choice.file or choice.way
