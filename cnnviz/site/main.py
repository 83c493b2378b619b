"""The frame around every lesson: the page's title, the menu, and one sentence about the app.

A new lesson is one file in `pages/` and one line in `LESSONS`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import streamlit as st

ROOT = Path(__file__).resolve().parents[2]

# The server may be started from any folder, and tests start this script without the server: `import cnnviz`
# must work in both. (Appended, so that it never hides an installed package.)
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

from cnnviz.site.process import keep_collections_short  # noqa: E402
from cnnviz.ui.holdings import show_what_was_lost  # noqa: E402 - it can be found only now
from cnnviz.ui.reconnect import ask_when_connected, then_what_was_asked  # noqa: E402
from cnnviz.ui.turns import in_turn  # noqa: E402


class Lesson(NamedTuple):
    """One entry of the menu: `file` is a script in `pages/`, and its stem is the page's address."""

    section: str
    file: str
    title: str
    icon: str
    help: str


LESSONS = (
    Lesson(
        "Arithmetic",
        "convolution.py",
        "Convolution",
        ":material/grid_on:",
        "Slide a kernel over a grid: see where every output cell comes from, and why the output has its size.",
    ),
    Lesson(
        "Arithmetic",
        "transposed.py",
        "Transposed convolution",
        ":material/open_in_full:",
        "Enlarge a grid by stamping a kernel: three ways to compute it, and why it is no inverse.",
    ),
    Lesson(
        "Arithmetic",
        "channels.py",
        "Channels and groups",
        ":material/layers:",
        "Several channels in and out: kernel slices, partial maps, their sum; groups, depthwise and 1×1 convolutions.",
    ),
    Lesson(
        "Arithmetic",
        "volumes.py",
        "Volumes",
        ":material/view_in_ar:",
        "One, two and three dimensions: a short film, frame by frame, and kernels that look at several frames.",
    ),
    Lesson(
        "Arithmetic",
        "pooling.py",
        "Pooling",
        ":material/compress:",
        "Each window becomes one number: its largest, its mean or its norm. See which cell won, and what is lost.",
    ),
    Lesson(
        "Arithmetic",
        "downsampling.py",
        "Down-sampling",
        ":material/photo_size_select_small:",
        "Strided convolution, dropping, maximum, average and pixel unshuffle on one input: what each of them keeps.",
    ),
    Lesson(
        "Arithmetic",
        "shuffle.py",
        "Pixel shuffle",
        ":material/shuffle:",
        "Numbers move between space and channels: pixel shuffle and unshuffle, which lose nothing.",
    ),
    Lesson(
        "Arithmetic",
        "solver.py",
        "Solver",
        ":material/calculate:",
        "Which layers turn one size into another? Chains of layers, and questions to practise on.",
    ),
    Lesson(
        "Under the hood",
        "matrix.py",
        "Matrix form",
        ":material/apps:",
        "A convolution is a product with one sparse matrix. See which weight stands where, and what sharing saves.",
    ),
    Lesson(
        "Under the hood",
        "signals.py",
        "Signals",
        ":material/show_chart:",
        "Convolution along a line: draw a signal, slide a kernel, turn it; then the same with functions.",
    ),
    Lesson(
        "Under the hood",
        "backward.py",
        "Backward",
        ":material/undo:",
        "Send a gradient back through a convolution: to its input, its weights and its bias, cell by cell.",
    ),
    Lesson(
        "Under the hood",
        "properties.py",
        "Properties",
        ":material/balance:",
        "Experiments: does convolution commute, add up, move along, factor? Two ways, and their difference.",
    ),
    Lesson(
        "Pictures",
        "pixels.py",
        "Pixels",
        ":material/photo:",
        "A photo is numbers: zoom in until you can read them; scales, histogram, channels, and their order in memory.",
    ),
    Lesson(
        "Pictures",
        "filters.py",
        "Filters",
        ":material/blur_on:",
        "Blur, sharpen, find edges: a kernel over your own photo, and every pixel of the result written out.",
    ),
    Lesson(
        "Pictures",
        "translation.py",
        "Translation",
        ":material/open_with:",
        "Move, turn and scale a photo: filter before or after, what a stride breaks, and templates that slide.",
    ),
    Lesson(
        "Pictures",
        "filter_chains.py",
        "Filter chains",
        ":material/filter_2:",
        "Two kernels are one larger kernel; gradients and their direction; pyramids, and why to blur before halving.",
    ),
    Lesson(
        "Pictures",
        "matching.py",
        "Match a template",
        ":material/image_search:",
        "Cut a patch out of the picture and slide it over every place: four scores, their maps, and where they peak.",
    ),
    Lesson(
        "Pictures",
        "augmentation.py",
        "Augmentation",
        ":material/auto_awesome_motion:",
        "Many new pictures out of one: turn, crop, colour, noise, mix-up. Which labels survive it, and which do not.",
    ),
    Lesson(
        "Networks",
        "networks.py",
        "Networks",
        ":material/account_tree:",
        "Published networks layer by layer: sizes, parameters, operations, memory, and why tools disagree about them.",
    ),
    Lesson(
        "Networks",
        "your_code.py",
        "Your code",
        ":material/code:",
        "Paste your PyTorch network: every layer’s size, and where it breaks, with the smallest change that mends it.",
    ),
    Lesson(
        "Networks",
        "build.py",
        "Build a network",
        ":material/construction:",
        "Add, move and change layers in a picture to scale: shortcuts, branches, undo, and what does not fit.",
    ),
    Lesson(
        "Networks",
        "receptive_field.py",
        "Receptive field",
        ":material/filter_center_focus:",
        "What one unit of a network sees of your photo: exactly, in how many ways, and how much each pixel counts.",
    ),
    Lesson(
        "Networks",
        "frameworks.py",
        "Frameworks",
        ":material/compare_arrows:",
        "One layer in PyTorch, TensorFlow, ONNX and Caffe: sizes, padding, and the pixel that lies between them.",
    ),
    Lesson(
        "What networks see",
        "feature_maps.py",
        "Feature maps",
        ":material/grid_view:",
        "Draw a digit or take a photo: every map of every layer, the scores, and each number traced back.",
    ),
    Lesson(
        "What networks see",
        "where_it_looks.py",
        "Where it looks",
        ":material/center_focus_strong:",
        "Which pixels speak for a class? The gradient, Grad-CAM and covered patches, and a test of all three.",
    ),
    Lesson(
        "What networks see",
        "learned_kernels.py",
        "Learned kernels",
        ":material/filter_b_and_w:",
        "What training made of noise: kernels beside hand-made ones, and the pictures that excite a unit most.",
    ),
    Lesson(
        "What networks see",
        "train_filter.py",
        "Train a filter",
        ":material/model_training:",
        "Watch a filter learn: loss, accuracy and the filter itself move, step by step; beside the hand-made one.",
    ),
    Lesson(
        "What networks see",
        "cnn_or_mlp.py",
        "CNN or MLP",
        ":material/swipe_right:",
        "Two networks of one size learn a few digits: what becomes of each when the digits are moved.",
    ),
    Lesson(
        "What networks see",
        "fine_tuning.py",
        "Fine-tuning",
        ":material/lock_open_right:",
        "Freeze the features, replace the head, learn a new task: which parameters move, and what is forgotten.",
    ),
    Lesson(
        "What networks see",
        "blocks.py",
        "Batch norm and shortcuts",
        ":material/alt_route:",
        "The same layers with and without: what becomes of the maps, and where the gradient goes.",
    ),
    Lesson(
        "For lecturers",
        "lectures.py",
        "Lecture topics",
        ":material/school:",
        "Every topic of the lectures, with links that open it with the lecture's own numbers.",
    ),
)

