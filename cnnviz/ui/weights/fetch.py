"""The download of published weights, on the page: a button, then how far it is, with a way to stop it."""

from __future__ import annotations

import streamlit as st

from cnnviz.engine.limits import downloads_allowed
from cnnviz.engine.networks.weights.fetch import DOWNLOADS, Fetch, turned_off
from cnnviz.engine.networks.weights.published import Published
from cnnviz.errors import WeightsError
from cnnviz.ui.notes import warn
from cnnviz.ui.share import fresh
from cnnviz.ui.waiting import session_name

MINE, SAID = "_weights_fetch", "_weights_fetch_said"
LOOK_AGAIN = 0.7


def show_fetch(published: Published) -> None:
    """Offer a file of published weights, or show how far it is; all sessions see the same one."""
    if DOWNLOADS.find(published.file):
        _progress(published)
        return
    if said := st.session_state.pop(SAID, ""):
        warn(said, icon=":material/cloud_off:")
    if not downloads_allowed():
        st.markdown(f":small[{turned_off(published)}]")
        return
    st.markdown(
        f":small[{published.file} from the publisher, {published.megabytes} MB. It comes once for everybody on this "
        "server, is checked by its SHA-256, and stays in the server’s folder of weights.]"
    )
    st.button(
        f"Download {published.megabytes} MB",
        icon=":material/download:",
        key=f"_weights_get_{published.file}",
        on_click=fresh(_start),
        args=(published,),
    )


def fetched() -> str:
    """Name the file that this session asked for, once it is there; what went wrong is said by `show_fetch`."""
    mine: Fetch | None = st.session_state.get(MINE)
    if mine is None or mine.running:
        return ""
    del st.session_state[MINE]
    if mine.error:
        st.session_state[SAID] = mine.error
    return "" if mine.error else mine.published.file


def _start(published: Published) -> None:
    try:
        st.session_state[MINE] = DOWNLOADS.start(published, who=session_name())
    except WeightsError as error:
        st.session_state[SAID] = str(error)


def _stop(job: Fetch) -> None:
    job.stop()


@st.fragment(run_every=LOOK_AGAIN)
def _progress(published: Published) -> None:
    """Show how far the file is; the page is drawn anew when it ended."""
    job = DOWNLOADS.find(published.file)
    if job is None:
        st.rerun()
        return
    megabytes = 2**20
    if before := DOWNLOADS.before(job):
        st.markdown(f"{published.file} waits: {_files(before)} first, for one comes at a time. {_now()}")
    else:
        st.progress(job.share, f"{job.done / megabytes:,.0f} of {job.total / megabytes:,.0f} MB of {published.file}")
    if st.session_state.get(MINE) is job:
        st.button("Stop", icon=":material/stop:", key="_weights_stop", on_click=fresh(_stop), args=(job,))
    else:
        st.markdown(":small[Another session asked for it; it will be there for all.]")


def _files(count: int) -> str:
    return "one file comes" if count == 1 else f"{count} files come"


def _now() -> str:
    job = DOWNLOADS.current()
    return f"{job.published.file}: {job.share:.0%}." if job else ""
