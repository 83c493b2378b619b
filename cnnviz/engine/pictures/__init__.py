"""Pictures: files decoded, samples, kernels, strokes, and what moves them."""
