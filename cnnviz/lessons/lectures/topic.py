"""A topic of a course, and its links: each opens an example of a lesson, or a state that is written out.

>>> examples("pixels", "numbers")[0].query()["img"]
'cat'
>>> TopicLink("convolution", state="n=6&s=2", label="Six by six").query()
{'n': '6', 's': '2'}
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from cnnviz.lessons.augmentation.examples import AUGMENT_PRESETS
from cnnviz.lessons.backward.examples import BACKWARD_PRESETS
from cnnviz.lessons.blocks.examples import BLOCKS_PRESETS
from cnnviz.lessons.channels.examples import CHANNELS_PRESETS
from cnnviz.lessons.cnn_or_mlp.examples import CNN_OR_MLP_PRESETS
from cnnviz.lessons.convolution.examples import CONVOLUTION_PRESETS
from cnnviz.lessons.downsampling.examples import DOWNSAMPLING_PRESETS
from cnnviz.lessons.feature_maps.examples import FEATURE_MAPS_PRESETS
from cnnviz.lessons.filter_chains.examples import FILTER_CHAINS_PRESETS
from cnnviz.lessons.filters.examples import FILTERS_PRESETS
from cnnviz.lessons.fine_tuning.examples import FINE_TUNING_PRESETS
from cnnviz.lessons.frameworks.examples import FRAMEWORKS_PRESETS
from cnnviz.lessons.learned_kernels.examples import LEARNED_KERNELS_PRESETS
from cnnviz.lessons.matching.examples import MATCHING_PRESETS
from cnnviz.lessons.matrix.examples import MATRIX_PRESETS
from cnnviz.lessons.networks.examples import NETWORKS_PRESETS
from cnnviz.lessons.pixels.examples import PIXELS_PRESETS
from cnnviz.lessons.pooling.examples import POOLING_PRESETS
from cnnviz.lessons.properties.examples import PROPERTIES_PRESETS
from cnnviz.lessons.receptive_field.examples import RECEPTIVE_FIELD_PRESETS
from cnnviz.lessons.shuffle.examples import SHUFFLE_PRESETS
from cnnviz.lessons.signals.examples import SIGNALS_PRESETS
from cnnviz.lessons.solver.examples import CHAIN_PRESETS
from cnnviz.lessons.solver.examples_open import OPEN_PRESETS
from cnnviz.lessons.train_filter.examples import TRAIN_FILTER_PRESETS
from cnnviz.lessons.translation.examples import TRANSLATION_PRESETS
from cnnviz.lessons.transposed.examples import TRANSPOSED_PRESETS
from cnnviz.lessons.volumes.examples import VOLUMES_PRESETS
from cnnviz.lessons.where_it_looks.examples import WHERE_PRESETS
from cnnviz.state.preset import Preset

_ALL: dict[str, tuple[Preset, ...]] = {
    "convolution": CONVOLUTION_PRESETS,
    "transposed": TRANSPOSED_PRESETS,
    "channels": CHANNELS_PRESETS,
    "volumes": VOLUMES_PRESETS,
    "pooling": POOLING_PRESETS,
    "downsampling": DOWNSAMPLING_PRESETS,
    "shuffle": SHUFFLE_PRESETS,
    "signals": SIGNALS_PRESETS,
    "matrix": MATRIX_PRESETS,
    "backward": BACKWARD_PRESETS,
    "properties": PROPERTIES_PRESETS,
    "solver": (*CHAIN_PRESETS, *OPEN_PRESETS),
    "frameworks": FRAMEWORKS_PRESETS,
    "pixels": PIXELS_PRESETS,
    "matching": MATCHING_PRESETS,
    "augmentation": AUGMENT_PRESETS,
    "filters": FILTERS_PRESETS,
    "translation": TRANSLATION_PRESETS,
    "filter_chains": FILTER_CHAINS_PRESETS,
    "train_filter": TRAIN_FILTER_PRESETS,
    "cnn_or_mlp": CNN_OR_MLP_PRESETS,
    "fine_tuning": FINE_TUNING_PRESETS,
    "feature_maps": FEATURE_MAPS_PRESETS,
    "learned_kernels": LEARNED_KERNELS_PRESETS,
    "where_it_looks": WHERE_PRESETS,
    "blocks": BLOCKS_PRESETS,
    "networks": NETWORKS_PRESETS,
    "receptive_field": RECEPTIVE_FIELD_PRESETS,
}
PRESETS = {page: {preset.name: preset for preset in presets} for page, presets in _ALL.items()}
"""The examples of every lesson that has a stage, by the lesson's address and their own name."""

FIRST_CELL = {"at": "output.0.0"}
"""What a link to an example on a stage says whose state is the default: an empty link would bring back the last one."""


@dataclass(frozen=True, slots=True)
class TopicLink:
    """A lesson, and the name of its example or a state that is written out."""

    page: str
    preset: str = ""
    state: str = ""
    label: str = ""

    def query(self) -> dict[str, str]:
        """Give the state that the link opens."""
        if self.preset:
            return dict(PRESETS[self.page][self.preset].state) or FIRST_CELL
        return dict(parse_qsl(self.state))

    @property
    def title(self) -> str:
        """Say what the link opens."""
        return self.label or PRESETS[self.page][self.preset].title


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: what it is called, what there is to do, and where."""

    section: str
    title: str
    about: str
    links: tuple[TopicLink, ...]


def examples(page: str, *names: str) -> tuple[TopicLink, ...]:
    """Give links to examples of a lesson, by their names."""
    return tuple(TopicLink(page, name) for name in names)
