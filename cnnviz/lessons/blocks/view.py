"""The Blocks lesson: the same layers with and without batch norm, shortcuts, and maps that skip across."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.engine.pictures.decode import Picture
from cnnviz.engine.pictures.drawn import KINDS, draw
from cnnviz.engine.pictures.fitted import Pixels, fitted
from cnnviz.engine.pictures.gallery import SAMPLES
from cnnviz.engine.pictures.grey import luma
from cnnviz.engine.pictures.samples import sample
from cnnviz.explain.notation import brief
from cnnviz.lessons.blocks.code import SIDE, blocks_code, skip_code
from cnnviz.lessons.blocks.examples import BLOCKS_PRESETS
from cnnviz.lessons.blocks.figure import depth_figure, histogram_figure
from cnnviz.lessons.blocks.spec import BUILT_IN, CHANNELS, DEEPEST, MOST_LEVELS, MOST_PICTURES, MOST_SEED, BlocksSpec
from cnnviz.lessons.blocks.trace import Array, Bottleneck, Run, Stack, likeness, run_stack, u_net
from cnnviz.lessons.blocks.words import (
    WITHOUT,
    gradient_words,
    norm_formula,
    norm_words,
    shortcut_formula,
    shortcut_words,
    skip_formula,
    skip_gradient_words,
    skip_words,
    spread_words,
)
from cnnviz.ui.lesson_pictures import picture_row, show_code, show_examples
from cnnviz.ui.notes import show_notes
from cnnviz.ui.picture import choose_picture, picture_alt, picture_query
from cnnviz.ui.turns import out_of_turn
from cnnviz.ui.viewer import Choice, Control, Mark, Panel, Slider, Switch, keep, show_pictures, viewed_query
from cnnviz.ui.widgets import is_dark, show_chart

KEY = "blocks"
SKIP_SIDE = 64


def show_blocks() -> None:
    """Draw the whole lesson."""
    row = picture_row()
    picture = choose_picture(KEY, row=row)
    query, answer = viewed_query(KEY)
    spec, notes = BlocksSpec.from_query(query)
    if answer and answer.click and spec.built_in == "skip":
        spec = replace(spec, unit=answer.click[1:])
    keep(KEY, spec.to_query(), answer)
    _examples(replace(spec, look=None).to_query(), row)
    show_notes(notes)
    if spec.built_in == "skip":
        _show_skip(spec, picture)
    else:
        _show_stack(spec, picture)


def _examples(state: dict[str, str], row: DeltaGenerator) -> None:
    """Offer the examples; they are about blocks, so the learner's picture stays."""
    here = picture_query()
    show_examples(KEY, [replace(preset, state={**here, **preset.state}) for preset in BLOCKS_PRESETS], state, row)


def _show_stack(spec: BlocksSpec, picture: Picture) -> None:
    """Draw two stacks that differ in one thing only."""
    pixels = fitted(picture.pixels, SIDE, SIDE, 3)
    batch = np.concatenate([_planes(pixels)[None], _neighbours(picture.digest)])[: spec.pictures]
    plain = Stack(spec.depth, spec.gain, seed=spec.seed)
    other = replace(
        plain, norm=spec.built_in != "shortcut", shortcut=spec.built_in != "norm", remembered=spec.remembered,
        gamma=spec.gamma, beta=spec.beta,
    )  # fmt: skip
    with out_of_turn():
        without = run_stack(batch, plain, spec.looked_at)
        built = run_stack(batch, other, spec.looked_at, _strangers() if spec.remembered else None)
    show_pictures(
        _panels(spec, pixels, without, built), key=KEY, look=spec.look, controls=_controls(spec), label="Blocks",
        note=f"Layer {spec.looked_at} of {spec.depth}, map {spec.channel} of {CHANNELS}",
    )  # fmt: skip
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(spread_words(spec, without, built))
        _chart("spread", spec, {WITHOUT: without, BUILT_IN[spec.built_in]: built})
    with right:
        st.markdown(gradient_words(spec, without, built))
        _chart("slope", spec, {WITHOUT: without, BUILT_IN[spec.built_in]: built})
    _show_formulas(spec, without, built)
    with st.expander("The same in PyTorch", icon=":material/code:"):
        show_code(KEY, {"PyTorch": blocks_code(spec)})


