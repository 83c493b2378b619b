"""Examples of the Filter chains page.

>>> [preset.name for preset in FILTER_CHAINS_PRESETS][:3]
['two-blurs', 'two-blurs-border', 'circular']
"""

from __future__ import annotations

from cnnviz.state.preset import Preset

GROUP = "Filter chains"


def _preset(name: str, title: str, link: str, note: str) -> Preset:
    return Preset.from_link(link, name=name, title=title, group=GROUP, note=note, source="Lecture")


FILTER_CHAINS_PRESETS = (
    _preset(
        "two-blurs",
        "Two small blurs are one larger blur",
        "img=camera",
        "3×3 twice is 5×5 once, with 18 weights instead of 25. Look at the combined kernel: near pixels count more.",
    ),
    _preset(
        "two-blurs-border",
        "Where two steps and one differ: the border",
        "img=camera&show=two&z=6.20.40",
        "Inside the difference is exactly 0. At the border the second blur meets zeros that the first one made up.",
    ),
    _preset(
        "circular",
        "A picture without a border",
        "img=brick&show=two&mode=circular",
        "With circular padding the picture goes round: no border, no difference.",
    ),
    _preset(
        "separable",
        "A row, then a column",
        "img=coffee&k1=0.0625+0.25+0.375+0.25+0.0625&k2=0.0625_0.25_0.375_0.25_0.0625&show=two&mode=replicate",
        "Five weights along, five down: 10 do the work of 25. Every Gaussian blur can be split like this.",
    ),
    _preset(
        "blur-edges",
        "Blur, then edges: one kernel",
        "img=camera&k1=gaussian&k2=sobel-x&mode=reflect",
        "Blurring first makes an edge filter calm. Both together are one kernel: the derivative of a bell.",
    ),
    _preset(
        "relu",
        "With a ReLU in between it is no longer one kernel",
        "img=camera&k1=sobel-x&k2=sobel-x&relu=1&show=two&mode=replicate",
        "The difference is everywhere now. Switch the ReLU off: it goes. That is why networks need it.",
    ),
    _preset(
        "sobel-pair",
        "Two slopes and how steep it is",
        "img=camera&view=gradient",
        "Upright edges in the first map, level ones in the second. The magnitude has both.",
    ),
    _preset(
        "direction",
        "The direction of every edge",
        "img=shapes&view=gradient&show=two&blur=1",
        "Follow the rim of a disc: its colour runs once round the wheel. Straight edges have one colour.",
    ),
    _preset(
        "weak",
        "Weak gradients have no direction",
        "img=cat&view=gradient&show=two&t=0",
        "Threshold 0: fur and noise point anywhere. Raise it until only edges are left; then try a blur before.",
    ),
    _preset(
        "aliasing",
        "Halving without a blur: rings that are not there",
        "img=zone&view=scale",
        "The same rings twice, each four times smaller. Without a blur the fine rings come back as coarse ones.",
    ),
    _preset(
        "stride-moves",
        "One pixel to the side",
        "img=stripes&view=scale",
        "Stripes of 1 to 8 pixels at a stride of 4. Under the pictures: how much a move of one pixel changes.",
    ),
    _preset(
        "checkerboard",
        "The finest squares turn black, or grey",
        "img=checkerboard&view=scale&n=1",
        "Every second pixel of the finest board is black. Blurred first it is grey, as it looks from far away.",
    ),
    _preset(
        "gaussian-pyramid",
        "Gaussian pyramid",
        "img=cat&view=scale&what=pyramid&n=3",
        "Blur, halve, again and again. Zoom in: all levels look at the same place.",
    ),
    _preset(
        "laplacian-pyramid",
        "Laplacian pyramid",
        "img=cat&view=scale&what=laplace",
        "Each level keeps only what the next one does not know. Together they are the picture again, exactly.",
    ),
    _preset(
        "fine-details",
        "Leave the fine details out",
        "img=cat&view=scale&what=laplace&drop=1",
        "Without the finest layer the whiskers go and the cat stays. Leave more out.",
    ),
    _preset(
        "blobs",
        "Difference of Gaussians",
        "img=retina&view=scale&what=dog&sigma=2",
        "Thin dark vessels answer in blue. Change σ: thicker ones take over.",
    ),
    _preset(
        "dog-kernel",
        "Two bells make a Laplacian",
        "img=retina&view=scale&what=dog&show=two",
        "A wide bell less a narrow one: nearly the Laplacian of a Gaussian. Their correlation is under the pictures.",
    ),
)
