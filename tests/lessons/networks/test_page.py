"""The Networks page, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.engine.networks.zoo.catalogue import ARCHITECTURES
from cnnviz.lessons.networks.examples import NETWORKS_PRESETS
from tests.ui.lesson import box, opened_alone, url


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_network_is_shown(name):
    app = opened_alone("networks", f"net={name}&view=where")
    assert not app.warning
    assert len(app.metric) == 6


@pytest.mark.parametrize("preset", NETWORKS_PRESETS, ids=lambda preset: preset.name)
def test_every_example_opens_and_stands_as_written(preset):
    app = opened_alone("networks", "&".join(f"{name}={value}" for name, value in preset.state.items()))
    assert url(app) == dict(preset.state)
    assert any(preset.title in one.value for one in app.markdown)


def test_the_deeper_network_has_less_than_half_of_the_parameters():
    app = opened_alone("networks", "net=resnet152&view=compare&vs=vgg19")
    assert any("0.42 times the parameters of VGG-19" in one.value for one in app.markdown)


def test_dense_against_depthwise():
    app = opened_alone("networks", "net=vgg16&view=compare&swap=separable")
    assert any("VGG-16, separable has 0.9" in one.value for one in app.markdown)


def test_all_counts_stand_side_by_side_and_all_networks_are_compared():
    app = opened_alone("networks", "net=resnet50&view=compare&vs=vgg19.alexnet&b=2")
    words = "\n".join(one.value for one in app.markdown)
    assert "| Multiply-accumulates | 8,178,368,512 |" in words
    assert "| FLOPs, two a MAC | 16,356,737,024 |" in words
    assert "ResNet-50 has 0.18 times the parameters of VGG-19" in words
    assert "ResNet-50 has 0.42 times the parameters of AlexNet" in words


def test_a_network_a_size_and_a_batch_are_chosen():
    app = opened_alone("networks")
    box(app, "Network").set_value("vgg16").run()
    assert metrics(app)["Parameters"] == "138 M"
    box(app, "Input").set_value("448").run()
    box(app, "Batch").set_value(2).run()
    assert url(app) == {"net": "vgg16", "in": "3.448.448", "b": "2"}
    assert metrics(app)["Parameters"] == "138 M"
    assert metrics(app)["MACs"] == "123 G"
    box(app, "Side").set_value(224).run()
    assert url(app) == {"net": "vgg16", "b": "2"}
    box(app, "Side").set_value(448).run()
    box(app, "Input").set_value("wide").run()
    assert url(app)["in"] == "3.448.448"
    assert "was not understood" in app.warning[0].value


@pytest.mark.parametrize(
    "link", ["net=resnet9000", "in=3.0.4", "in=a", "b=0", "view=no", "count=x", "vs=vgg99", "c=AAAA", "c=%00"]
)
def test_a_bad_value_is_named_and_the_rest_stays(link):
    app = opened_alone("networks", f"{link}&area=work")
    assert len(app.warning) == 1
    assert url(app)["area"] == "work"


def test_two_widgets_moved_faster_than_the_answer_travels_both_count():
    app = opened_alone("networks", "net=resnet18")
    before = url(app)
    box(app, "Batch").set_value(2).run()
    app.query_params.clear()  # the browser had not seen the answer: its address is the old one
    for name, text in before.items():
        app.query_params[name] = text
    box(app, "Side").set_value(448).run()
    assert url(app) == {"net": "resnet18", "in": "3.448.448", "b": "2"}
