"""The picture that all lessons on pictures look at: a sample, an upload or a photo by the camera.

    picture = choose_picture("filters")     # draws the bar, gives a Picture: never None

The choice follows the learner from page to page. A sample's name stands in the URL (``img=coffee``); a picture of
one's own lives in the session only: as decoded pixels, in no cache that sessions share, in no file, and without the
bytes that it came in, which leave Streamlit's upload store as soon as they are decoded.
"""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnnviz.engine.limits import PICTURES_MB
from cnnviz.engine.pictures.decode import ImageError, Picture, decode_image
from cnnviz.engine.pictures.gallery import DEFAULT_SAMPLE, SAMPLES, parse_sample
from cnnviz.engine.pictures.samples import sample
from cnnviz.engine.room import Room
from cnnviz.errors import SpecError
from cnnviz.quoting import one_line
from cnnviz.ui.holdings import note_holding
from cnnviz.ui.notes import warn
from cnnviz.ui.waiting import computing
from cnnviz.ui.widgets import bound

IMG = "img"
"""The sample's name in the URL."""

OWN = "own"
OWN_TITLE = "Your picture"
WAYS = {"file": "A file", "camera": "The camera"}
LIMITS = (
    "PNG, JPEG, WebP, GIF, BMP or TIFF, up to 20 MB. Large pictures are reduced to about one million pixels. "
    "Your picture stays in the memory of this session: it is written nowhere and shown to nobody else."
)
PICTURES = Room(PICTURES_MB.value() * 2**20)
"""For the learners' own pictures of all sessions, up to 3 MB each."""
FULL = "The server holds as many pictures of learners as it can. Take one of the samples, or try again later."
# In the session. The picture itself, what is chosen, which sample the page falls back to, how many uploads there were,
# and a sentence for the next run.
OWN_PICTURE, CHOICE, FALLBACK, UPLOADS, COMPLAINT = (
    f"_picture_{name}" for name in ("own", "choice", "fallback", "uploads", "complaint")
)


def choose_picture(key: str, *, default: str = DEFAULT_SAMPLE, row: DeltaGenerator | None = None) -> Picture:
    """Draw the bar that chooses the picture, and give the picture; `key` is the page's.

    Call it inside the page's fragment, before anything that depends on the picture. `default` is the sample that a
    page shows best while the learner has not chosen any; `row` is a horizontal container to draw the bar into.
    """
    st.session_state[FALLBACK] = default
    _follow_the_link()
    with row or st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        gallery, own = st.empty(), st.empty()
    _take_uploads(own)
    with gallery.container(width=200):
        _show_gallery(key)
    if complaint := st.session_state.pop(COMPLAINT, ""):
        warn(complaint, icon=":material/broken_image:")
    picture = chosen_picture()
    if _chosen() == OWN:
        for notice in picture.notices:
            st.markdown(f":small[{notice}]")
    return picture


def chosen_picture() -> Picture:
    """Give the picture without drawing anything."""
    name = _chosen()
    own = st.session_state.get(OWN_PICTURE)
    return own if name == OWN and own is not None else sample(name)


def is_own_picture() -> bool:
    """Tell whether the picture is the learner's own: nothing of it may be kept where other sessions could find it."""
    return _chosen() == OWN


def picture_query() -> dict[str, str]:
    """Give what the URL says about the picture: the sample's name, or nothing for the page's own and one's own."""
    name = _chosen()
    return {} if name in {OWN, st.session_state.get(FALLBACK, DEFAULT_SAMPLE)} else {IMG: name}


def leave_picture() -> None:
    """Say that the page looks at something else at the moment: then the URL names no sample."""
    st.session_state[FALLBACK] = _chosen()


def default_picture() -> str:
    """Name the sample that the page shows while nothing is chosen; the learner's own picture is no sample."""
    return OWN if _chosen() == OWN else str(st.session_state.get(FALLBACK, DEFAULT_SAMPLE))


def picture_title() -> str:
    """Give the picture's name for titles: the sample's, or "Your picture"."""
    return _title(_chosen())


