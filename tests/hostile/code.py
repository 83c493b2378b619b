"""Pasted code that means harm: short texts that make Python itself work for minutes, or take all memory.

Each stands for a way that was found; `READ` has those that are networks after all, only large ones.
"""

from __future__ import annotations

DOUBLED = "a = [0]\nb = [0]\nfor i in range(40):\n  a = [a, a]\n  b = [b, b]\n"
TUPLED = "t = (0,)\nfor i in range(40):\n  t = (t, t)\n"
DEEP = "a = []\nfor i in range(4900):\n  a = [a]\n"
DEEP_TUPLE = "t = ()\nfor i in range(4900):\n  t = (t,)\n"
COLLIDING = "s = [()]\nfor i in range(11):\n  s = [t + (v,) for t in s for v in (-1, -2)]\n"
MODULES = "m = nn.ReLU()\nfor i in range(40):\n  m = nn.Sequential(m, m)\n"
EMPTY = "m = nn.Sequential()\nfor i in range(35):\n  m = nn.Sequential(m, m)\n"
LONG = "n" * 40_000
MANY = "m = nn.ModuleList([nn.ReLU() for i in range(3000)])\n"
WIDE = ", ".join(["1"] * 3900)
FORWARD = "class A(nn.Module):\n  def forward(self, x):\n"

