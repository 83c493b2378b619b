"""What must stay: links of every page, what each is read as, and a digest of all that its page then shows.

`tests/truth/links.json` holds the list, and it only grows: a link that worked once works for ever. A new link is a
line `["its query"]` under its page; `python -m tests.links --write` notes what is missing. After a change that is meant
to be seen, `--write --anew` notes everything anew, and git shows which links have changed. `--check` tries every link;
the test tries a part of them. Pages are opened as a browser opens them, so none of this knows a lesson's modules.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import math
import re
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from google.protobuf.json_format import MessageToDict
from PIL import Image
from streamlit.testing.v1 import AppTest

from tests.ui.lesson import opened_in_the_app, url
from tests.ui.pictures import decoded

RECORD = Path(__file__).parent / "truth" / "links.json"
DIGITS = 6
"""How many significant digits of a number count: beyond them machines may differ."""

OF_THIS_RUN = {
    "active_script_hash", "bytes", "css_content", "css_source_path", "element_id", "form_id", "html_content", "id",
    "js_content", "js_source_path", "page", "page_script_hash", "url",
}  # fmt: skip
"""What of an element's message belongs to the run, to a file's place or to the browser's scripts."""

ON_THE_CLOCK = {("learned_kernels", "view=excite")}
"""Pages that compute as far as they come in a moment: of them only the link is compared."""

MEASURED = {
    "augmentation", "blocks", "cnn_or_mlp", "feature_maps", "filter_chains", "filters", "fine_tuning",
    "learned_kernels", "matching", "receptive_field", "train_filter", "translation", "where_it_looks",
}  # fmt: skip
"""Pages whose numbers come from floats of 32 bits or from trained networks: processors differ in their last digits."""

TOLERANCE = 2e-3
PNG = r"data:image/png;base64,([A-Za-z0-9+/=]+)"
TINY = "[\\d.]+·10[⁰¹²³⁴-⁹⁻]+"
"""How far two ways to compute something are apart."""
DECIMAL = r"\d+\.\d+(?:e[-+]?\d+)?"


class Shown(NamedTuple):
    """What a page makes of a link: the link as it writes it itself, the digest of all that it shows, and its numbers.

    Numbers that a machine measures (see `MEASURED`) are told by how many there are, their mean and their root mean
    square; they may differ a little. Those of all other pages are a part of the digest.
    """

    query: str
    digest: str
    numbers: tuple[float, ...] = ()

    def like(self, other: Shown) -> bool:
        """Tell whether two machines have shown the same."""
        reach = TOLERANCE * max([1.0, *map(abs, self.numbers[2:])])
        near = len(self.numbers) == len(other.numbers) and all(
            math.isclose(one, two, rel_tol=TOLERANCE, abs_tol=reach)
            for one, two in zip(self.numbers, other.numbers, strict=True)
        )
        return self[:2] == other[:2] and near


