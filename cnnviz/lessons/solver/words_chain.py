"""The words of a chain of layers, forwards and backwards.

>>> from cnnviz.lessons.solver.trace_chain import trace_chain
>>> from cnnviz.lessons.solver.spec_layer import read_chain
>>> trace = trace_chain(read_chain("conv 3 s2 p1; pool 4 s1"), (256, 256))
>>> chain_sentence(trace)
'256 becomes 125 in 2 layers. An output unit sees 9×9 cells of the input, and neighbours are 2 cells apart.'
>>> inputs_sentence(tuple(layer.axis(0) for layer in trace.layers), 125)
'Inputs of 255 and 256 cells give 125. The stride rounds down, so they cannot be told apart behind the layers.'
"""

from __future__ import annotations

from fractions import Fraction

from cnnviz.engine.axis_layer import AxisLayer
from cnnviz.lessons.solver.trace_chain import ChainStep, ChainTrace, chain_size, inputs_of_chain, nearest_outputs
from cnnviz.lessons.solver.words import say_size

MOST_SIZES_SHOWN = 12


def chain_sentence(trace: ChainTrace) -> str:
    """Say what the layers do to the size, and what one unit behind them sees."""
    if not trace.steps:
        return "No layer has worked yet."
    last, count = trace.steps[-1], len(trace.steps)
    layers = "1 layer" if count == 1 else f"{count} layers"
    (down, across), (rows, columns) = last.field, last.jump
    jumps = _jump(rows) if rows == columns else f"{_jump(rows)} down and {_jump(columns)} across"
    same = "stays" if trace.output == trace.size else "becomes"
    end = "" if same == "stays" else f" {say_size(trace.output)}"
    unit = "cell" if rows == columns == 1 else "cells"
    return (
        f"{say_size(trace.size)} {same}{end} in {layers}. An output unit sees {down}×{across} cells of the input, "
        f"and neighbours are {jumps} {unit} apart."
    )


def step_row(step: ChainStep) -> dict[str, str]:
    """Write what one layer does as the cells of a table."""
    names = ("row", "column")
    lost = [f"{count} {name}{'s' * (count > 1)}" for count, name in zip(step.lost, names, strict=True) if count]
    loss = str(step.lost[0]) if step.lost[0] == step.lost[1] and step.lost[0] else " and ".join(lost)
    rows, columns = step.jump
    return {
        "Size": f"{say_pair(step.output)}",
        "Channels": str(step.channels[1]),
        "Lost": loss or "0",
        "Sees": say_pair(step.field),
        "Jump": _jump(rows) if rows == columns else f"{_jump(rows)}×{_jump(columns)}",
        "Parameters": f"{step.parameters:,}",
        "Multiplications": f"{step.multiplications:,}",
    }


def say_pair(pair: tuple[int, int]) -> str:
    """Write rows × columns, both of them.

    >>> say_pair((125, 125))
    '125×125'
    """
    return f"{pair[0]}×{pair[1]}"


def _jump(jump: Fraction) -> str:
    return str(jump)


def inputs_sentence(layers: tuple[AxisLayer, ...], output: int) -> str:
    """Say which input sizes give an output, or which outputs nearby there are."""
    found = inputs_of_chain(layers, output)
    if found is None:
        near = nearest_outputs(layers, output)
        near_words = " and ".join(map(str, near))
        nearby = f" The nearest outputs that exist {'are' if len(near) > 1 else 'is'} {near_words}." if near else ""
        return f"No input gives {output}.{nearby}"
    low, high = found
    if low == high:
        return f"Only an input of {_cells(low)} gives {output}."
    joined = f"{low} and {high}" if high == low + 1 else f"{low} to {high}"
    cause = "The stride rounds down" if not any(layer.ceil for layer in layers) else "The size is rounded"
    return f"Inputs of {joined} cells give {output}. {cause}, so they cannot be told apart behind the layers."


def nearby_sizes(layers: tuple[AxisLayer, ...], output: int) -> list[tuple[int, int | None]]:
    """List inputs around those that give the output, each with its own output (None where a layer cannot work)."""
    found = inputs_of_chain(layers, output)
    if found is None:
        near = nearest_outputs(layers, output)
        ranges = [span for size in near if (span := inputs_of_chain(layers, size))]
        if not ranges:
            return []
        found = ranges[0][0], ranges[-1][1]
    low, high = found
    first = max(low - 2, 1)
    last = min(high + 2, first + MOST_SIZES_SHOWN - 1)
    return [(n, chain_size(layers, n)) for n in range(first, last + 1)]


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