FROZEN: dict[str, str] = {
    "round": "round(1, -10**9)",
    "sum of lists": "sum([[0] * 5000] * 5000, [])",
    "lists of pairs": "[list(enumerate(range(5000))) for i in range(5000)]",
    "rows": "list(zip(*[range(5000)] * 5000))",
    **{f"compare {sign}": f"{DOUBLED}a {sign} b" for sign in ("==", "!=", "<", "<=", ">", ">=")},
    "in": f"{DOUBLED}a in [b]",
    "not in": f"{DOUBLED}a not in (b, b)",
    "in a dictionary": f"{TUPLED}t in {{1: 2}}",
    **{name: f"{DOUBLED}{name}(a, b)" for name in ("max", "min", "divmod", "zip")},
    "max of a list": f"{DOUBLED}max([a, b])",
    "key": f"{TUPLED}d = {{t: 1}}",
    "key of a comprehension": f"{TUPLED}d = {{t: i for i in range(3)}}",
    "looked up": f"{TUPLED}d = {{}}\nd[t]",
    "get": f"{TUPLED}d = {{}}\nd.get(t)",
    "no element": f"{DOUBLED}b[a]",
    "no axis": f"{FORWARD}    {DOUBLED.replace(chr(10), chr(10) + '    ')}return x.size(a)",
    "deep": DEEP + "a == a[0]",
    "deep key": DEEP_TUPLE + "d = {t: 1}",
    "list of itself": "a = []\na.append(a)\nb = []\nb.append(b)\na == b",
    "colliding keys": f"{COLLIDING}d = {{}}\nfor t in s:\n  e = {{t: 1, **d}}\n  d = e",
    "colliding keys made at once": f"{COLLIDING}d = {{t: 1 for t in s}}\nwhile True:\n  d == d",
    "setting of a layer": f"{DOUBLED}nn.Conv2d(3, 8, a)",
    "all settings of a layer": f"{DOUBLED}nn.Conv2d(a, a, a, a, a, a, a)",
    "setting of a function": f"{FORWARD}    {DOUBLED.replace(chr(10), chr(10) + '    ')}return F.pad(x, a)",
    "mode of a function": f"{TUPLED}{FORWARD}    return F.pad(x, (1, 1), mode=t)",
    "members of a dictionary": f"{TUPLED}nn.ModuleDict([(t, nn.ReLU())])",
    "name of a member": f"{TUPLED}nn.Sequential(OrderedDict([(t, nn.ReLU())]))",
    "keywords": f"{TUPLED}dict(**{{t: 1}})",
    "f-string": 'a = "x" * 5000\n' + 'b = f"' + "{a}" * 7900 + '"\n' + 'c = f"{a}"\n' * 100,
    "power": "a = 10**12\nfor i in range(60):\n  a = (a * 1.0) ** 64",
    "product": "while True:\n  math.prod([10**12] * 5000)",
    "long lists": "x = []\nwhile True:\n  x.append([0] * 5000)",
    "extended": "a = [0]\nb = [0] * 5000\nwhile True:\n  a.extend(b)",
    "inserted": "a = [0] * 4000\nwhile True:\n  a.insert(0, 1)\n  a.pop(0)",
    "length": "a = [0] * 5000\nwhile True:\n  len(a)\n  bool(a)",
    "no pairs": "a = [(1, 1)] * 4999 + [0]\nwhile True:\n  dict(a)",
    "modules": f"{MODULES}model = m",
    "empty modules": f"{EMPTY}model = m",
    "a module in a sentence": f"{MODULES}d = {{}}\nd[m]",
    "parts of a container": f"{MANY}a = []\nwhile True:\n  a.append(m[1:])",
    "members of a container": f"{MANY}while True:\n  m[0]",
    "parameters": f"{MANY}while True:\n  m.parameters()",
    "nested modules": "m = nn.ReLU()\nfor i in range(5000):\n  m = nn.Sequential(m)",
    "many inputs": f"{FORWARD}    for i in range(3900):\n      x = torch.cat([x] * 5000, 2)\n    return x",
    "many axes": f"{FORWARD}    x = x.view(-1, {WIDE})\n    for i in range(3900):\n      x = F.relu(x)\n    return x",
    "more and more axes": f"{FORWARD}    for i in range(3900):\n      x = x.unsqueeze(1)\n    return x",
    "wide norm": f"m = nn.Sequential(*[nn.LayerNorm([{WIDE}])] * 3000)",
    "groups": "while True:\n  nn.Conv2d(3, 1000000, 3, groups=7)",
    "targets": "while True:\n  " + "a = " * 7000 + "1",
    "unpacked": "a = [0] * 3900\nwhile True:\n  " + "b, " * 3900 + "= a",
    "imports": "while True:\n  import " + "a, " * 3900 + "a",
    "a long import": "while True:\n  import a" + ".a" * 3900,
    "a long origin": "while True:\n  from a" + ".a" * 3900 + " import b",
    "a class of many": "while True:\n  class A:\n" + "    def f(): 0\n" * 6000,
    "a subclass of many": "class A:\n" + "".join(f"  def f{i}(): 0\n" for i in range(4000))
    + "while True:\n  class B(A): 0\n",
    "many parameters": "def f(" + ", ".join(f"a{i}=0" for i in range(3000)) + "):\n  return 0\nwhile True:\n  f()",
    "try": "while True:\n  try:\n    continue\n" + "    a\n" * 12_000 + "  finally: 0",
    "a large scope": "def f():\n"
    + "".join(f"  a{i} = 1\n" for i in range(6000))
    + "  while True:\n    [1 for b in [1]]\nf()",
    "a large scope that fails": FORWARD + "".join(f"    a{i} = 1\n" for i in range(6000))
    + "    for i in range(9000):\n      return nn.Conv2d()\n",
    "a target again and again": "x = [0]\nwhile True:\n  x[len([" + WIDE + "]) * 0] += 1",
    "a condition again and again": "while True:\n  if 0 and [" + WIDE + "]: 0",
    "for after for": "x = [a " + "for a in [1] " * 3000 + "]",
    "a long name": f"class {LONG}(nn.Module): 0\n{LONG}.{LONG}",
    "a long name for all layers": f"m = nn.Sequential(OrderedDict([('{LONG[:4000]}', nn.ReLU())]))\n"
    "nn.Sequential(*[m] * 3000)",
    "a growing name": "a = torch\nwhile True:\n  a = a." + "b" * 190,
    "nested without brackets": "nn.Sequential(nn.ReLU(lambda: " + "1 + " * 900 + "- " * 900 + "1))",
    "elif": "if a:\n  b\n" + "elif a:\n  b\n" * 300,
    "brackets": "x = " + "[" * 59 + "]" * 59 + " " + "(" * 59,
    "problems again and again": "t = [0] * 300\nwhile True:\n  nn.Sequential(*t)",
    "few problems again and again": "while True:\n" + "  nn.A()\n" * 39 + "  nn.Sequential(*[0] * 4000)",
    "by zero": "divmod(1, 0)\n1 // 0\n1.5 % 0\n0 ** -1\nmath.log2(0)",
    "no key": "{}[[]]\n{}.get([])\n{[]: 1}\n[] in {}\n{[]: 1 for a in [1]}",
    "wrong kinds": "\n".join(
        f"nn.{layer}({', '.join(value for _ in range(3))})"
        for layer in ("Upsample", "Conv2d", "MaxPool2d", "LayerNorm", "AdaptiveAvgPool2d", "ZeroPad2d", "Dropout")
        for value in ("'a'", "[[]]", "None", "{}", "1.5", "-1", "10**12", "()")
    ),
    "wrong kinds in functions": FORWARD + "".join(
        f"    F.{name}(x, {', '.join(value for _ in range(count))})\n"
        for name, count in (("interpolate", 2), ("pad", 1), ("max_pool2d", 3), ("layer_norm", 1), ("mean", 1))
        for value in ("'a'", "[[]]", "None", "{}", "1.5", "-1", "10**12", "()")
    ) + "    return x\n",
    "kinds of modes": FORWARD + "    F.pad(x, (1, 1), mode=[])\n    F.interpolate(x, 2, mode={})\n    return F.relu(x)",
    "steps of nothing": "[1][::0]\n'ab'[::0]\nnn.Sequential(nn.ReLU())[::0]\n(1,)[::0]",
}  # fmt: skip

