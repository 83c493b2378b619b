r"""Words of a stranger: a link's value, a file's or tensor's name, pasted code. They are shown, and never obeyed.

Messages hold them as plain text (`one_line`), for a stage draws messages as they are; where a message goes into
Markdown, all of it is written so that it reads as it stands (`as_markdown`).

>>> one_line("seven\n[Log in](//evil.example)")
'seven [Log in](//evil.example)'
>>> print(as_markdown("seven [Log in](//evil.example) **now**, `fc.weight` of layer1.0.conv_2"))
seven \[Log in\](//evil.example) \*\*now\*\*, `fc.weight` of layer1.0.conv_2
"""

from __future__ import annotations

import re

CODE_SPAN = re.compile(r"(?<!`)(`[^`\n]+`)(?!`)")
SIGNS = re.compile(
    r"([\\`*{}\[\]<>$|~]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # within a word like layer_1 it marks nothing
    r"|&(?=[#\w]))"  # &colon; is a colon
)
START = re.compile(r"^(\s*\d*)(#|[-+=](?=[-+=\s`]|$)|[.)](?=[\s`]|$))")
"""What a line begins with that is a heading, a list or a rule."""
UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and those that turn the direction of reading."""
JOINER = "\N{WORD JOINER}"
# Addresses, e-mail, emoji and icons are looked for after backslashes are gone: only a sign in between parts them.
ADDRESSES = re.compile(r":(?=[\w/+-])|(?<=www)(?=\.)|@(?=[\w-])", re.IGNORECASE)


class Markdown(str):
    """A text that is Markdown by intention: every stranger's word in it has been through `as_markdown`."""

    __slots__ = ()


def one_line(text: object, longest: int = 40) -> str:
    r"""Make of a stranger's words one line that prints and is not too long; backticks are ours, for code.

    >>> one_line(" a\n `b`\u202e\x00"), one_line("123456789", 5)
    ("a 'b'", '1234…')
    """
    start = str(text)[: 20 * longest].replace("`", "'")
    shown = " ".join("".join(sign for sign in start if sign.isprintable() or sign.isspace()).split())
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def as_markdown(text: str) -> Markdown:
    r"""Write a text so that Markdown shows it as it stands; only words between backticks stay code.

    >>> print(as_markdown("conv_1 7x5 -> ![x](//evil) :red[x] $x$ <b>"))
    conv_1 7x5 -\> !\[x\](//evil) :⁠red\[x\] \$x\$ \<b\>

    What is Markdown already stays so:

    >>> as_markdown(Markdown("**bold**"))
    '**bold**'
    """
    if isinstance(text, Markdown):
        return text
    parts = CODE_SPAN.split(re.sub(r"\s+", " ", UNSEEN.sub("", text)))
    written = "".join(part if number % 2 else _plain(part) for number, part in enumerate(parts))
    return Markdown(START.sub(r"\1\\\2", written))


def as_code(line: str, longest: int = 120) -> Markdown:
    """Write a line of code as code, whatever is in it.

    >>> as_code("print('**') # `x`")
    "`` print('**') # 'x' ``"
    """
    return Markdown(f"`` {one_line(line, longest)} ``")


def _plain(text: str) -> str:
    return ADDRESSES.sub(lambda found: found[0] + JOINER, SIGNS.sub(r"\\\1", text))
