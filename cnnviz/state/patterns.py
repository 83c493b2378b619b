"""The patterns that fill the stage's grids: their words in a link, and their labels.

>>> INPUT_PATTERNS["ramp"], KERNEL_PATTERNS["box"]
('Ramp', 'Box (average)')
"""

from __future__ import annotations

INPUT_PATTERNS = {
    "guide": "Guide 5×5",
    "lecture": "Lecture 7×7",
    "window": "Lecture 6×6",
    "features": "Lecture feature map",
    "rising": "Diagonal / (0.1, 0.9)",
    "falling": "Diagonal \\ (0.1, 0.9)",
    "counting": "Counting",
    "from-one": "Counting from 1",
    "random": "Random integers",
    "impulse": "Impulse",
    "edge": "Edge",
    "checkerboard": "Checkerboard",
    "ramp": "Ramp",
    "ones": "Ones",
}
"""What can fill the input: the URL's word and its label."""

KERNEL_PATTERNS = {
    "guide": "Guide 3×3",
    "identity": "Identity",
    "ones": "Ones (sum)",
    "box": "Box (average)",
    "gaussian": "Gaussian",
    "sobel": "Sobel, rows (lecture)",
    "sobel-x": "Sobel, columns",
    "difference": "Difference [1 −1]",
    "laplacian": "Laplacian",
    "sharpen": "Sharpen",
    "diagonal": "Diagonal",
    "cross": "Lecture X",
    "rising": "Diagonal / (0.1, 0.9)",
    "counting": "Counting",
    "from-one": "Counting from 1",
    "bilinear": "Bilinear",
    "random": "Random integers",
}
"""What can fill the kernel: the URL's word and its label."""