READ: dict[str, str] = {
    "names that become one word": "".join((
        "nn.Sequential(OrderedDict([(one, nn.ReLU()) for one in '", "".join(map(chr, range(0x2190, 0x2B00))), "']))",
    )),
    "a large pooling": "nn.Sequential(*[nn.AdaptiveAvgPool3d((1000000, 1, 1)), nn.ReLU()] * 150)",
    "strides without end": "nn.Sequential(*[nn.Conv2d(1, 1, 1, stride=999983)] * 3900)",
    "fractions without end": "nn.Sequential(*[nn.ConvTranspose2d(1, 1, 1, stride=999983)] * 3900)",
    "layers": "nn.Sequential(*[nn.ReLU()] * 3900)",
    "layers of a function": f"{FORWARD}    for i in range(2500):\n      x = F.relu(x)\n    return x",
    "a fault at the end": "nn.Sequential(*[nn.ReLU()] * 3900, nn.Linear(7, 7))",
    "a fault that changes reach": (
        f"{FORWARD}    x = y = nn.Conv2d(1, 4, 3)(x)\n    for i in range(2500):\n      x = F.relu(x)\n"
        "    return x + nn.Conv2d(4, 5, 7)(y)"
    ),
    "names that collide": (
        "class A(nn.Module):\n  def __init__(self):\n    self.m = nn.ModuleDict({a + b + c: nn.PReLU() "
        "for a in '-+*&%$!~?/=' for b in '-+*&%$!~?/=' for c in '-+*&%$!~?/='})\n"
        "  def forward(self, x):\n    y = x\n    for m in self.m.values():\n      x = m(x)\n    return x + y"
    ),
    "results that all are read": (
        f"{FORWARD}    y = [x]\n    for i in range(150):\n      y.append(F.relu(torch.cat(y, 1)))\n    return y[-1]"
    ),
    "half a letter": "nn.Sequential(OrderedDict([('\\ud800' + str(i), nn.Conv2d(3, 3, 1)) for i in range(100)]))",
    "a channel a million": "nn.Sequential(*[nn.Conv2d(1000000, 1000000, 1), nn.ReLU()] * 500)",
}  # fmt: skip
"""Networks that are read, but that cost whoever works with them."""

SIZES = {
    "a large pooling": (1, 1, 1, 1), "strides without end": (1, 1, 1), "fractions without end": (1, 1, 1),
    "a fault that changes reach": (1, 16, 16), "a channel a million": (1_000_000, 1, 1),
    "names that collide": (1, 4, 4),
}  # fmt: skip

STOPPED = {
    name: FROZEN[name]
    for name in ("round", "sum of lists", "lists of pairs", "rows", "compare ==", "compare <", "in", "max", "key")
}
"""Those that once stopped everybody: they are also tried on a running server."""
