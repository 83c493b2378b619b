"""The Augmentation lesson: the picture, a sheet of its variants or one augmentation step by step."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.engine.pictures.gallery import SAMPLES
from cnnviz.engine.pictures.samples import sample
from cnnviz.lessons.augmentation.code import torch_variant
from cnnviz.lessons.augmentation.examples import AUGMENT_PRESETS
from cnnviz.lessons.augmentation.spec import ALSO, BORDERS, COUNTS, LARGEST_SEED, RUNGS, SWITCH, VIEWS, AugmentSpec
from cnnviz.lessons.augmentation.spec_ops import OPS, UNCOVERS
from cnnviz.lessons.augmentation.trace import AugmentTrace, layout_of, trace_augment
from cnnviz.lessons.augmentation.trace_apply import Pixels
from cnnviz.lessons.augmentation.trace_cases import digit_pixels
from cnnviz.lessons.augmentation.trace_draw import Size
from cnnviz.lessons.augmentation.view_words import show_drawn, show_labels
from cnnviz.lessons.augmentation.words import rung_title, say_change, say_ladder
from cnnviz.lessons.augmentation.words_recipes import boxes_recipe, mixup_step, torchvision_recipe
from cnnviz.ui.lesson_pictures import picture_row, show_code, show_examples
from cnnviz.ui.notes import show_notes
from cnnviz.ui.picture import choose_picture, picture_alt, picture_title
from cnnviz.ui.turns import out_of_turn
from cnnviz.ui.viewer import (
    Answer,
    Choice,
    Control,
    Mark,
    Panel,
    Slider,
    Switch,
    keep,
    show_pictures,
    viewed_query,
)
from cnnviz.ui.widgets import bound

KEY = "augmentation"
DIGITS = "digits"
RANDOM = ("hflip", "vflip", "shift", "noise", "salt", "cut")
"""What draws a number on the ladder as well."""
IN_ONE_ROW = """<style>
@container (min-width: 1000px) { .cnw-panels[data-count="5"] { --columns: 5; } }
</style>"""
"""The five steps of the ladder stand beside each other where there is room."""
HELP = "Click a variant to look at it; drag a rectangle on the picture to mark an object."


def show_augment() -> None:
    """Draw the whole lesson."""
    row = picture_row()
    picture = choose_picture(KEY, row=row)
    query, answer = viewed_query(KEY)
    spec, notes = AugmentSpec.from_query(query)
    digits = picture_title() == SAMPLES[DIGITS].title
    pixels = digit_pixels(spec.digit) if digits else picture.pixels
    second = _second(spec, digits=digits) if spec.mixes else None
    spec = _chosen(spec, answer, (pixels.shape[0], pixels.shape[1]))
    keep(KEY, spec.to_query(), answer)
    if spec.mixes:
        _choose_second(spec, row)
    show_examples(KEY, AUGMENT_PRESETS, spec.to_query(), row)
    show_notes(notes)
    with out_of_turn():
        trace = trace_augment(pixels, spec, second=second, grey=picture.is_grey)
    if trace.sheet is None:
        st.html(IN_ONE_ROW)
    show_pictures(
        _panels(trace),
        key=KEY,
        controls=_controls(spec, digits=digits),
        look=spec.look,
        label="Augmentation",
        note=f"{_name(spec)}: {say_change(trace.change)}. {HELP if trace.sheet else say_ladder(spec)}",
    )
    drawn, labels = st.columns(2, gap="large")
    with drawn:
        show_drawn(KEY, trace, picture_title(), SAMPLES[spec.second].title)
    with labels:
        show_labels(KEY, spec)
    _show_code(trace)


def _second(spec: AugmentSpec, *, digits: bool) -> Pixels:
    """Give the second picture: among digits another digit, else the sample."""
    if digits and spec.second == DIGITS:
        return digit_pixels((spec.digit + 2) % 10)
    return sample(spec.second).pixels


def _name(spec: AugmentSpec) -> str:
    return f"Variant {spec.pick + 1}" if spec.view == "sheet" else f"Step {spec.rung + 1}"


def _chosen(spec: AugmentSpec, answer: Answer | None, size: Size) -> AugmentSpec:
    """Take a click on the sheet or the ladder, and a rectangle drawn on the picture."""
    if answer and answer.click:
        panel, row, column = answer.click
        if spec.view == "sheet":
            return replace(spec, pick=layout_of(size, spec).at(row, column))
        return replace(spec, rung=min(panel, RUNGS - 1))
    if answer and answer.box:
        row, column, height, width = answer.box[1:]
        if height and width:
            return replace(spec, box=(row, column, height, width))
    return spec


def _panels(trace: AugmentTrace) -> list[Panel]:
    """Give the pictures: the picture, its variant and the sheet, or the ladder."""
    spec, alt, moved = trace.spec, picture_alt(), trace.moved
    if trace.sheet is None:
        return [
            Panel(
                rung_title(spec, trace.steps[index], index, trace.size),
                rung,
                "rgb",
                alt=f"{alt}, step {index + 1} of the ladder",
                click=True,
                marks=[Mark(0, 0, *trace.size, "chosen")] if index == spec.rung else [],
            )
            for index, rung in enumerate(trace.rungs)
        ]
    boxed = bool(spec.box) or spec.also == "mask"
    before = [Mark(*moved.before, "box")] if boxed else []
    after = [Mark(*moved.box, "its new box")] if boxed and moved.box else []
    place = trace.sheet.layout.place(spec.pick)
    panels = [
        Panel("Picture", trace.picture, "rgb", alt=alt, marks=before, drag=True),
        Panel(_name(spec), trace.variant, "rgb", alt=f"{alt}, after augmentation", marks=after),
    ]
    if spec.also == "diff":
        difference = trace.variant.astype("int16").mean(2) - trace.picture.astype("int16").mean(2)
        panels.append(Panel("Difference", difference, "signed", alt="Variant minus picture, mean of the channels"))
    elif spec.also == "mask":
        panels.append(
            Panel("Mask, moved along", trace.mask(), "grey", low=0, high=1, alt="The box as a mask", marks=after)
        )
    sheet = Panel(
        f"{spec.count} variants, seed {spec.seed}",
        trace.sheet.array,
        "rgb",
        alt=f"A sheet of {spec.count} variants; number {spec.pick + 1} is chosen",
        click=True,
        linked=False,
        marks=[Mark(*place, f"variant {spec.pick + 1}")],
    )
    if trace.second is not None and len(panels) < 3:
        panels.append(Panel("Second", trace.second, "rgb", alt=SAMPLES[spec.second].alt))
    return [*panels, sheet]


def _controls(spec: AugmentSpec, *, digits: bool) -> list[Control]:
    controls: list[Control] = [Choice("view", "Show", VIEWS, spec.view)]
    sheet = spec.view == "sheet"
    if sheet:
        controls.append(Choice("n", "Variants", COUNTS, spec.count))
    else:
        controls.append(Choice("one", "Which one", {op.name: op.label for op in OPS.values()}, spec.one))
    if sheet or spec.one in RANDOM:
        controls.append(Slider("seed", "Seed", 0, LARGEST_SEED, spec.seed, help="Another seed, other numbers"))
    if any(spec.is_on(name) for name in UNCOVERS):
        controls.append(Choice("border", "Outside", BORDERS, spec.border))
    if sheet:
        controls.append(Choice("also", "Beside it", ALSO, spec.also))
        controls += [Switch(SWITCH + op.name, op.label, op.name in spec.on, op.help) for op in OPS.values()]
    if digits:
        controls.append(Slider("digit", "Digit", 0, 9, spec.digit))
    for name in spec.on if sheet else (spec.one,):
        op = OPS[name]
        words = {f"{value:g}": op.words(value) for value in op.grid}
        controls.append(Slider(name, op.label, 0, op.high, spec.strength(name), op.step, op.help, words))
    return controls


def _choose_second(spec: AugmentSpec, row: DeltaGenerator) -> None:
    """Let the learner choose the picture that is mixed in."""
    widget = f"{KEY}_second"

    def take() -> None:
        now, _ = AugmentSpec.from_query(viewed_query(KEY)[0])
        keep(KEY, replace(now, second=st.session_state[widget]).to_query())

    row.selectbox(
        "Second picture",
        list(SAMPLES),
        format_func=lambda name: SAMPLES[name].title,
        width=180,
        **bound(widget, spec.second, take),
    )


def _show_code(trace: AugmentTrace) -> None:
    spec = trace.spec
    codes = {
        f"PyTorch: {_name(spec).lower()}": torch_variant(trace),
        "In practice: torchvision": torchvision_recipe(spec, trace.size),
        "With boxes and masks": boxes_recipe(spec, trace.size, trace.moved.before),
    }
    if spec.is_on("mix"):
        codes["Mix-up of a batch"] = mixup_step(spec.strength("mix"))
    show_code(KEY, codes)
