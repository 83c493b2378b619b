"""One axis of a layer with a window, of any kind: its size, and the cells that it loses.

>>> layer_size(AxisLayer("conv", 3, 2, (1, 1)), 224), layer_loss(AxisLayer("conv", 3, 2, (1, 1)), 224)
(112, 1)
"""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.engine.arithmetic import lost_cells, output_size, transposed_size
from cnnviz.engine.grids import Pair


@dataclass(frozen=True, slots=True)
class AxisLayer:
    """One axis of one layer; padding is (before, after)."""

    kind: str
    kernel: int
    stride: int = 1
    padding: Pair = (0, 0)
    dilation: int = 1
    output_padding: int = 0
    ceil: bool = False

    @property
    def reach(self) -> int:
        """Cells from the first tap to the last."""
        return self.dilation * (self.kernel - 1) + 1


def layer_size(layer: AxisLayer, n: int) -> int:
    """Count the outputs of a layer, or say why there are none.

    >>> layer_size(AxisLayer("transposed", 3, 2, (1, 1), output_padding=1), 56)
    112
    """
    if layer.kind == "transposed":
        return transposed_size(n, layer.kernel, layer.stride, layer.padding, layer.dilation, layer.output_padding)
    return output_size(n, layer.kernel, layer.stride, layer.padding, layer.dilation, ceil_mode=layer.ceil)


def layer_loss(layer: AxisLayer, n: int) -> int:
    """Count the cells at the end that no window reaches. A transposed convolution and ceil mode lose none.

    >>> layer_loss(AxisLayer("conv", 3, 2, (1, 1)), 224)
    1
    """
    if layer.kind == "transposed" or layer.ceil:
        return 0
    return lost_cells(n, layer.kernel, layer.stride, layer.padding, layer.dilation)
