# Two commands: `make run` starts the chat at http://127.0.0.1:7860, `make test` runs the whole suite.
# Both need Python 3.11, 3.12 or 3.13 and nothing else. Another interpreter: make run PYTHON=python3.12
# More arguments for pip (an index of CPU builds of torch, a proxy): make run PIP_ARGS="--extra-index-url ..."

PYTHON ?= python3
VENV   ?= .venv
PIP_ARGS ?=
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: run test coverage install index eval lint clean

# what judges a dose, with the tests that speak of it: every branch that no test takes is listed
JUDGES := checker checks verdicts evidence equivalence covering arithmetic rules rule_slots quantities numbers notation gate tables claims
JUDGING := tests/checks tests/reading $(wildcard $(addprefix tests/test_,$(addsuffix .py,arithmetic audit_markdown checker check_command \
  claims covering equivalence frames gate notation numbers parsing quantities rules tables wrong_rules)))

run: install index
	$(BIN)/python app.py

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n 2 --dist loadfile

coverage: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile $(JUDGING) --cov-branch --cov-report=term-missing $(addprefix --cov=assistant.,$(JUDGES))

install: $(VENV)/.installed

index: $(VENV)/.installed
	$(BIN)/assistant index

eval: $(VENV)/.installed-test index
	$(BIN)/assistant eval

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

clean:
	rm -rf $(VENV)
	[ ! -d var ] || find var -mindepth 1 -maxdepth 1 ! -name review -exec rm -rf {} +  # the board's log stays

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
