"""The lesson “Convolution”."""
