"""A topic of a course, and its links: each opens an example of a lesson, or a state that is written out.

>>> examples("pixels", "numbers")[0].query()["img"]
'cat'
>>> TopicLink("convolution", state="n=6&s=2", label="Six by six").query()
{'n': '6', 's': '2'}
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from cnnviz.spec.augment_presets import AUGMENT_PRESETS
from cnnviz.spec.backward_presets import BACKWARD_PRESETS
from cnnviz.spec.blocks_presets import BLOCKS_PRESETS
from cnnviz.spec.channels_presets import CHANNELS_PRESETS
from cnnviz.spec.cnn_or_mlp_presets import CNN_OR_MLP_PRESETS
from cnnviz.spec.downsampling_presets import DOWNSAMPLING_PRESETS
from cnnviz.spec.feature_maps_presets import FEATURE_MAPS_PRESETS
from cnnviz.spec.filter_chains_presets import FILTER_CHAINS_PRESETS
from cnnviz.spec.filters_presets import FILTERS_PRESETS
from cnnviz.spec.fine_tuning_presets import FINE_TUNING_PRESETS
from cnnviz.spec.frameworks_presets import FRAMEWORKS_PRESETS
from cnnviz.spec.learned_kernels_presets import LEARNED_KERNELS_PRESETS
from cnnviz.spec.matching_presets import MATCHING_PRESETS
from cnnviz.spec.matrix_presets import MATRIX_PRESETS
from cnnviz.spec.networks_presets import NETWORKS_PRESETS
from cnnviz.spec.pixels_presets import PIXELS_PRESETS
from cnnviz.spec.pooling_presets import POOLING_PRESETS
from cnnviz.spec.preset import Preset
from cnnviz.spec.presets import CONVOLUTION_PRESETS
from cnnviz.spec.properties_presets import PROPERTIES_PRESETS
from cnnviz.spec.receptive_field_presets import RECEPTIVE_FIELD_PRESETS
from cnnviz.spec.shuffle_presets import SHUFFLE_PRESETS
from cnnviz.spec.signals_presets import SIGNALS_PRESETS
from cnnviz.spec.solver_open_presets import OPEN_PRESETS
from cnnviz.spec.solver_presets import CHAIN_PRESETS
from cnnviz.spec.train_filter_presets import TRAIN_FILTER_PRESETS
from cnnviz.spec.translation_presets import TRANSLATION_PRESETS
from cnnviz.spec.transposed_presets import TRANSPOSED_PRESETS
from cnnviz.spec.volumes_presets import VOLUMES_PRESETS
from cnnviz.spec.where_it_looks_presets import WHERE_PRESETS

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
