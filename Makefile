# make run | test | check | bench | clean        (PYTHON=python3.12 make run  chooses the interpreter)

PYTHON ?= python3
VENV := .venv
ONLY ?=

ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
RUN_READY := $(VENV)/.run-ready
DEV_READY := $(VENV)/.dev-ready
BROWSER_READY := $(VENV)/.browser-ready

.PHONY: run test check bench clean

run: $(RUN_READY)
	$(BIN)/python -m streamlit run app.py

test: $(DEV_READY) $(BROWSER_READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(DEV_READY)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

bench: $(DEV_READY) $(BROWSER_READY)
	$(BIN)/python -m tests.benchmarks $(ONLY)

clean:
	$(PYTHON) -c "import shutil; [shutil.rmtree(d, ignore_errors=True) for d in ('$(VENV)', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.hypothesis')]"

# The stamps make a second run start at once: pip is asked only when a requirements file changed.

$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	$(PYTHON) -c "import pathlib; pathlib.Path('$@').touch()"

$(RUN_READY): $(VENV)/.made requirements.txt
	$(PIP) -r requirements.txt
	$(PYTHON) -c "import pathlib; pathlib.Path('$@').touch()"

$(DEV_READY): $(VENV)/.made requirements.txt requirements-dev.txt
	$(PIP) -r requirements-dev.txt
	$(PYTHON) -c "import pathlib; [pathlib.Path(p).touch() for p in ('$@', '$(RUN_READY)')]"

$(BROWSER_READY): $(DEV_READY) tests/browser/chromium.py
	$(BIN)/python tests/browser/chromium.py --install
	$(PYTHON) -c "import pathlib; pathlib.Path('$@').touch()"
