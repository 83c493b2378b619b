"""Where the app answers: said at the start without asking anybody on the internet.

Streamlit asks a site on the internet for this machine's outer address, to print it at the start and to compare it with
foreign pages. Without a way out that takes up to 20 seconds; with one, a stranger learns of the server. Neither is
needed: `.streamlit/config.toml` turns Streamlit's greeting off, and `address_lines` says what there is to say.
"""

from __future__ import annotations

import anyio
import anyio.to_thread
from streamlit import cli_util, config, net_util
from streamlit.web.server import server_util

READY_EVERY, MOST_TRIES = 0.1, 100
EVERYWHERE = {"", "0.0.0.0", "::"}


def never_ask_for_address() -> None:
    """Let Streamlit's question for the outer address be answered at once: not known.

    The function is Streamlit's own, so this is done only while it is there; requests that would lead to it are refused
    before (`cnnviz/site/origins.py`).
    """
    if hasattr(net_util, "get_external_ip"):
        net_util.get_external_ip = lambda: None


def address_lines() -> list[str]:
    """What is said at the start: where the app is, on this machine and in its network if it answers there.

    A server that Streamlit did not start (`uvicorn app:app`) says that itself, and only it knows.
    """
    if config._server_mode not in {"starlette-app", "starlette-app-direct"}:
        return []
    chosen = config.get_option("server.address") or ""
    if config.is_manually_set("browser.serverAddress"):
        names = [config.get_option("browser.serverAddress")]
    elif chosen not in EVERYWHERE:
        names = [chosen]
    else:
        names = ["localhost", net_util.get_internal_ip()]
    return ["", "  cnnviz is here:", *(f"  {server_util.get_url(name)}" for name in names if name), ""]


async def open_in_browser() -> None:
    """Open the app on the machine that started it, once it answers, as Streamlit does for apps without a server file.

    Only after `streamlit run` and where there is a screen: `server.headless` is on elsewhere.
    """
    if config._server_mode != "starlette-app" or config.get_option("server.headless"):
        return
    host = config.get_option("server.address") or "localhost"
    for _ in range(MOST_TRIES):
        try:
            await (await anyio.connect_tcp(host, config.get_option("server.port"))).aclose()
        except OSError:
            await anyio.sleep(READY_EVERY)  # nothing tells when the port is open
        else:
            address = next(line for line in address_lines() if "://" in line)
            await anyio.to_thread.run_sync(cli_util.open_browser, address.strip())
            return
