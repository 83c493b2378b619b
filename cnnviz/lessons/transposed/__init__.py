"""The lesson “Transposed convolution”."""
