"""The examples of the matrix form: the lectures' 1-D matrices, borders and steps, images, and three kinds of layer.

>>> MATRIX_PRESETS[0].title, dict(MATRIX_PRESETS[0].state)
('Full: 7×5 matrix of w₁, w₂, w₃', {'n': '1x5', 'k': '1x3', 'p': 'full', 'flip': '1'})
"""

from __future__ import annotations

from cnnviz.state.preset import Preset

ONE = "Lectures: one dimension"
TWO = "Images"
LAYERS = "Three layers"


def _preset(group: str, name: str, title: str, link: str, *about: str) -> Preset:
    note, topic = about
    return Preset.from_link(link, name=name, title=title, group=group, note=note, source=f"Lecture: {topic}")


TOEPLITZ = "convolution as matrix multiplication"
WAYS = "dense, locally connected and convolutional layers"

MATRIX_PRESETS = (
    _preset(
        ONE,
        "toeplitz-full",
        "Full: 7×5 matrix of w₁, w₂, w₃",
        "n=1x5&k=1x3&p=full&flip=1",
        "Here w₁ = 1, w₂ = 2, w₃ = 3. Each column is the kernel, one step lower than in the column before: "
        "a Toeplitz matrix.",
        TOEPLITZ,
    ),
    _preset(
        ONE,
        "toeplitz-valid",
        "Valid: 3×5 matrix of w₃, w₂, w₁",
        "n=1x5&k=1x3&flip=1",
        "Only the three middle rows of the full matrix: where the whole kernel lies on the input. "
        "In each row the kernel stands turned, w₃ first.",
        TOEPLITZ,
    ),
    _preset(
        ONE,
        "toeplitz-same",
        "Same: 5×5 matrix",
        "n=1x5&k=1x3&p=same&flip=1",
        "As many rows as columns. In the first and the last row one weight would meet padding, and is missing.",
        TOEPLITZ,
    ),
    _preset(
        ONE,
        "correlation",
        "The kernel as it is",
        "n=1x5&k=1x3",
        "What networks compute: in each row the kernel reads w₁, w₂, w₃. Turning the kernel turns every row.",
        TOEPLITZ,
    ),
    _preset(
        ONE,
        "circulant",
        "A circle: 5×5 circulant",
        "n=1x5&k=1x3&p=same&mode=circular&flip=1",
        "What leaves the last column comes in at the first. Every row and every column now holds all three weights.",
        "circulant matrices",
    ),
    _preset(
        ONE,
        "strided",
        "Stride 2: every second row",
        "n=1x7&k=1x3&s=1x2",
        "Each row starts two columns further right: the same matrix without every second row.",
        "stride",
    ),
    _preset(
        ONE,
        "dilated",
        "Dilation 2: zeros between the weights",
        "n=1x7&k=1x3&d=1x2",
        "Each row has the same three weights with a zero between them: a longer reach, not one parameter more.",
        "dilation",
    ),
    _preset(
        TWO,
        "doubly-blocked",
        "4×4 → 2×2: a 4×16 matrix",
        "",
        "Each block is the Toeplitz matrix of one row of the kernel, and the blocks themselves move along: "
        "Toeplitz twice over.",
        "doubly block matrices",
    ),
    _preset(
        TWO,
        "padded",
        "Padding 1: a 16×16 matrix",
        "p=1",
        "Now square. Windows at the border read padding, which has no column: those rows have fewer weights.",
        "doubly block matrices",
    ),
    _preset(
        TWO,
        "doubly-circulant",
        "A torus: doubly block circulant",
        "p=1&mode=circular",
        "Both directions go round: each row of the matrix holds all nine weights, and so does each column.",
        "doubly block circulant matrices",
    ),
    _preset(
        TWO,
        "image-strided",
        "Stride 2 on 5×5",
        "n=5&s=2",
        "Four rows of 25 columns. The windows step by two columns, and then by two rows of the input.",
        "stride",
    ),
    _preset(
        LAYERS,
        "layers-one-row",
        "Five inputs, three outputs",
        "n=1x5&k=1x3&how=layers",
        "15, 9 and 3 parameters. Local and convolutional layers have the same lines; only the last one shares weights.",
        WAYS,
    ),
    _preset(
        LAYERS,
        "layers-same",
        "Five inputs, five outputs",
        "n=1x5&k=1x3&p=same&how=layers",
        "25, 15 and 3 parameters; two of the 15 only ever meet padding. With more inputs the first number grows by the "
        "square, the second in step, and the last stays 3.",
        WAYS,
    ),
    _preset(
        LAYERS,
        "layers-image",
        "A picture of 3×3",
        "n=3&k=2&how=layers",
        "36, 16 and 4 parameters. A locally connected layer sees windows, but learns each window anew.",
        WAYS,
    ),
)
