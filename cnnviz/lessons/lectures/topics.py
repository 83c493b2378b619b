"""The topics of a course on convolutional networks, each with links that open it with the lectures' own numbers.

>>> TOPICS[0].title, TOPICS[0].links[0].page, TOPICS[0].links[0].query()["img"]
('Pictures are numbers', 'pixels', 'cat')
"""

from __future__ import annotations

from cnnviz.lessons.lectures.topic import Topic, TopicLink
from cnnviz.lessons.lectures.topic import examples as _examples

PICTURES = "Pictures"
FILTERS, MEANING, SIZES = "Filters", "What convolution is", "Sizes and borders"
SMALLER, LAYERS, NETWORKS, LEARNING = "Down and up again", "Layers and channels", "Whole networks", "Learning"

TOPICS: tuple[Topic, ...] = (
    Topic(
        PICTURES,
        "Pictures are numbers",
        "Zoom into a photo until pixels are numbers; the scales that networks expect, and the histogram.",
        _examples("pixels", "numbers", "scales", "standardised", "imagenet"),
    ),
    Topic(
        PICTURES,
        "A colour picture as a tensor",
        "Channels apart and together; from H, W, C to C, H, W, and batches.",
        _examples("pixels", "channels", "tinted", "tensor", "batch"),
    ),
    Topic(
        FILTERS,
        "A filter is a hypothesis: multiply and sum",
        "Lay the template on a match and on a mismatch, then search a whole picture for it.",
        _examples("convolution", "match", "mismatch", "search", "search-in-vain")
        + _examples("pooling", "global-max")
        + _examples("matching", "multiply", "normalised", "sevens", "another")
        + _examples("train_filter", "lecture"),
    ),
    Topic(
        FILTERS,
        "Classic filters: blur, edges, sharpen",
        "On photographs: click any pixel of the result, and its sum is written out.",
        _examples("filters", "blur-small", "blur-large", "vertical", "horizontal", "diagonal", "sharpen", "difference")
        + _examples("filters", "pixel"),
    ),
    Topic(
        FILTERS,
        "The same filters on an edge of numbers",
        "Few enough cells to check every sum by hand.",
        _examples("convolution", "blur-small", "blur-large", "edge-difference", "edge-vertical", "edge-horizontal")
        + _examples("convolution", "edge-diagonal", "sharpen"),
    ),
    Topic(
        FILTERS,
        "Bias and ReLU: a threshold",
        "Move the bias: the map of edges thins out, until only the strongest are left.",
        _examples("filters", "threshold", "relu") + _examples("feature_maps", "relu"),
    ),
    Topic(
        FILTERS,
        "Two filters in a row, gradients, pyramids",
        "Two kernels are one larger kernel until a ReLU stands between; the direction of edges; blurs of every width.",
        _examples("filter_chains", "two-blurs", "two-blurs-border", "separable", "blur-edges", "relu", "sobel-pair")
        + _examples("filter_chains", "direction", "gaussian-pyramid", "laplacian-pyramid", "blobs", "dog-kernel"),
    ),
    Topic(
        MEANING,
        "Convolution in one dimension, every alignment",
        "Step the kernel along the signal; drag the bars to draw your own.",
        _examples("signals", "lecture", "valid", "alignment", "alignment-all", "same", "full", "stride", "dilation"),
    ),
    Topic(
        MEANING,
        "Convolution in two dimensions",
        "Follow one window after the other over the lecture's grid.",
        _examples("convolution", "guide-numbers", "sobel"),
    ),
    Topic(
        MEANING,
        "Convolution against cross-correlation",
        "Turn the kernel by 180°: see what changes, and what does not.",
        _examples("signals", "turned", "not-turned")
        + _examples("convolution", "cross-correlation", "true-convolution")
        + (TopicLink("properties", "correlation", label="Cross-correlation does not commute"),),
    ),
    Topic(
        MEANING,
        "Commutative, linear, associative, separable",
        "Both paths on your own numbers, and their difference.",
        _examples("properties", "commutes", "linear", "homogeneous", "associative", "small-blurs", "sobel", "gaussian")
        + _examples("properties", "laplacian"),
    ),
    Topic(
        MEANING,
        "Shift-equivariance, and what breaks it",
        "Shift then convolve against convolve then shift: on your own photo, and counted cell by cell.",
        _examples("translation", "equivariant", "border", "fraction", "one-pixel", "aliasing", "blurred", "global")
        + _examples(
            "properties", "shift-circular", "shift-object", "shift-border", "shift-stride", "shift-stride-whole"
        )
        + _examples("filter_chains", "stride-moves"),
    ),
    Topic(
        MEANING,
        "Not equivariant: turning and scaling",
        "A kernel has a direction and a size; only round kernels and quarter turns agree.",
        _examples("translation", "quarter-round", "quarter-edges", "scaled"),
    ),
    Topic(
        MEANING,
        "Convolution as a matrix",
        "Hover a row to see its window, an entry to see its weight.",
        _examples("matrix", "toeplitz-full", "toeplitz-valid", "circulant", "strided", "dilated", "doubly-blocked")
        + _examples("matrix", "padded", "doubly-circulant"),
    ),
    Topic(
        SIZES,
        "Padding: valid, same, full, any",
        "The ring on the grid, what it adds to the size, and what it is filled with.",
        _examples("convolution", "padding-1", "padding-2", "full", "same-x", "reflect", "replicate", "circular")
        + _examples("filters", "borders-blur", "borders-edges"),
    ),
    Topic(
        SIZES,
        "Stride, and the cells that it loses",
        "Every second window; the same as no stride, then dropping.",
        _examples("convolution", "sobel-strided", "lost")
        + _examples("downsampling", "stride-equals-dropping")
        + _examples("filters", "stride")
        + _examples("properties", "stride-drops")
        + _examples("filter_chains", "aliasing", "checkerboard"),
    ),
    Topic(
        SIZES,
        "Dilation: a long reach with few weights",
        "Nine weights spread over 5×5 cells.",
        _examples("convolution", "dilation-reach", "guide-dilation") + _examples("filters", "reach"),
    ),
    Topic(
        SIZES,
        "Shape arithmetic: chains of layers, and solving backwards",
        "From 256 through a convolution and a pooling to 125, with the numbers in; then practise.",
        _examples("solver", "lecture-chain", "stem", "there-and-back")
        + _examples("pooling", "chain")
        + _examples("solver", "input", "kernel", "stride", "padding", "pool-kernel", "pool-stride", "output"),
    ),
    Topic(
        SIZES,
        "“Same” is not the same everywhere",
        "One layer under PyTorch, TensorFlow, ONNX and Caffe: which cells are padded, and how far the outputs shift.",
        _examples("frameworks", "resnet", "mobilenet", "caffe-112", "even"),
    ),
    Topic(
        SIZES,
        "The figures of the guide to convolution arithmetic",
        "Every figure of the half on convolution, ready to step through.",
        _examples("convolution", "guide-numbers", "guide-numbers-strided", "guide-no-padding", "guide-padding")
        + _examples("convolution", "guide-same", "guide-full", "guide-strides", "guide-padding-strides")
        + _examples("convolution", "guide-padding-strides-odd", "guide-dilation"),
    ),
    Topic(
        LAYERS,
        "Images as tensors, colour",
        "One kernel slice a channel, summed.",
        _examples("channels", "colour", "patch", "pixels", "edges"),
    ),
    Topic(
        LAYERS,
        "Many output channels, groups, 1×1",
        "A stack of kernels gives a stack of maps.",
        _examples("channels", "four-filters", "general", "ten-parameters", "mix", "groups", "depthwise", "separable")
        + _examples("filters", "depthwise"),
    ),
    Topic(
        LAYERS,
        "Feature maps, layer by layer",
        "Draw a digit or take a photo: every map of every layer and the scores; switch maps off, compare two pictures.",
        _examples("feature_maps", "digit", "off", "two", "hands", "star", "texture", "unseen"),
    ),
    Topic(
        LAYERS,
        "From a conv-net to an MLP: flatten or global pooling",
        "What becomes of the last maps: a long row of numbers, or one number each; and each one’s share in the score.",
        (
            *_examples("networks", "lecture"),
            TopicLink("feature_maps", state="net=digits_lenet&layer=flatten", label="Flatten: 16×5×5 becomes 400"),
            TopicLink("feature_maps", state="net=shapes_vgg&layer=gap", label="Global average pooling: 64 numbers"),
        ),
    ),
    Topic(
        LAYERS,
        "Flatten and MLP: what a shift does to them",
        "The same digit, moved by a few pixels: a dense unit loses it, a sliding template finds it again.",
        _examples("cnn_or_mlp", "lecture", "still", "augmented", "flat", "many")
        + _examples("translation", "template", "template-moved", "template-class"),
    ),
    Topic(
        LAYERS,
        "Dense, locally connected and convolutional layers",
        "Three patterns of weights, and how many parameters each needs.",
        _examples("matrix", "layers-one-row", "layers-same", "layers-image"),
    ),
    Topic(
        LAYERS,
        "1-D, 2-D and 3-D convolutions",
        "The same arithmetic, one axis at a time: a pixel through time, frame by frame, and a short film.",
        _examples("volumes", "sequence", "pictures", "video", "moving-dot", "wrong-way", "still", "flash", "same")
        + _examples("volumes", "stride-time"),
    ),
    Topic(
        SMALLER,
        "Pooling",
        "Which cell won, window by window.",
        _examples("pooling", "feature-map", "slide-window", "one-row", "overlap", "global-average", "guide-max", "ceil")
        + _examples("pooling", "adaptive", "unpool")
        + _examples("translation", "pooling"),
    ),
    Topic(
        SMALLER,
        "Ways to down-sample, compared",
        "Strided convolution, pooling and pixel shuffle on one input.",
        _examples("downsampling", "compare", "pools", "unshuffle", "dot", "checkerboard")
        + _examples("shuffle", "unshuffle", "shuffle"),
    ),
    Topic(
        SMALLER,
        "Transposed convolution, U-Net, bottleneck",
        "Stamp and add, insert zeros, or the transposed matrix: the same numbers.",
        _examples("transposed", "one-stamp", "all-three", "matrix", "round-trip", "u-net", "bottleneck", "checkerboard")
        + _examples("transposed", "no-checkerboard"),
    ),
    Topic(
        SMALLER,
        "The guide's figures of transposed convolution",
        "Every figure of the transposed half.",
        _examples("transposed", "guide-no-padding", "guide-padding", "guide-same", "guide-full", "guide-strides")
        + _examples("transposed", "guide-padding-strides", "guide-padding-strides-odd", "guide-dilation"),
    ),
    Topic(
        NETWORKS,
        "AlexNet, VGG, ResNet and their relatives: shapes and costs",
        "Every layer’s shape, parameters and operations; ResNet-152 has less than half of VGG-19’s parameters.",
        _examples("networks", "deeper", "dense", "small", "depthwise", "rounding", "unpadded", "tools", "resolution"),
    ),
    Topic(
        NETWORKS,
        "The receptive field grows with depth",
        "The field of any unit of any layer on your own photo, and which of its pixels count.",
        _examples("receptive_field", "stacked", "pool5", "larger", "effective", "holes", "growing", "corner", "unet"),
    ),
    Topic(
        NETWORKS,
        "Batch norm, residual blocks, and what skips across",
        "The same layers with and without: what becomes of the maps, and how much of the gradient comes back.",
        _examples("blocks", "vanish", "explode", "shortcut", "resnet", "alone", "remembered", "unet"),
    ),
    Topic(
        LEARNING,
        "Learned kernels, and what excites a unit",
        "What training made of noise, beside the hand-made kernels; and a picture made for one unit alone.",
        _examples("learned_kernels", "edges", "before", "slices", "colour", "three", "noise", "stroke"),
    ),
    Topic(
        LEARNING,
        "What speaks for a class",
        "The gradient on the picture, Grad-CAM and covered patches, and a test of which of them is right.",
        _examples("where_it_looks", "seven", "why_not", "star", "texture", "random"),
    ),
    Topic(
        LEARNING,
        "Data augmentation",
        "A sheet of variants of your own photo, step by step, with the code; and which labels do not survive it.",
        _examples("augmentation", "still", "rotate", "crop", "colour", "affine", "flip", "noise", "cutout", "mixup")
        + _examples("augmentation", "six", "mirrored", "eye", "box"),
    ),
    Topic(
        LEARNING,
        "Training a filter: Conv2d(1, 1, 11), maximum, linear",
        "Loss and filter move while it learns; the found filter beside the hand-made one, and what its sign says.",
        _examples("train_filter", "lecture", "other-sign", "stuck", "seven", "noisy", "too-fast"),
    ),
    Topic(
        LEARNING,
        "Transfer and fine-tuning: keep the features, replace the head",
        "Freeze, replace, train on what the network never saw: which parameters move, and what it forgets.",
        _examples("fine_tuning", "lecture", "head", "forget", "gentle", "known", "deep"),
    ),
    Topic(
        LEARNING,
        "Derivatives of a convolution",
        "The gradient of the input is a convolution with the turned kernel; stride turns into dilation.",
        _examples("backward", "line", "line-terms", "stamp", "zeros", "lost", "window", "stride-dilates", "bias")
        + _examples("backward", "all"),
    ),
)
