# `make demo` and `make test` do all the set-up themselves. PYTHON chooses the interpreter (3.11 or later):
#   make test PYTHON=python3.12

VENV := .venv
BIN := $(VENV)/bin

# The first of these that runs and is recent enough.
PYTHON ?= $(shell for python in python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$python && break; done)

# Processes that share the tests; 0 runs them in one, which a debugger needs.
WORKERS ?= 2

# uv where it is there, an order of magnitude faster; `make test UV=` takes pip.
UV ?= $(shell uv --version >/dev/null 2>&1 && echo uv)
ifneq ($(UV),)
PIP := $(UV) pip
INTO := --python $(BIN)/python
OR_SAY := || { echo 'uv did not install the locked packages; to take pip instead: make $(MAKECMDGOALS) UV=' >&2; exit 1; }
else
PIP := $(BIN)/python -m pip --disable-pip-version-check
endif
PIP_INSTALL := $(PIP) install --quiet $(INTO)
# Nothing is left to resolve and nothing to build: pips before 24 resolve an extra of a locked package anew, so that a
# newer release of it would end the set-up.
INSTALL_LOCKED := $(PIP_INSTALL) --no-deps --require-hashes --only-binary :all:
# That the lock is whole, which an installation without resolving does not see.
CHECK := $(PIP) check $(INTO) >&2

# Only `make lock` uses it; it is not among the locked packages.
LOCKER := uv==0.13.9
LOCK_VENV := build/lock-venv

.DEFAULT_GOAL := test
.DELETE_ON_ERROR:
# The checks run in the order in which `test` names them, also under -j.
.NOTPARALLEL:
.PHONY: venv tools demo test format-check lint types imports pytest format clean lock axe

# What running needs, and what developing needs besides; both in one environment.
venv: $(VENV)/.installed
tools: $(VENV)/.installed $(VENV)/.tools

# Another interpreter than the one that made the environment begins afresh.
WHICH_PYTHON := $(shell $(PYTHON) -c 'import sys; print(sys.base_prefix, *sys.version_info[:3])' 2>/dev/null)
ifneq ($(PYTHON),)
ifneq ($(WHICH_PYTHON),$(shell cat $(VENV)/.locked 2>/dev/null))
.PHONY: $(VENV)/.locked
endif
endif

# The locked packages; begun afresh when a lock changes, so that nothing unlocked stays behind.
$(VENV)/.locked: requirements.lock requirements-dev.lock
	@test -n '$(PYTHON)' || { echo 'iapt-audit needs Python 3.11 or later: none found as python3.11 or python3 (set PYTHON)' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'iapt-audit needs Python 3.11 or later: `$(PYTHON)` is older or does not run' >&2; exit 1; }
	@echo 'Setting up $(VENV) with $(if $(UV),uv,pip): this is done once ...' >&2
	@$(PYTHON) -m venv --clear $(VENV)
	@$(INSTALL_LOCKED) -r requirements.lock $(OR_SAY)
	@echo '$(WHICH_PYTHON)' > $@

# The project itself. pip refuses hashes together with a local folder, hence a second step.
$(VENV)/.installed: $(VENV)/.locked pyproject.toml
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@$(CHECK)
	@touch $@

# The lock for developing holds all that the one for running does, in the same versions.
$(VENV)/.tools: $(VENV)/.locked
	@echo 'Adding to $(VENV) what the checks and tests need: this is done once ...' >&2
	@$(INSTALL_LOCKED) -r requirements-dev.lock $(OR_SAY)
	@$(CHECK)
	@touch $@

demo: venv
	@$(BIN)/iapt-audit demo

test: format-check lint types imports pytest

format-check: tools
	$(BIN)/ruff format --check

lint: tools
	$(BIN)/ruff check

types: tools
	$(BIN)/mypy

imports: tools
	$(BIN)/lint-imports

# tests/sharing.py says what stays in one process.
pytest: tools axe
	$(BIN)/pytest -n $(WORKERS)

# The loop of a person who edits: the engine, the definitions, and a few audits from file to exit code.
FAST := $(addprefix tests/unit/,solver constraints judging definitions model disclosure) tests/definitions \
	tests/audits/test_golden.py tests/cli/test_commands.py iapt_audit/solver iapt_audit/constraints iapt_audit/judging
.PHONY: test-fast
test-fast: tools
	$(BIN)/pytest -n $(WORKERS) -m 'not systems and not thorough' $(wildcard $(FAST))

# Tests that need the package registry or another Python.
.PHONY: test-systems
test-systems: tools
	$(BIN)/pytest -n $(WORKERS) -m systems tests

# axe-core judges pages in tests/browser. Without npm, or where npm cannot bring it, those tests are skipped and say why;
# with IAPT_AUDIT_BROWSER=required they fail.
NPM_CI := npm ci --loglevel=error --no-audit --no-fund --no-progress --no-update-notifier --ignore-scripts
AXE := tests/browser/node_modules/.installed
ifneq ($(shell command -v npm 2>/dev/null),)
axe: $(AXE)
endif

$(AXE): tests/browser/package-lock.json tests/browser/package.json
	@if (cd tests/browser && $(NPM_CI) >/dev/null); then touch $@; \
	else echo 'axe-core is not installed: `npm ci` failed in tests/browser' >&2; fi

format: tools
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean:
	rm -rf $(VENV) build dist tests/browser/node_modules .coverage htmlcov .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find iapt_audit tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Names, versions and hashes only, of every system and every Python from 3.11 on. A version moves only when
# pyproject.toml asks for it: to take newer ones, delete both locks first.
LOCK := $(LOCK_VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group install
lock:
	$(PYTHON) -m venv $(LOCK_VENV)
	$(LOCK_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: $(LOCKER)
	$(LOCK) --all-extras --output-file requirements-dev.lock pyproject.toml
	$(LOCK) --constraints requirements-dev.lock --output-file requirements.lock pyproject.toml

# Runs what the README shows and writes the real output under it.
.PHONY: readme
readme: tools
	$(BIN)/python examples/refresh_readme.py

# Draws the pictures of the README again.
.PHONY: gallery
gallery: tools
	$(BIN)/python examples/refresh_gallery.py

# Time and memory by stage and by size; benchmarks/README.md says what the figures mean. Without the published figures
# beside the checkout it invents some.
PATHS ?= ../shared/data/monthly ../shared/data/annual
.PHONY: bench
bench: tools
	$(BIN)/python benchmarks/stages.py $(PATHS)

# Fuzzes the readers for some minutes. atheris is no locked package: where PyPI has no wheel of it for the machine, it is
# built with a compiler. The target puts it into .venv and nothing else needs it.
ATHERIS := atheris==3.0.0
MINUTES ?= 5
.PHONY: fuzz
fuzz: tools
	$(PIP_INSTALL) $(ATHERIS)
	$(BIN)/python benchmarks/fuzz.py $(MINUTES)

# Damages published files in N ways and audits each.
N ?= 1000
.PHONY: soak
soak: tools
	$(BIN)/python benchmarks/soak.py $(firstword $(PATHS)) $(N)

# Plants faults in clean figures and counts how many each way of checking catches.
.PHONY: planted
planted: tools
	$(BIN)/python benchmarks/planted.py $(firstword $(PATHS))

# Makes each listed one-line edit of the engine in a copy and sees whether the tests notice.
.PHONY: mutants
mutants: tools
	$(BIN)/python benchmarks/mutants.py
