"""The server's entry: `streamlit run app.py`, from any folder.

Streamlit reads this file for the name `app`, so the object is built here; what it is made of lives in
`cnnviz/site/server.py`. `python app.py` and `uvicorn app:app` serve the same app with the same settings.
"""

from pathlib import Path

import streamlit as st

from cnnviz.site.process import prepare_process
from cnnviz.site.server import lifespan, make_room, middleware, on_script_error, routes

ROOT = Path(__file__).resolve().parent

prepare_process(ROOT / "app.py")
make_room()

app = st.App(
    ROOT / "cnnviz" / "site" / "main.py",
    routes=routes(),
    middleware=middleware(),
    lifespan=lifespan,
    on_script_error=on_script_error,
)

if __name__ == "__main__":
    app.run()