def _controls(spec: BlocksSpec) -> list[Control]:
    controls: list[Control] = [
        Choice("with", "Built in", BUILT_IN, spec.built_in),
        Slider("depth", "Layers", 1, DEEPEST, spec.depth),
        Slider("at", "Look at layer", 1, DEEPEST, spec.looked_at),
        Slider("map", "Map", 0, CHANNELS - 1, spec.channel),
        Slider("gain", "Size of the weights", 0.1, 3, spec.gain, 0.05),
        Slider("n", "Batch", 1, MOST_PICTURES, spec.pictures),
    ]
    if spec.built_in != "shortcut":
        controls += [
            Slider("gamma", "γ", -3, 3, spec.gamma, 0.1),
            Slider("beta", "β", -3, 3, spec.beta, 0.1),
            Switch("eval", "Remembered μ and σ²", spec.remembered),
        ]
    return [*controls, Slider("seed", "Seed", 0, min(99, MOST_SEED), min(spec.seed, 99))]


def _panels(spec: BlocksSpec, pixels: Pixels, without: Run, built: Run) -> list[Panel]:
    c, at = spec.channel, spec.looked_at
    plain, inside = without.inside, built.inside
    residual = spec.built_in != "norm"
    made = np.maximum(inside.normed, 0) if residual else inside.summed
    return [
        Panel("The picture", pixels, "rgb", alt=picture_alt()),
        Panel(f"Without: after layer {at}", plain.after[c], "signed", alt=f"Map {c} of the stack without, after ReLU."),
        Panel(
            "With: what it adds" if residual else "With: before batch norm", made[c], "signed",
            alt=f"Map {c} " + ("after ReLU, before the shortcut is added." if residual else "before batch norm."),
        ),
        Panel(
            f"With: after layer {at}", inside.after[c], "signed",
            alt=f"Map {c} of the stack with {BUILT_IN[spec.built_in].lower()}, after the whole layer.",
        ),
    ]  # fmt: skip


def _chart(what: str, spec: BlocksSpec, runs: dict[str, Run]) -> None:
    title = "spread of the maps" if what == "spread" else "length of the gradient"
    curves = {
        name: [layer.std if what == "spread" else layer.slope for layer in run.layers] for name, run in runs.items()
    }
    ends = "; ".join(f"{name} from {brief(row[0])} to {brief(row[-1])}" for name, row in curves.items())
    show_chart(
        f"{KEY}_{what}", depth_figure(curves, title, at=spec.looked_at, dark=is_dark()),
        f"The {title} from layer 1 to layer {spec.depth}: {ends}.",
    )  # fmt: skip


def _show_formulas(spec: BlocksSpec, without: Run, built: Run) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        if spec.built_in != "shortcut":
            st.markdown(f"{norm_words(spec)} Channel {spec.channel} of layer {spec.looked_at}:")
            st.latex(norm_formula(spec, built.inside))
        if spec.built_in != "norm":
            st.markdown(shortcut_words())
            st.latex(shortcut_formula(spec))
    with right:
        counts = dict(zip(("convolution", "after batch norm"), built.inside.counts, strict=True))
        if spec.built_in == "shortcut":
            edges, sums = built.inside.edges, (without.inside, built.inside)
            counts = {
                name: np.histogram(np.clip(one.summed, edges[0], edges[-1]), edges)[0]
                for name, one in zip((WITHOUT, "Shortcut"), sums, strict=True)
            }
        said = "; ".join(
            f"{name}: most often in bin {int(row.argmax()) + 1} of {len(row)}" for name, row in counts.items()
        )
        show_chart(
            f"{KEY}_counts", histogram_figure(built.inside.edges, counts, dark=is_dark()),
            f"How often which number comes in layer {spec.looked_at}. {said}.",
        )  # fmt: skip