def show(page: str, link: str) -> Shown:
    """Open a page with a link, and say what came of it."""
    opened = opened_in_the_app(page, link)
    query = "&".join(f"{name}={value}" for name, value in sorted(url(opened).items()))
    if any(page == one and part in query for one, part in ON_THE_CLOCK):
        return Shown(query, "")
    reader = Reader([] if page in MEASURED else None)
    drawn = list(reader.elements(opened))
    text = json.dumps(drawn, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return Shown(query, digest, _summary(reader.measured) if reader.measured else ())


def _summary(numbers: list[float]) -> tuple[float, ...]:
    finite = np.array(numbers)[np.isfinite(numbers)]
    return len(numbers), rounded(float(finite.mean())), rounded(float(np.sqrt((finite**2).mean())))


@dataclass
class Reader:
    """Reads what a page shows as plain values; it takes the numbers out if they are kept beside."""

    measured: list[float] | None

    def elements(self, page: AppTest) -> Iterator[Any]:
        """Everything on a page, in its order."""
        for element in _below(page._tree):
            proto = getattr(element, "proto", None)
            if proto is None:
                continue
            told = MessageToDict(proto, preserving_proto_field_name=True)
            sent = proto.bytes if element.type == "bidi_component" else b""
            yield [element.type, self.plain(told), self._component(sent) if sent else None]

    def _component(self, sent: bytes) -> Any:
        """Open what a component gets: a sealed pack, or a head in JSON with the bodies of its pictures."""
        try:
            return self.plain(_whole(json.loads(zlib.decompress(sent)), exact=self.measured is None))
        except zlib.error:
            start = 4 + int.from_bytes(sent[:4], "little")
            head, bodies = json.loads(sent[4:start]), unpacked(sent[start:])
        panels = [panel for panel in head.get("panels", ()) if panel.get("length")]
        if self.measured is None:
            drawn = hashlib.sha256(bodies).hexdigest()
        else:
            drawn = ""
            for panel in panels if len(panels) == len(head.get("panels", ())) else ():
                body, sent = sent[start : start + panel["length"]], sent[panel["length"] :]
                self.measured += np.nan_to_num(decoded(body, panel)).mean((0, 1)).ravel().tolist()
        for panel in head.get("panels", ()):
            for name in ("digest", "length", *(("bytes", "decimals") if self.measured is not None else ())):
                panel.pop(name, None)
        return [self.plain(head), drawn]

    def plain(self, value: Any) -> Any:
        """Write a value so that it is the same on every machine."""
        if isinstance(value, dict):
            return {name: self.plain(one) for name, one in value.items() if name not in OF_THIS_RUN}
        if isinstance(value, list):
            if self.measured is not None and value and all(type(one) in {int, float} for one in value):
                self.measured += value
                return f"{len(value)} numbers"
            return [self.plain(one) for one in value]
        if isinstance(value, float):
            return self._number(value)
        return self._text(value) if isinstance(value, str) else value

    def _number(self, value: float) -> Any:
        if self.measured is None:
            return rounded(value)
        self.measured.append(value)
        return "a number"

    def _text(self, text: str) -> Any:
        """Read JSON within a message, such as a figure's; leave style sheets out of what is drawn by hand."""
        if text[:1] in {"{", "["}:
            try:
                return self.plain(json.loads(text))
            except ValueError:
                pass
        text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
        text = re.sub(PNG, lambda found: self._png(base64.b64decode(found[1])), text)
        if self.measured is not None:
            text = re.sub(TINY, "#", text)
            self.measured += [float(one) for one in re.findall(DECIMAL, text)]
            text = re.sub(f"[-−+]?{DECIMAL}", "#", text)
        return text

    def _png(self, file: bytes) -> str:
        """Say what a picture within the text shows: the file itself depends on who packed it."""
        pixels = np.asarray(Image.open(io.BytesIO(file)).convert("RGBA"))
        if self.measured is None:
            return hashlib.sha256(pixels.tobytes()).hexdigest()
        self.measured += pixels.mean((0, 1)).tolist()
        return str(pixels.shape)


def _whole(pack: Any, *, exact: bool) -> Any:
    """Write a pack's scenes out. What two scenes share is sent once if both had it from one cache: that may differ."""
    if "scenes" not in pack:
        return pack

    def digest(value: Any) -> str:
        plain = Reader(None if exact else []).plain(value)
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()

    def written(value: Any, digests: dict[str, list[str]]) -> Any:
        """Replace the numbers of what is kept in a list by its digest."""
        if isinstance(value, list):
            return [written(one, digests) for one in value]
        if not isinstance(value, dict):
            return value
        return {
            name: digests[name][one] if name in digests and isinstance(one, int) else written(one, digests)
            for name, one in value.items()
        }

    arrays, axes = ([digest(one) for one in pack[name]] for name in ("arrays", "axes"))
    grids = dict.fromkeys(("values", "divisors", "winners"), arrays)
    links = dict.fromkeys(("rows", "cols"), axes)
    parts = {"grids": grids, "links": links}
    scenes = [
        digest(scene | {name: written(scene[name], digests) for name, digests in parts.items()})
        for scene in pack["scenes"]
    ]
    told = {name: one for name, one in pack.items() if name not in {"arrays", "axes", "scenes"}}
    return written(told, {"scene": scenes})


def unpacked(sent: bytes) -> bytes:
    """Undo the compression of all that was sent: how well it packs is no part of what is shown."""
    found = b""
    while sent:
        opened = zlib.decompressobj()
        try:
            found += opened.decompress(sent)
        except zlib.error:
            return found + sent
        sent = opened.unused_data
    return found


def _below(block: Any) -> Iterator[Any]:
    """All elements; a place or a container that holds nothing is not seen, and so not shown."""
    for child in getattr(block, "children", {}).values():
        inside = list(_below(child))
        if inside or not (hasattr(child, "children") or child.type == "empty"):
            yield child
            yield from inside


def rounded(number: float) -> float:
    """Round to the digits that count.

    >>> rounded(1 / 3), rounded(123456789.0), rounded(-0.0)
    (0.333333, 123457000.0, 0.0)
    """
    return float(f"{number:.{DIGITS}g}") + 0.0 if math.isfinite(number) else number


def load() -> dict[str, list[list[Any]]]:
    """The record: by page, for each link its query and, once noted, what was shown."""
    return json.loads(RECORD.read_text(encoding="utf-8"))


def store(record: dict[str, list[list[Any]]]) -> None:
    """Write the record with one line a link, so that git shows which links changed."""
    pages = [
        f" {json.dumps(page)}: [\n" + ",\n".join(f"  {json.dumps(one, ensure_ascii=False)}" for one in links) + "\n ]"
        for page, links in sorted(record.items())
    ]
    RECORD.write_text("{\n" + ",\n".join(pages) + "\n}\n", encoding="utf-8")


def main(*flags: str) -> int:
    """Note what is missing, or everything anew, or compare with the record: all pages, or those that are named."""
    record, differ = load(), 0
    named = [flag for flag in flags if not flag.startswith("-")]
    for page, links in record.items():
        if named and page not in named:
            continue
        for place, (link, *noted) in enumerate(links):
            if noted and not {"--anew", "--check"} & {*flags}:
                continue
            shown = show(page, link)
            if not noted or not shown.like(Shown(*noted)):
                differ += 1
                print(f"{page}?{link}: {noted} -> {[*shown]}")
                links[place] = [link, *shown]
    print(f"{sum(map(len, record.values()))} links, {differ} differ from the record.")
    if "--write" in flags:
        store(record)
        return 0
    return int(differ > 0)


if __name__ == "__main__":
    if not {"--write", "--check"} & {*sys.argv}:
        sys.exit("python -m tests.links --check | --write [--anew] [page ...]")
    sys.exit(main(*sys.argv[1:]))
