"""The Receptive field page's state in a URL."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.lessons.receptive_field.examples import RECEPTIVE_FIELD_PRESETS
from cnnviz.lessons.receptive_field.spec import MEASURED_ON, MORE, ReceptiveFieldSpec
from cnnviz.state.look import Look
from cnnviz.state.network_choice import OWN, NetworkChoice

SPECS = st.builds(
    ReceptiveFieldSpec,
    st.builds(NetworkChoice, st.sampled_from(list(ARCHITECTURES)), st.sampled_from([None, (3, 64, 48)])),
    st.sampled_from(["", "features.30", "layer1.0.add"]),
    st.one_of(st.none(), st.tuples(st.integers(0, 9)), st.tuples(st.integers(0, 99), st.integers(0, 99))),
    st.sampled_from(list(MORE)),
    st.sampled_from(list(MEASURED_ON)),
    st.sampled_from([None, Look(3, 4, 16)]),
)


@given(SPECS)
def test_a_spec_reads_back(spec: ReceptiveFieldSpec) -> None:
    assert ReceptiveFieldSpec.from_query(spec.to_query()) == (spec, [])
    assert spec.to_query()["net"] == spec.choice.name


def test_own_code_stands_in_the_link() -> None:
    spec = ReceptiveFieldSpec(NetworkChoice(OWN, (3, 8, 8), "nn.Sequential(nn.ReLU())"), "0")
    assert ReceptiveFieldSpec.from_query(spec.to_query()) == (spec, [])
    assert "net" not in spec.to_query()


@given(st.dictionaries(st.sampled_from(["net", "in", "layer", "at", "more", "z", "l", "c"]), st.text(max_size=30)))
def test_any_text_gives_a_spec_and_sentences(query: dict[str, str]) -> None:
    spec, notes = ReceptiveFieldSpec.from_query(query)
    assert all(note.endswith(".") for note in notes)
    assert ReceptiveFieldSpec.from_query(replace(spec, step=0).to_query())[1] == []


def test_examples_are_written_as_the_page_writes_them() -> None:
    for preset in RECEPTIVE_FIELD_PRESETS:
        spec, notes = ReceptiveFieldSpec.from_query(preset.state)
        assert (spec.to_query(), notes) == (dict(preset.state), [])
    assert len({preset.name for preset in RECEPTIVE_FIELD_PRESETS}) == len(RECEPTIVE_FIELD_PRESETS)
