"""The examples of the Properties page: each law where it holds, and where it breaks.

>>> PROPERTIES_PRESETS[0].title, dict(PROPERTIES_PRESETS[0].state)
('Convolution commutes', {})
"""

from __future__ import annotations

from cnnviz.lessons.properties.spec import PROPERTIES
from cnnviz.state.preset import Preset


def _preset(  # noqa: PLR0917 - a table reads best in columns
    prop: str, name: str, title: str, link: str, note: str, topic: str
) -> Preset:
    whole = "&".join(filter(None, ("" if prop == "commutative" else f"prop={prop}", link)))
    source = f"Lecture: {topic}"
    return Preset.from_link(whole, name=name, title=title, group=PROPERTIES[prop], note=note, source=source)


_ALGEBRA = "commutativity and linearity"
_SHIFT = "shift-equivariance"
_STRIDE = "stride"
_KERNELS = "convolution as a linear operation"

PROPERTIES_PRESETS = (
    _preset(
        "commutative",
        "commutes",
        "Convolution commutes",
        "",
        "f over g, or g over f: all 49 cells agree. Hover one to see the same products in another order.",
        _ALGEBRA,
    ),
    _preset(
        "commutative",
        "correlation",
        "Cross-correlation does not",
        "flip=0",
        "Without the turn, changing places turns the result by half a turn: most cells differ.",
        _ALGEBRA,
    ),
    _preset(
        "commutative",
        "commutes-row",
        "The same in one dimension",
        "n=1x3&k=1x2&x=5+7+0&w=1+2",
        "Four alignments: 5, 7 + 10, 0 + 14 and 0. Both ways find the same four sums.",
        _ALGEBRA,
    ),
    _preset(
        "linear",
        "linear",
        "Convolution is linear",
        "k=2",
        "Convolve the mixture, or mix the two outputs. Move a and b: the difference stays 0.",
        _ALGEBRA,
    ),
    _preset(
        "linear",
        "homogeneous",
        "Factors pass through",
        "a=3&b=0",
        "With b = 0 only f counts: three times the input gives three times the output.",
        _ALGEBRA,
    ),
    _preset(
        "linear",
        "additive",
        "A difference of pictures",
        "n=6&a=1&b=-1&border=zeros&x=window&h=features",
        "The output of a difference is the difference of the outputs, zeros at the border included.",
        _ALGEBRA,
    ),
    _preset(
        "shift",
        "shift-circular",
        "Equivariant: a picture that goes round",
        "border=circular&w=sobel",
        "With circular borders and stride 1, shifting before or after is exactly the same, for every shift.",
        _SHIFT,
    ),
    _preset(
        "shift",
        "shift-object",
        "An object in the middle moves along",
        "n=7&border=zeros&x=impulse&w=counting",
        "As long as the object stays clear of the border, its output moves with it, cell by cell.",
        _SHIFT,
    ),
    _preset(
        "shift",
        "shift-border",
        "Borders break it",
        "n=6&border=zeros&x=ones&w=ones",
        "Zeros come in at the top and left, and what leaves is lost. Away from there, all cells agree.",
        _SHIFT,
    ),
    _preset(
        "shift",
        "shift-stride",
        "Stride breaks it",
        "n=8&s=2&border=circular&x=random&w=sobel-x&down=0",
        "Stride 2 and a shift of 1: the output would have to move by half a cell. Make the shift 2, and A = B again.",
        _SHIFT,
    ),
    _preset(
        "shift",
        "shift-stride-whole",
        "A shift by whole strides survives",
        "n=8&s=2&border=circular&x=random&w=sobel-x&down=2&right=4",
        "Shifts of 2 and 4 are 1 and 2 steps of the stride: the output moves along exactly.",
        _SHIFT,
    ),
    _preset(
        "associative",
        "associative",
        "Two kernels are one",
        "",
        "g ∗ h is one kernel of 4×4. So two linear layers in a row are no more than one.",
        _KERNELS,
    ),
    _preset(
        "associative",
        "second-difference",
        "A difference of a difference",
        "n=1x8&k=1x2&k2=1x2&x=0+0+1+4+9+9+9+9&w=difference",
        "[1, −1] twice is [1, −2, 1], the second difference.",
        _KERNELS,
    ),
    _preset(
        "associative",
        "small-blurs",
        "Two small blurs make a larger one",
        "n=7&k2=3&border=circular&x=impulse&w=gaussian&v=gaussian",
        "Two 3×3 blurs reach as far as one of 5×5, and go round the border without harm.",
        _KERNELS,
    ),
    _preset(
        "associative",
        "associative-border",
        "Padding in between breaks it",
        "n=6&k2=3&border=zeros&x=counting&w=ones&v=ones",
        "The first output is cut to 6×6 and padded with zeros again. Only cells near the border differ.",
        _KERNELS,
    ),
    _preset(
        "separable",
        "sobel",
        "Sobel is a column times a row",
        "x=random&w=sobel",
        "One singular value is not zero: rank 1. Two passes with 3 + 3 weights do the work of 9.",
        _KERNELS,
    ),
    _preset(
        "separable",
        "gaussian",
        "Gaussian blur 5×5 in two passes",
        "n=7&k=5&x=edge&w=gaussian",
        "25 products a cell become 10. The larger the kernel, the more is saved.",
        _KERNELS,
    ),
    _preset(
        "separable",
        "laplacian",
        "The Laplacian is not separable",
        "x=random&w=laplacian",
        "Two singular values: rank 2. The nearest column times row leaves an error, shown in A − B.",
        _KERNELS,
    ),
    _preset(
        "separable",
        "cross",
        "An X has rank 2",
        "n=6&x=window&w=cross",
        "An X needs two products of a column and a row; one alone misses part of it.",
        _KERNELS,
    ),
    _preset(
        "stride",
        "stride-drops",
        "Stride is convolving, then dropping",
        "n=7&s=2&x=lecture&w=sobel",
        "The lecture's 7×7: stride 2 keeps every other row and column of the 5×5 result, to the last cell.",
        _STRIDE,
    ),
    _preset(
        "stride",
        "stride-three",
        "Stride 3 with zeros around",
        "n=8&s=3&border=zeros&x=counting",
        "64 cells are computed and 9 are kept: a strided layer never computes the other 55.",
        _STRIDE,
    ),
)
