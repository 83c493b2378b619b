"""What excites a unit: the patches of known pictures that it answers most, beside a picture made for it alone."""

from __future__ import annotations

import numpy as np
import streamlit as st
from PIL import Image

from cnnviz.engine.networks.seeing.maps import FOLDER, Eyes
from cnnviz.engine.networks.zoo.trained import TRAINED
from cnnviz.engine.shelf import Shelf
from cnnviz.explain.notation import in_words
from cnnviz.lessons.learned_kernels.code import climb_codes
from cnnviz.lessons.learned_kernels.spec import PATCHES, KernelsSpec
from cnnviz.lessons.learned_kernels.trace import weights_of
from cnnviz.lessons.learned_kernels.trace_patches import SEARCHING, Best, Patch, album_of, best_patches, cut_patch
from cnnviz.lessons.learned_kernels.view_climb import show_climb
from cnnviz.lessons.learned_kernels.view_state import KEY
from cnnviz.lessons.learned_kernels.words import apart_words, best_words
from cnnviz.ui.lesson_pictures import show_code
from cnnviz.ui.subject import Subject
from cnnviz.ui.viewer import Kind, Mark, Panel, Slider, show_pictures
from cnnviz.ui.waiting import computing

TILE = 64
"""Patches are made smaller than this for the sheet; the picture beside it keeps its pixels."""
MOST_KEPT = 64
BEST = Shelf(MOST_KEPT, SEARCHING)
"""The best patches of each network and layer, a few kilobytes each, the same for all learners."""
ACROSS = 3


def show_exciting(spec: KernelsSpec, subject: Subject) -> None:
    """Draw the best patches on the left, and the climb on the right."""
    eyes = subject.eyes
    last = eyes.network.last == spec.layer
    unit = f"the score for {eyes.classes[spec.kernel]}" if last else f"channel {spec.kernel} of {spec.layer}"
    left, right = st.columns(2, gap="large")
    with left:
        best = _best_of(eyes, spec.layer)
        _show_patches(spec, eyes, best, unit)
    with right:
        show_climb(spec, subject, unit, float(best.values[spec.kernel, 0]))
    with st.expander("Do it in PyTorch", icon=":material/code:"):
        show_code(KEY, climb_codes(eyes, spec))
        offer_weights(eyes)


def offer_weights(eyes: Eyes) -> None:
    """Offer the file that the code reads."""
    if eyes.source != "ours":
        return
    name = TRAINED[eyes.network.name].file
    st.download_button(
        f"The weights: {name}", (FOLDER / name).read_bytes(), name, "application/octet-stream", key=f"{KEY}_weights",
        icon=":material/download:", on_click="ignore",
    )  # fmt: skip


def _best_of(eyes: Eyes, layer: str) -> Best:
    with computing(f"Looking through {album_of(eyes).about} …"):
        found: Best = BEST.take((eyes.digest, layer), 1, lambda: best_patches(eyes, layer))
        return found


def _show_patches(spec: KernelsSpec, eyes: Eyes, best: Best, unit: str) -> None:
    patches = [cut_patch(eyes, best, spec.kernel, number) for number in range(best.values.shape[1])]
    shown = patches[min(spec.patch, len(patches) - 1)]
    array, side = _sheet(patches)
    down, right = divmod(spec.patch, ACROSS)
    top, left, bottom, behind = shown.box
    kind: Kind = "rgb" if array.ndim == 3 else "grey"
    panels = [
        Panel(
            "The nine best patches", array, kind, click=True, linked=False, about=f"{side[0]} × {side[1]} pixels each",
            marks=[Mark(down * (side[0] + 1), right * (side[1] + 1), *side)],
            alt=f"What excites {unit} most: {', '.join(one.title for one in patches)}. Click one to see its picture.",
        ),
        Panel(
            f"Number {spec.patch + 1}: {shown.title}", shown.picture, kind, linked=False,
            marks=[Mark(top, left, bottom - top, behind - left, in_words(shown.value, 3))],
            alt=f"The picture of the chosen patch, {shown.title}; a rectangle marks what the unit sees of it.",
        ),
    ]  # fmt: skip
    count = len(weights_of(eyes, spec.layer))
    words = {str(n): name for n, name in enumerate(eyes.classes)} if eyes.network.last == spec.layer else {}
    controls = [Slider("o", "Class" if words else "Channel", 0, count - 1, spec.kernel, words=words)]
    if len(patches) > 1:
        places = {str(n): f"{n + 1}: {in_words(one.value, 3)}" for n, one in enumerate(patches)}
        controls.append(Slider("best", "Patch", 0, len(patches) - 1, min(spec.patch, PATCHES - 1), words=places))
    show_pictures(
        panels, key=KEY, controls=controls, label="Best patches",
        note=f"Number {spec.patch + 1} of {len(patches)}: {in_words(shown.value, 4)}, {shown.title}",
    )  # fmt: skip
    st.markdown(f"{best_words(best, spec.kernel, unit)} :small[{apart_words(best.album)}]")


def _sheet(patches: list[Patch]) -> tuple[np.ndarray, tuple[int, int]]:
    """Put patches in three rows, NaN between them; and say how large each is there."""
    tiles = [_reduced(one.pixels) for one in patches]
    height, width = tiles[0].shape[:2]
    down = -(-len(tiles) // ACROSS)
    across = min(ACROSS, len(tiles))
    shape = (down * (height + 1) - 1, across * (width + 1) - 1, *tiles[0].shape[2:])
    array = np.full(shape, np.nan, np.float32)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, ACROSS)
        row, column = row * (height + 1), column * (width + 1)
        array[row : row + height, column : column + width] = tile
    return array, (height, width)


def _reduced(patch: np.ndarray) -> np.ndarray:
    largest = max(patch.shape[:2])
    if largest <= TILE:
        return patch
    size = (max(1, patch.shape[1] * TILE // largest), max(1, patch.shape[0] * TILE // largest))
    pixels = np.nan_to_num(patch, nan=128).astype(np.uint8)
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX), dtype=np.float32)


def patch_under(eyes: Eyes, spec: KernelsSpec, row: int, column: int) -> int | None:
    """Find the patch that was clicked on the sheet."""
    best = _best_of(eyes, spec.layer)
    side = _reduced(cut_patch(eyes, best, spec.kernel, 0).pixels).shape
    number = row // (side[0] + 1) * ACROSS + column // (side[1] + 1)
    return number if number < best.values.shape[1] else None