def _show_skip(spec: BlocksSpec, picture: Picture) -> None:
    """Draw a bottleneck with and without the maps that skip across it."""
    pixels = luma(fitted(picture.pixels, SKIP_SIDE, SKIP_SIDE, 3))
    plane = pixels.astype(np.float32) / np.float32(255)
    row, column = spec.unit or (SKIP_SIDE // 2, SKIP_SIDE // 2)
    with out_of_turn():
        without, built = (u_net(plane, spec.levels, skip=skip, unit=(row, column)) for skip in (False, True))
    show_pictures(
        _skip_panels(pixels, without, built, (row, column), 2**spec.levels), key=KEY, look=spec.look, label="U-Net",
        controls=[
            Choice("with", "Built in", BUILT_IN, spec.built_in),
            Slider("levels", "Levels", 1, MOST_LEVELS, spec.levels),
        ],
        note=" → ".join(f"{side}×{side}" for side in (SKIP_SIDE, SKIP_SIDE >> spec.levels, SKIP_SIDE)),
    )  # fmt: skip
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(skip_words(without, (likeness(without.output, plane), likeness(built.output, plane))))
    with right:
        st.markdown(skip_gradient_words(spec.levels, (row, column), without, built))
        st.latex(skip_formula(spec.levels, (row, column)))
    with st.expander("The same in PyTorch", icon=":material/code:"):
        show_code(KEY, {"PyTorch": skip_code(spec.levels, (row, column))})


def _skip_panels(
    pixels: Array | Pixels, without: Bottleneck, built: Bottleneck, unit: tuple[int, int], block: int
) -> list[Panel]:
    mark = [Mark(*unit, 1, 1, "output")]
    top = max(float(built.slope.max()), 1e-9)
    return [
        Panel("The picture", np.asarray(pixels), "grey", alt=f"{picture_alt()} In grey."),
        Panel("The bottom", without.small, "grey", low=0, high=1, step=(block, block), alt="The picture, averaged."),
        Panel(
            "Without", without.output, "grey", low=0, high=1, click=True, marks=mark,
            alt="Made large again: blocks of one grey each. Click an output to see which pixels it hears.",
        ),
        Panel(
            "With skips", built.output, "grey", low=0, high=1, click=True, marks=mark,
            alt="Made large again with what skips across: fine lines are back.",
        ),
        Panel("Gradient without", without.slope, "score", low=0, high=top, alt="One block of pixels counts alike."),
        Panel("Gradient with skips", built.slope, "score", low=0, high=top, alt="The output’s own pixel counts most."),
    ]  # fmt: skip


def _planes(pixels: Pixels) -> Array:
    return np.ascontiguousarray(pixels.transpose(2, 0, 1), dtype=np.float32) / np.float32(255)


def _neighbours(digest: str) -> Array:
    """The other pictures of the batch: the gallery's, and some drawn by rule; never the learner's own twice."""
    return np.stack([planes for name, planes in _gallery() if name != digest])


@lru_cache(maxsize=1)
def _gallery() -> tuple[tuple[str, Array], ...]:
    pictures = [sample(name) for name in SAMPLES]
    fitting = [(one.digest, _planes(fitted(one.pixels, SIDE, SIDE, 3))) for one in pictures]
    return (*fitting, *((kind, _drawn(kind, 0)) for kind in KINDS))


@lru_cache(maxsize=1)
def _strangers() -> Array:
    """Pictures that are in no batch: what batch norm remembers."""
    return np.stack([_drawn(kind, seed) for kind in KINDS for seed in (1, 2)])


def _drawn(kind: str, seed: int) -> Array:
    return _planes(fitted(draw(kind, seed), SIDE, SIDE, 3))
