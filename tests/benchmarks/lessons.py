"""The pages with a stage, and the largest settings that each allows: what `packs` and `pages` measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cnnviz.lessons.backward.controls import BACKWARD
from cnnviz.lessons.channels.controls import CHANNELS_OPERATION
from cnnviz.lessons.convolution.controls import CONVOLUTION
from cnnviz.lessons.downsampling.controls import DOWNSAMPLING
from cnnviz.lessons.matrix.controls import MATRIX
from cnnviz.lessons.pooling.controls import POOLING
from cnnviz.lessons.properties.controls import PROPERTIES_OPERATION
from cnnviz.lessons.shuffle.controls import SHUFFLE
from cnnviz.lessons.signals.controls import SIGNALS_OPERATION
from cnnviz.lessons.transposed.controls import TRANSPOSED
from cnnviz.lessons.volumes.controls import VOLUMES_OPERATION
from cnnviz.stage.operation import Operation


@dataclass(frozen=True)
class LessonStage:
    """A page: its address, what its stage does, and its largest settings, view by view.

    `largest` is what a pack is measured with, impossible settings among them; `shown` is what a browser draws.
    """

    page: str
    operation: Operation[Any]
    largest: tuple[str, ...]
    shown: tuple[str, ...]


_APART = "apart=1&sides=1"

STAGES = (
    LessonStage(
        "convolution",
        CONVOLUTION,
        (
            "n=16&p=1",
            "n=16&p=6",
            f"n=16&p=6&{_APART}",
            f"n=16&k=7&p=6&{_APART}",
            f"n=16&k=7&p=6&w=gaussian&{_APART}",
            f"n=16&k=7&d=4&{_APART}",  # impossible
        ),
        ("n=16&p=1",),
    ),
    LessonStage(
        "transposed",
        TRANSPOSED,
        (
            "n=8&k=2",
            "n=6&k=5&s=2&p=2&op=1",
            *(f"n=6&k=5&s=2&p=2&op=1&how={how}&{_APART}" for how in ("stamp", "zeros", "overlap", "round")),
            *(f"n=7&k=3&s=1&p=1&how={how}" for how in ("matrix", "all")),
            *(f"n=7&k=3&s=1&p=1&how={how}&{_APART}" for how in ("matrix", "all")),
            f"n=8&k=5&s=4&d=3&how=all&{_APART}",  # impossible
        ),
        ("n=7&k=3&s=1&p=1&how=matrix", "n=7&k=3&s=1&p=1&how=all", "n=6&k=5&s=2&p=2&op=1&how=round"),
    ),
    LessonStage(
        "volumes",
        VOLUMES_OPERATION,
        (
            "n=6&p=2x2x1&x=random&w=box",
            "n=6&k=1x1x2&p=2x2x1&x=random&w=random",
            "n=6&k=1&p=2&x=random&w=random",
            "n=1&d=2x2x1",  # impossible
        ),
        ("n=6&p=2x2x1&x=random&w=box",),
    ),
    LessonStage(
        "channels",
        CHANNELS_OPERATION,
        (
            *(f"n=9&p=2&c=6&o=6&maps={maps}&b=yes" for maps in ("one", "all")),
            *(f"n=9&p=2&c=6&o=6&maps={maps}&b=yes&layer=separable" for maps in ("one", "all")),
            *(f"n=9&p=2&c=6&o=6&maps={maps}&b=yes&apart=1" for maps in ("one", "all")),
            "n=9&p=2&c=6&o=5&g=6&maps=all",  # impossible
        ),
        ("n=9&p=2&c=6&o=6&maps=one&b=yes", "n=9&p=2&c=6&o=6&maps=all&b=yes"),
    ),
    LessonStage(
        "pooling",
        POOLING,
        (
            "n=16",
            "n=16&k=7&s=2&p=3&apart=1",
            "n=16&k=7&s=1&p=3&apart=1&op=mean",
            "n=16&k=7&s=1&apart=1&op=norm",
            "n=16&k=7&s=1&p=3&apart=1&back=1",
            "n=16&area=adaptive&o=8&apart=1",
            "n=5&k=7&p=3&d=4&apart=1",  # impossible
        ),
        ("n=16&k=4&s=2", "n=16&k=4&s=2&back=1"),
    ),
    LessonStage(
        "downsampling",
        DOWNSAMPLING,
        (
            *(f"n=12&k=5&r=2&look={look}" for look in ("all", "stride", "pool", "shuffle")),
            "n=12&k=5&r=2&apart=1",
            "n=2&k=5&r=4&apart=1",  # impossible
        ),
        ("n=12&k=5",),
    ),
    LessonStage(
        "shuffle",
        SHUFFLE,
        ("n=4&r=4", "n=4&r=2&c=3&apart=1", "n=4&r=4&way=shuffle&apart=1", "n=4&r=4&c=3"),
        ("n=4&r=4",),
    ),
    LessonStage(
        "signals",
        SIGNALS_OPERATION,
        ("n=24", "n=24&k=7&p=6&sides=1", "n=24&k=7&d=4&p=6&flip=1&sides=1", "n=1&k=7&d=4&sides=1"),
        ("n=24&k=7&p=6", "n=24&k=5&d=4&p=6&flip=1"),
    ),
    LessonStage(
        "matrix",
        MATRIX,
        (
            "n=7&p=1",
            f"n=7&p=1&{_APART}",
            f"n=8&k=2&{_APART}",
            f"n=7&p=1&w=gaussian&{_APART}",
            f"n=5&k=2&how=layers&{_APART}",
            f"n=10&k=5&d=3&how=layers&{_APART}",  # impossible
        ),
        ("n=7&p=1", "n=5&k=2&how=layers"),
    ),
    LessonStage(
        "backward",
        BACKWARD,
        (
            *(f"n=9&p=4&grad={grad}" for grad in ("y", "dx", "dw", "db", "all")),
            "n=9&p=4&way=zeros",
            "n=9&p=4&grad=all&g=onehot&apart=1",
            "n=9&p=4&way=zeros&g=onehot&apart=1",
            "n=4&k=5&d=3&apart=1",  # impossible
        ),
        ("n=9&p=4&way=zeros", "n=9&p=4&grad=all"),
    ),
    LessonStage(
        "properties",
        PROPERTIES_OPERATION,
        (
            *(
                f"n=8&k=5&k2=4&prop={prop}&border=zeros&apart=1"
                for prop in ("commutative", "linear", "shift", "associative", "separable", "stride")
            ),
            "n=3&k=5&k2=4&prop=associative&apart=1",  # impossible
            "n=3&k=5&prop=shift&apart=1",  # impossible
        ),
        ("n=8&k=5&prop=linear&border=zeros", "n=8&k=5&k2=4&prop=associative&border=zeros"),
    ),
)
