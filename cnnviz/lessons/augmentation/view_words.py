"""Below the pictures of the Augmentation lesson: what was drawn, what changed, and which labels survive."""

from __future__ import annotations

import base64
import io
from html import escape

import streamlit as st
from PIL import Image

from cnnviz.lessons.augmentation.figure import change_figure
from cnnviz.lessons.augmentation.spec import TASKS, AugmentSpec
from cnnviz.lessons.augmentation.spec_ops import OPS, PLACES
from cnnviz.lessons.augmentation.trace import AugmentTrace
from cnnviz.lessons.augmentation.trace_cases import Step, case_of
from cnnviz.lessons.augmentation.trace_draw import kept
from cnnviz.lessons.augmentation.words import change_rows, drawn_rows, matrix_formula, mix_formula, say_box, say_weights
from cnnviz.lessons.augmentation.words_labels import VERDICTS, Judged, first_broken, judge
from cnnviz.ui.viewer import keep, viewed_query
from cnnviz.ui.widgets import bound, is_dark, show_chart


def show_drawn(key: str, trace: AugmentTrace, first: str, second: str) -> None:
    """Show the numbers of the chosen variant, and how far it is from the picture."""
    spec = trace.spec
    st.subheader("What was drawn", anchor=False)
    rows = drawn_rows(trace)
    if not rows:
        st.markdown("Nothing is on: every variant is the picture itself.")
    else:
        st.markdown(_table(["Augmentation", "Range", "Drawn"], rows))
    if spec.mixes:
        weight = kept(trace.drawn, trace.size)
        st.latex(mix_formula(weight, first, second))
        st.markdown(say_weights(trace))
    if any(spec.is_on(name) for name in PLACES):
        st.markdown("All that moves pixels becomes one matrix; its rows, with r counted down and c to the right:")
        st.latex(matrix_formula(trace))
        st.markdown(say_box(trace))
    st.subheader("What changed", anchor=False)
    st.markdown(_table(["Measure", "This variant"], change_rows(trace.change)))
    show_chart(
        f"{key}_histogram",
        change_figure(trace.change, dark=is_dark()),
        "How often each grey occurs, before and after.",
    )


def show_labels(key: str, spec: AugmentSpec) -> None:
    """Show which labels survive what is on, and a real sample of one that does not."""
    st.subheader("Which labels survive?", anchor=False)
    judged = judge(spec)
    rows = [(TASKS[task], *_said(one)) for task, one in judged.items()]
    st.markdown(_table(["Task", "Label", "Why"], rows))
    task = spec.task or first_broken(judged)
    widget = f"{key}_task"

    def take() -> None:
        now, _ = AugmentSpec.from_query(viewed_query(key)[0])
        chosen = st.session_state[widget] or ""
        keep(key, AugmentSpec.from_query({**now.to_query(), "task": chosen})[0].to_query())

    st.selectbox(
        "See it on a sample", list(TASKS), format_func=TASKS.__getitem__, width=220, **bound(widget, task, take)
    )
    reason = next(iter(judged[task].reasons), None)
    name = reason.op if reason else next(iter(spec.active), "")
    if not name:
        st.markdown("Nothing is on, so nothing can break.")
        return
    icon, words = VERDICTS[reason.verdict if reason else "keeps"]
    st.markdown(f"{icon} **{words}.** {reason.text if reason else f'{OPS[name].label} does no harm here.'}")
    st.html(case_html(case_of(task, name, spec.strength(name))))


def _said(one: Judged) -> tuple[str, str]:
    icon, words = VERDICTS[one.verdict]
    return f"{icon} {words}", " ".join(_told(one)) or "–"


def _told(one: Judged) -> list[str]:
    """Give the two worst reasons; what several augmentations do alike is said once."""
    reasons = {reason.text.partition(": ")[2]: reason.text for reason in reversed(one.reasons)}
    return list(reversed(reasons.values()))[:2]


def case_html(steps: list[Step]) -> str:
    """Draw the pictures of a case side by side, each with its box."""
    figures = []
    for step in steps:
        height, width = step.pixels.shape[:2]
        boxes = "".join(
            f'<i class="cna-{kind}" style="top:{100 * box[0] / height:.2f}%;left:{100 * box[1] / width:.2f}%;'
            f'height:{100 * box[2] / height:.2f}%;width:{100 * box[3] / width:.2f}%"></i>'
            for kind, box in (("box", step.box), ("old", step.wrong))
            if box
        )
        figures.append(
            f'<figure><figcaption>{escape(step.title)}</figcaption><div><img src="{_png(step)}" '
            f'alt="{escape(step.alt)}" width="{width}" height="{height}">{boxes}</div></figure>'
        )
    return f'{STYLE}<div class="cna">{"".join(figures)}</div>'


def _png(step: Step) -> str:
    file = io.BytesIO()
    Image.fromarray(step.pixels).save(file, "PNG", compress_level=1)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


STYLE = """<style>
.cna { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0.75rem; max-width: 36rem; }
.cna figure { margin: 0; display: flex; flex-direction: column; justify-content: end; }
.cna figcaption { font-weight: 600; font-size: 0.95rem; padding-bottom: 0.25rem; }
.cna div { position: relative; line-height: 0; }
.cna img { width: 100%; height: auto; image-rendering: pixelated; border-radius: 4px; }
.cna i { position: absolute; border: 3px solid #ffd54a; outline: 1px solid #14181f; }
.cna .cna-old { border-style: dashed; border-color: #ff7b72; }
</style>"""


def _table(head: list[str], rows: list[tuple[str, ...]] | list[tuple[str, str]] | list[tuple[str, str, str]]) -> str:
    lines = [head, [":--"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
