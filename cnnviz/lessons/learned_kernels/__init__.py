"""The lesson “Learned kernels”."""
