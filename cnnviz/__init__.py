"""cnnviz: convolution arithmetic, right to the last cell, and what convolutional networks see."""
