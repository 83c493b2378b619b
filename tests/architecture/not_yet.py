"""What lessons still take from each other, by module. It may only get shorter: a test compares."""

from __future__ import annotations

NOT_YET: dict[str, set[str]] = {
    "build.trace_links": {
        "channels",
        "channels.spec",
        "pooling",
        "pooling.spec",
        "solver.spec_question",
        "solver.trace_links",
    },
    "build.trace_links_ranks": {"shuffle", "shuffle.spec", "signals", "signals.spec", "volumes", "volumes.spec"},
    "filters.trace_pixel": {"channels.spec", "convolution.spec"},
    "filters.view_pixel": {"convolution.controls", "convolution.spec"},
    "learned_kernels.words_links": {"convolution.spec"},
    "solver.trace_links": {
        "convolution",
        "convolution.spec",
        "pooling",
        "pooling.spec",
        "transposed",
        "transposed.spec",
    },
    "train_filter.view": {"learned_kernels.words_links"},
}
