# Two commands: `make run` starts the chat at http://127.0.0.1:7860, `make test` runs the whole suite.
# Both need Python 3.11, 3.12 or 3.13 and nothing else. Another interpreter: make run PYTHON=python3.12
# More arguments for pip (an index of CPU builds of torch, a proxy): make run PIP_ARGS="--extra-index-url ..."

PYTHON ?= python3
VENV   ?= .venv
PIP_ARGS ?=
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: run test install index eval lint clean

run: install index
	$(BIN)/python app.py

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n 2 --dist loadfile

install: $(VENV)/.installed

index: $(VENV)/.installed
	$(BIN)/assistant index

eval: $(VENV)/.installed-test index
	$(BIN)/assistant eval

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

clean:
	rm -rf $(VENV) var

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || \
	  { echo "Python 3.11, 3.12 or 3.13 is needed; name one: make run PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(PIP) install $(PIP_ARGS) -e .
	touch $@

$(VENV)/.installed-test: pyproject.toml | $(BIN)/python
	$(PIP) install $(PIP_ARGS) -e '.[test]'
	touch $@ $(VENV)/.installed

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(PIP) install $(PIP_ARGS) -e '.[test,dev]'
	touch $@
