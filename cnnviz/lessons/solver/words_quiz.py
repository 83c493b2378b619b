"""The words of the practice questions.

>>> from cnnviz.lessons.solver.trace_quiz import make_quiz
>>> prompt(make_quiz(2, 1)).split("**. **")[0]
'An input has **79** cells on each side. A convolution has kernel **7**, stride **4** and padding **1'
"""

from __future__ import annotations

from cnnviz.engine.axis_layer import AxisLayer
from cnnviz.explain.layer_size import dropped_window, size_formula
from cnnviz.lessons.solver.trace_chain import chain_size
from cnnviz.lessons.solver.trace_quiz import Quiz, padded_size

NAMES = {"conv": "convolution", "transposed": "transposed convolution", "pool": "max pooling"}

SLIPS = {
    "both sides": "That is the padding of both sides together. PyTorch's number is for one side.",
    "no dilation": "It looks as if the dilation was left out. It multiplies the kernel size minus 1.",
    "kernel": "That is the kernel itself. Each side needs only half of what the kernel takes away.",
    "one more": "That is one too many.",
    "one less": "That is one too few.",
    "padding once": "It looks as if the padding was counted once. It is added on both sides.",
    "no padding": "It looks as if the padding was left out.",
    "no stride": "It looks as if the stride was left out.",
    "rounded up": "It looks as if the division was rounded up. Without ceil mode it is rounded down.",
    "rounded down": "It looks as if the division was rounded down. Ceil mode rounds it up.",
    "plus one": "It looks as if the “+ 1” at the end was left out: the first window counts too.",
    "no output padding": "It looks as if the output padding was left out.",
    "forwards": "That is the size behind an ordinary convolution. A transposed one goes the other way.",
    "first layer only": "That is the size behind the first layer. There is one more.",
    "last layer only": "That is what the second layer alone would do.",
    "order": "That is the size with the layers in the other order.",
}
TRANSPOSED_SLIPS = {
    "padding once": "It looks as if the padding was taken away once. It is taken away on both sides.",
    "no padding": "It looks as if the padding was left out. Here it makes the output smaller.",
}


def prompt(quiz: Quiz) -> str:
    """Ask the question."""
    if quiz.ask == "padding":
        layer = quiz.layers[0]
        return (
            f"An input has **{quiz.n}** cells on each side. A convolution has {settings_text(layer, padding=False)}. "
            "**Which padding keeps the size?** Give the number for one side, as in PyTorch."
        )
    first = f"An input has **{quiz.n}** cells on each side. "
    if len(quiz.layers) == 1:
        layer = quiz.layers[0]
        return f"{first}A {NAMES[layer.kind]} has {settings_text(layer)}. **How large is the output on each side?**"
    steps = [f"a {NAMES[layer.kind]} with {settings_text(layer)}" for layer in quiz.layers]
    return f"{first}It goes through {', then '.join(steps)}. **How large is the output on each side?**"


def settings_text(layer: AxisLayer, *, padding: bool = True) -> str:
    """Write the settings of a layer as a sentence goes on.

    >>> settings_text(AxisLayer("conv", 3, 2, (1, 1)))
    'kernel **3**, stride **2** and padding **1**'
    """
    told = [f"kernel **{layer.kernel}**", f"stride **{layer.stride}**"]
    if padding:
        told.append(f"padding **{layer.padding[0]}**")
    if layer.dilation > 1:
        told.append(f"dilation **{layer.dilation}**")
    if layer.output_padding:
        told.append(f"output padding **{layer.output_padding}**")
    if layer.ceil:
        told.append("**ceil mode**")
    return f"{', '.join(told[:-1])} and {told[-1]}"


def verdict(quiz: Quiz, given: int) -> str:
    """Judge an answer: a sentence on what went wrong, where the number tells.

    >>> quiz = Quiz(2, 0, "size", 7, (AxisLayer("conv", 3, 2, (1, 1)),), 4, {3: "plus one"})
    >>> verdict(quiz, 4)
    'Right: it is 4.'
    >>> verdict(quiz, 3)
    '3 is not right. It looks as if the “+ 1” at the end was left out: the first window counts too.'
    """
    if given == quiz.answer:
        return f"Right: it is {quiz.answer}."
    slip = quiz.slips.get(given)
    if slip:
        transposed = any(layer.kind == "transposed" for layer in quiz.layers)
        words = TRANSPOSED_SLIPS.get(slip, SLIPS[slip]) if transposed and len(quiz.layers) == 1 else SLIPS[slip]
        return f"{given} is not right. {words}"
    if quiz.ask == "padding":
        size = padded_size(quiz, given) if given >= 0 else None
        return f"{given} is not right." + (
            f" With padding {given} the output has {size} cells, not {quiz.n}." if size else ""
        )
    return f"{given} is not right."


def solution_formulas(quiz: Quiz) -> tuple[str, ...]:
    """Write how the answer comes about: LaTeX, one formula a layer."""
    if quiz.ask == "padding":
        layer = quiz.layers[0]
        return (_padding_formula(layer),)
    n, formulas = quiz.n, []
    for layer in quiz.layers:
        formulas.append(size_formula(layer, n))
        n = chain_size((layer,), n) or n
    return tuple(formulas)


def solution_notes(quiz: Quiz) -> tuple[str, ...]:
    """Say what a formula does not show."""
    if quiz.ask == "padding":
        return ("At stride 1 the kernel takes d · (k − 1) cells away, so each side needs half of them.",)
    return tuple(note for layer in quiz.layers if (note := dropped_window(layer, quiz.n)))


def _padding_formula(layer: AxisLayer) -> str:
    return (
        "\\begin{aligned}\n"
        r"n + 2p - d\,(k-1) &= n \\" + "\n"
        rf"p &= \dfrac{{d\,(k-1)}}{{2}} = \dfrac{{{layer.dilation}\cdot({layer.kernel}-1)}}{{2}} = {layer.padding[0]}"
        "\n\\end{aligned}"
    )