ABOUT = "cnnviz shows convolution arithmetic cell by cell, with the same numbers that PyTorch computes."


def menu(lessons: tuple[Lesson, ...] = LESSONS) -> dict[str, list[st.Page]]:
    """The pages by section, in the order of the table; an address without a page shows the first lesson.

    That is an entry of its own, which the menu does not show: Streamlit would answer "page not found" to the default
    page's own name, and a link on somebody's slide must not depend on which lesson comes first.
    """
    first = lessons[0]
    home = st.Page(_script(first), title=first.title, url_path="home", default=True, visibility="hidden")
    sections: dict[str, list[st.Page]] = {"": [home]}
    for lesson in lessons:
        page = st.Page(
            _script(lesson), title=lesson.title, icon=lesson.icon, help=lesson.help, url_path=Path(lesson.file).stem
        )
        sections.setdefault(lesson.section, []).append(page)
    return sections


def _script(lesson: Lesson) -> Path:
    return ROOT / "pages" / lesson.file


def frame() -> None:
    """Draw what all lessons share, then run the lesson."""
    st.set_page_config(
        page_title="cnnviz",
        # A file of ours: for a tab's icon, Streamlit's browser part fetches a :material/...: name from another site.
        page_icon=str(ROOT / "assets" / "icon.svg"),
        layout="wide",
    )
    page = st.navigation(menu(), position="top")  # the grids need the width that a sidebar would take
    st.html(ROOT / "assets" / "app.css")
    with then_what_was_asked():
        above = st.container()
        in_turn(page.run)()
        st.markdown(f":small[{ABOUT}]")
        ask_when_connected()
    with above:
        show_what_was_lost()  # the page may have got something back
    keep_collections_short()


frame()
