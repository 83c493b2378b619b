"""All that an operator may set: how much one learner, one address and all together may take of the server.

>>> SESSIONS.value({"CNNVIZ_SESSIONS": "120"})
120

The defaults suit 300 students on a common machine. A lecture hall may stand behind one address, so what an address may
take is most of what all may take.
"""

from __future__ import annotations

from cnnviz.engine.limits import OWN_MAPS_MB, PICTURES_MB, Limit, downloads_allowed

SESSIONS = Limit(
    "CNNVIZ_SESSIONS", 600, "open tabs, all together: twice a lecture, since a phone that comes back may count twice"
)
SESSIONS_OF_AN_ADDRESS = Limit("CNNVIZ_SESSIONS_OF_AN_ADDRESS", 500, "open tabs of one address")
SLEEPING_SESSIONS = Limit("CNNVIZ_SLEEPING_SESSIONS", 2000, "tabs without a connection whose state is kept")
CLOSED_TAB_SECONDS = Limit("CNNVIZ_CLOSED_TAB_SECONDS", 120, "seconds for which the state of a closed tab is kept")
CONNECTIONS = Limit("CNNVIZ_CONNECTIONS", 4000, "open connections, all together; never more than the open files allow")
CONNECTIONS_OF_AN_ADDRESS = Limit("CNNVIZ_CONNECTIONS_OF_AN_ADDRESS", 3000, "open connections of one address")
HEADER_SECONDS = Limit("CNNVIZ_HEADER_SECONDS", 30, "seconds within which a request must have said what it wants")
SILENT_SECONDS = Limit("CNNVIZ_SILENT_SECONDS", 60, "seconds for which an upload may pause")
UPLOADS_MB = Limit("CNNVIZ_UPLOADS_MB", 2000, "MB of uploaded files held at once, all together")
UPLOADS_MB_OF_AN_ADDRESS = Limit("CNNVIZ_UPLOADS_MB_OF_AN_ADDRESS", 1500, "MB of uploaded files held for one address")
UPLOADS_MB_OF_A_TAB = Limit("CNNVIZ_UPLOADS_MB_OF_A_TAB", 700, "MB of uploaded files held for one tab")

LIMITS = (
    SESSIONS,
    SESSIONS_OF_AN_ADDRESS,
    SLEEPING_SESSIONS,
    CLOSED_TAB_SECONDS,
    CONNECTIONS,
    CONNECTIONS_OF_AN_ADDRESS,
    HEADER_SECONDS,
    SILENT_SECONDS,
    UPLOADS_MB,
    UPLOADS_MB_OF_AN_ADDRESS,
    UPLOADS_MB_OF_A_TAB,
    PICTURES_MB,
    OWN_MAPS_MB,
)


def check_limits() -> None:
    """Read every setting once; the first bad one is raised as a `SettingError`."""
    downloads_allowed()
    for limit in LIMITS:
        limit.value()
