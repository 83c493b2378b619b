"""PyTorch code that shows a layer's kernels, finds a match, and climbs to what excites a unit.

Code for our own networks reads their file, which the page offers; code for published ones loads torchvision's weights.
"""

from __future__ import annotations

from cnnviz.engine.networks.code.sized import write_code
from cnnviz.engine.networks.cut import cut
from cnnviz.engine.networks.seeing.maps import Eyes
from cnnviz.engine.networks.trace import trace_network
from cnnviz.engine.networks.zoo.trained import TRAINED
from cnnviz.lessons.learned_kernels.spec import KernelsSpec
from cnnviz.lessons.learned_kernels.trace import COLOUR
from cnnviz.lessons.learned_kernels.trace_excite import LARGEST, NOISE, begin_at, climbing_size, unit_row
from cnnviz.lessons.learned_kernels.trace_match import Match


def kernel_codes(eyes: Eyes, spec: KernelsSpec, match: Match | None) -> dict[str, str]:
    """Write how to look at a layer's kernels; and, where there is a match in the same size, how alike it is."""
    lines = [
        *_loaded(eyes, spec.layer),
        f'weights = model.get_submodule("{_home(eyes, spec.layer)}").weight.detach()',
        "count, channels, height, width = weights.shape",
        'print(count, "kernels of", channels, "channels,", height, "by", width)',
        'print("norms", weights.flatten(1).norm(dim=1))',
        f"kernel = weights[{spec.kernel}]{'.sum(0)' if spec.channel == COLOUR else f'[{max(spec.channel, 0)}]'}",
        "print(kernel)",
    ]
    if match:
        rows = [[round(float(value), 6) for value in row] for row in match.model]
        a, b = ("kernel - kernel.mean()", "hand_made - hand_made.mean()") if spec.free else ("kernel", "hand_made")
        lines += [
            f"hand_made = torch.tensor({rows})  # {match.title}",
            f"a, b = {a}, {b}",
            'print("cosine", ((a * b).sum() / (a.norm() * b.norm())).item())',
        ]
    lines += [
        "",
        "# all slices as one picture: a row is a kernel, a column an input channel; zero is mid grey",
        "tiles = weights.permute(0, 2, 1, 3).reshape(count * height, channels * width)",
        "grey = (tiles / tiles.abs().max() * 127 + 128).byte()",
        'Image.fromarray(grey.numpy()).resize((12 * grey.shape[1], 12 * grey.shape[0]), 0).save("kernels.png")',
    ]
    return {"PyTorch": "\n".join(lines)}


def climb_codes(eyes: Eyes, spec: KernelsSpec) -> dict[str, str]:
    """Write the climb of the page, step for step."""
    climb, tone = spec.climb, begin_at(eyes)
    size = ", ".join(str(side) for side in climbing_size(eyes))
    shape = unit_row(eyes, spec.layer).output_shape[1:]
    middle = ", ".join(str(side // 2) for side in shape)
    what = "]" if not shape else "].mean()" if climb.place == "map" else f", {middle}]"
    jumps = [
        f"    shift = torch.randint({-climb.jitter}, {climb.jitter + 1}, (2,), generator=random).tolist()  # jitter"
    ]
    blurs = [f'    x = x + {climb.blur:g} * (F.avg_pool2d(F.pad(x, (1, 1, 1, 1), "replicate"), 3, 1) - x)  # blur']
    away = f"(x - {tone:g})" if tone else "x"
    fades = [f"    x = x - {climb.fade:g} * {away}  # fading"]
    start = f"{tone:g} + " if tone else ""
    seen = "torch.roll(x, shift, (2, 3))" if climb.jitter else "x"
    lines = [
        *_loaded(eyes, spec.layer, short=True),
        "model.requires_grad_(False)",
        "",
        f"random = torch.Generator().manual_seed({climb.seed})",
        f"x = ({start}{NOISE:g} * torch.randn(1, {size}, generator=random)).clamp(0, 1)",
        f"for step in range({climb.steps}):",
        *(jumps if climb.jitter else []),
        "    x.requires_grad_()",
        f"    value = answer({_normal(eyes, seen)})[0, {spec.kernel}{what}",
        "    slope = torch.autograd.grad(value, x)[0]",
        f"    x = x.detach() + {climb.rate:g} * slope / slope.std()",
        *(blurs if climb.blur else []),
        *(fades if climb.fade else []),
        "    x = x.clamp(0, 1)",
        "    if step % 16 == 0:",
        "        print(step, value.item())",
        "",
        "picture = (x[0].permute(1, 2, 0) * 255).round().byte().numpy().squeeze()",
        'Image.fromarray(picture).resize((448, 448), 0).save("excites.png")',
    ]
    return {"PyTorch": "\n".join(lines)}


def _normal(eyes: Eyes, x: str) -> str:
    if not eyes.mean:
        return x
    mean, std = (f"torch.tensor({list(values)}).view(1, -1, 1, 1)" for values in (eyes.mean, eyes.std))
    return f"({x} - {mean}) / {std}"


def _home(eyes: Eyes, layer: str) -> str:
    return next(node.home for node in eyes.network if node.name == layer)


def _loaded(eyes: Eyes, layer: str, *, short: bool = False) -> list[str]:
    """Write how to get the model with its weights; `answer` gives the layer's output."""
    name = eyes.network.name
    if name in TRAINED:
        return _ours(eyes, layer, short=short)
    lines = [
        "import torch",
        "from PIL import Image",
        *(["from torch.nn import functional as F"] if short else []),
        f"from torchvision.models import {name}",
        "",
        f'model = {name}(weights="DEFAULT").eval()  # torchvision downloads them',
    ]
    if short:
        lines += [
            "",
            "def answer(x):",
            "    found = []",
            f'    hook = model.get_submodule("{_home(eyes, layer)}").register_forward_hook('
            "lambda _, inputs, output: found.append(output))",
            "    model(x)",
            "    hook.remove()",
            "    return found[0]",
            "",
            f"# any picture will do; {LARGEST} by {LARGEST} is faster than 224 by 224",
        ]
    return lines


def _ours(eyes: Eyes, layer: str, *, short: bool) -> list[str]:
    """Write one of our own networks under its layers' names, as far as the layer."""
    network = cut(eyes.network, layer) if short else eyes.network
    lines = write_code(trace_network(network)).splitlines()
    made = [line.strip().rstrip(",") for line in lines if line.startswith("    ")]
    pairs = [f'    ("{node.name}", {call}),' for node, call in zip(network, made, strict=True)]
    strict = ", strict=False" if short else ""
    return [
        "from collections import OrderedDict",
        "",
        "import torch",
        "from PIL import Image",
        "from safetensors.torch import load_file",
        "from torch import nn",
        *(["from torch.nn import functional as F"] if short else []),
        "",
        "model = nn.Sequential(OrderedDict([",
        *pairs,
        "]))",
        f'model.load_state_dict(load_file("{TRAINED[eyes.network.name].file}"){strict})',
        *(["answer = model"] if short else []),
    ]
