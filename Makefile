# `make demo` and `make test` do all the set-up themselves. PYTHON chooses the interpreter (3.11 or later):
#   make test PYTHON=python3.12

VENV := .venv
BIN := $(VENV)/bin

# The first of these that runs and is recent enough.
PYTHON ?= $(shell for python in python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$python && break; done)

# Processes that share the tests; 0 runs them in one, which a debugger needs.
WORKERS ?= 2

# Only `make lock` uses it; it is not among the locked packages.
PIP_TOOLS := pip-tools==7.6.2
LOCK_VENV := build/lock-venv

PIP_INSTALL := -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := test
.DELETE_ON_ERROR:
# The checks run in the order in which `test` names them, also under -j.
.NOTPARALLEL:
.PHONY: venv demo test format-check lint types imports pytest format clean lock axe

venv: $(VENV)/.installed

# The locked packages; begun afresh when the lock changes, so that nothing unlocked stays behind.
$(VENV)/.locked: requirements.lock
	@test -n '$(PYTHON)' || { echo 'iapt-audit needs Python 3.11 or later: none found as python3.11 or python3 (set PYTHON)' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'iapt-audit needs Python 3.11 or later: `$(PYTHON)` is older or does not run' >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements.lock
	@touch $@

# The project itself. pip refuses hashes together with a local folder, hence a second step.
$(VENV)/.installed: $(VENV)/.locked pyproject.toml
	$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

demo: venv
	@$(BIN)/iapt-audit demo

test: format-check lint types imports pytest

format-check: venv
	$(BIN)/ruff format --check

lint: venv
	$(BIN)/ruff check

types: venv
	$(BIN)/mypy

imports: venv
	$(BIN)/lint-imports

# Tests of one group, such as those that drive a browser, stay in one process.
pytest: venv axe
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup

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

format: venv
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean:
	rm -rf $(VENV) build dist tests/browser/node_modules .coverage htmlcov .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find iapt_audit tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Names, versions and hashes only. A version moves only when pyproject.toml asks for it: to take newer ones, delete
# requirements.lock first.
lock:
	$(PYTHON) -m venv $(LOCK_VENV)
	$(LOCK_VENV)/bin/python $(PIP_INSTALL) $(PIP_TOOLS)
	$(LOCK_VENV)/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
		--extra gx --extra dev --output-file requirements.lock pyproject.toml

# Runs what the README shows and writes the real output under it.
.PHONY: readme
readme: venv
	$(BIN)/python examples/refresh_readme.py

# Draws the pictures of the README again.
.PHONY: gallery
gallery: venv
	$(BIN)/python examples/refresh_gallery.py

# Time and memory by stage and by size; benchmarks/README.md says what the figures mean. Without the published figures
# beside the checkout it invents some.
PATHS ?= ../shared/data/monthly ../shared/data/annual
.PHONY: bench
bench: venv
	$(BIN)/python benchmarks/stages.py $(PATHS)

# Fuzzes the readers for some minutes. atheris is no locked package: where PyPI has no wheel of it for the machine, it is
# built with a compiler. The target puts it into .venv and nothing else needs it.
ATHERIS := atheris==3.0.0
MINUTES ?= 5
.PHONY: fuzz
fuzz: venv
	$(BIN)/python $(PIP_INSTALL) $(ATHERIS)
	$(BIN)/python benchmarks/fuzz.py $(MINUTES)

# Damages published files in N ways and audits each.
N ?= 1000
.PHONY: soak
soak: venv
	$(BIN)/python benchmarks/soak.py $(firstword $(PATHS)) $(N)

# Plants faults in clean figures and counts how many each way of checking catches.
.PHONY: planted
planted: venv
	$(BIN)/python benchmarks/planted.py $(firstword $(PATHS))

# Makes each listed one-line edit of the engine in a copy and sees whether the tests notice.
.PHONY: mutants
mutants: venv
	$(BIN)/python benchmarks/mutants.py
