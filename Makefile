# make run | test | fast | check | bench | pictures | lock | audit | clean      (PYTHON=python3.12 make run  chooses the interpreter)

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
NODE_READY := node_modules/.ready
TOOLS := $(VENV)/tools
TOOLS_READY := $(TOOLS)/.ready

# LOCKED=1 installs just what the lock files name, each file checked by its hash (Linux, Python 3.11), as CI does.
LOCKED ?=
ifeq ($(LOCKED),)
RUN_FILES := requirements.txt
DEV_FILES := requirements-dev.txt
else
RUN_FILES := requirements.lock
DEV_FILES := requirements-dev.lock
endif

.PHONY: run test fast check bench pictures lock audit clean

run: $(RUN_READY)
	$(BIN)/python -m streamlit run app.py

test: $(DEV_READY) $(BROWSER_READY) $(NODE_READY)
	npm test --silent
	$(BIN)/python -m pytest -n 2 --dist loadfile

# No browser, no server, no long search: about two minutes on two cores.
fast: $(DEV_READY) $(NODE_READY)
	npm test --silent
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow" --ignore tests/browser

check: $(DEV_READY) $(NODE_READY)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	npm run --silent check

bench: $(DEV_READY) $(BROWSER_READY)
	$(BIN)/python -m tests.benchmarks $(ONLY)

# The README's pictures, taken anew from the running app.
pictures: $(DEV_READY) $(BROWSER_READY)
	$(BIN)/python -m tests.pictures

# Renew the lock files after a change of a requirement file, and the list of licences with them.
lock: $(DEV_READY) $(TOOLS_READY)
	.ci/lock $(TOOLS)/bin
	$(PIP) --requirement requirements-dev.lock
	$(BIN)/python .ci/dependencies.py

audit: $(TOOLS_READY)
	$(TOOLS)/bin/python .ci/audit.py

clean:
	$(PYTHON) -c "import shutil; [shutil.rmtree(d, ignore_errors=True) for d in ('$(VENV)', 'node_modules', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.hypothesis')]"

# The stamps make a second run start at once: pip is asked only when a requirements file changed.

$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	$(PYTHON) -c "import pathlib; pathlib.Path('$@').touch()"

$(RUN_READY): $(VENV)/.made $(RUN_FILES)
	$(PIP) -r $(RUN_FILES)
	$(PYTHON) -c "import pathlib; pathlib.Path('$@').touch()"

$(DEV_READY): $(VENV)/.made $(RUN_FILES) $(DEV_FILES)
	$(PIP) -r $(DEV_FILES)
	$(PYTHON) -c "import pathlib; [pathlib.Path(p).touch() for p in ('$@', '$(RUN_READY)')]"

$(BROWSER_READY): $(DEV_READY) tests/browser/chromium.py
	$(BIN)/python tests/browser/chromium.py --install
	$(PYTHON) -c "import pathlib; pathlib.Path('$@').touch()"

# Only the tools that look after assets/*/*.js come from npm. The app itself needs no node.
$(NODE_READY): package-lock.json
	npm ci --no-progress --loglevel=error
	$(PYTHON) -c "import pathlib; pathlib.Path('$@').touch()"

# Apart from what they look after, so that they are no part of it.
$(TOOLS_READY): $(VENV)/.made
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip --disable-pip-version-check install --quiet "pip-tools>=7,<8" "pip-audit>=2,<3"
	$(PYTHON) -c "import pathlib; pathlib.Path('$@').touch()"