def picture_alt() -> str:
    """Say what the picture shows, as far as we know."""
    name = _chosen()
    return "Your picture" if name == OWN else SAMPLES[name].alt


def _chosen() -> str:
    """Give the name of a sample, or `OWN` if there is a picture of one's own and it is chosen."""
    name = st.session_state.get(CHOICE)
    if name == OWN and st.session_state.get(OWN_PICTURE) is None:
        name = None
    return str(name or st.session_state.get(FALLBACK, DEFAULT_SAMPLE))


def _follow_the_link() -> None:
    """A sample that the URL names is the learner's choice; a name that is none gets a sentence."""
    named = st.query_params.get(IMG)
    if named is None:
        return
    try:
        st.session_state[CHOICE] = parse_sample(named)
    except SpecError as error:
        del st.query_params[IMG]
        shown = one_line(named)
        st.session_state[COMPLAINT] = (
            f"The link asks for the picture “{shown}”, but {error.message}. You see “{_title(_chosen())}” now."
        )


def _show_gallery(key: str) -> None:
    """Let the learner choose among the samples, and their own picture once there is one."""
    widget = f"{key}_picture"
    names = [*([OWN] if st.session_state.get(OWN_PICTURE) is not None else []), *SAMPLES]

    def take() -> None:
        _choose(st.session_state[widget])

    use = "" if _chosen() == OWN else SAMPLES[_chosen()].use
    st.selectbox("Picture", names, format_func=_title, help=use or None, **bound(widget, _chosen(), take))


def _take_uploads(place: DeltaGenerator) -> None:
    """Offer the upload and the camera; a new picture closes them and empties them."""
    file = _offer(place)
    if file is None:
        return
    with place.container(width=260):
        try:
            with computing("Reading your picture …"):
                picture = decode_image(file.getvalue())
            st.session_state.pop(OWN_PICTURE, None)  # its room is free for the new one
            if not PICTURES.hold(picture, picture.pixels.nbytes):
                raise ImageError(FULL)
        except ImageError as error:
            st.session_state[COMPLAINT] = str(error)
        else:
            st.session_state[OWN_PICTURE] = picture
            note_holding("picture")
            _choose(OWN)
    forget_upload(file)  # only now: a click while it waits for its turn must not lose it
    st.session_state[UPLOADS] = _uploads() + 1
    _offer(place)


def _offer(place: DeltaGenerator) -> UploadedFile | None:
    """Draw the door for one's own picture. Its widgets have new keys after each upload, so that nothing stays."""
    number = _uploads()
    with (
        place.container(width="content"),
        st.popover("Your own", icon=":material/add_a_photo:", key=f"_picture_door_{number}"),
    ):
        way = st.radio(
            "From where", list(WAYS), format_func=WAYS.__getitem__, horizontal=True, key=f"_picture_way_{number}"
        )
        st.markdown(f":small[{LIMITS}]")
        if way == "camera":  # only then the browser asks for leave to use it
            return st.camera_input("Take a photo", key=f"_picture_camera_{number}")
        # Any type: what a file is, its content says, and what cannot be read gets a better answer than "not allowed".
        return st.file_uploader(
            "Drop a picture here, or choose one", type=None, key=f"_picture_file_{number}", max_upload_size=20
        )


def forget_upload(file: UploadedFile) -> None:
    """Take the bytes out of Streamlit's upload store, where they would stay as long as the session."""
    context = get_script_run_ctx()
    if context is not None:
        remove = getattr(context.uploaded_file_mgr, "remove_file", None)  # not promised by its type; a test watches
        if remove:
            remove(context.session_id, file.file_id)
    file.close()


def _choose(name: str) -> None:
    st.session_state[CHOICE] = name
    if IMG in st.query_params:
        del st.query_params[IMG]  # what it said is over; `keep` writes the new name


def _uploads() -> int:
    return int(st.session_state.get(UPLOADS, 0))


def _title(name: str) -> str:
    return OWN_TITLE if name == OWN else SAMPLES[name].title
