# Needs only Python >= 3.11 with venv. `make help` lists the targets; ARGS="…" goes to the command behind one, VENV=… is the folder to install into.
PYTHON ?= python3
WORKERS ?= 2
ARGS ?=
VENV := .venv
UV_VERSION := 0.13.9
MUTMUT_VERSION := 3.8.1
SBOM_VERSION := 7.5.0
AUDIT_VERSION := 2.10.1
SUPPLY := build/supply
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq install
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --custom-compile-command "make lock"
PYTEST := $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal
FLOOR := $(BIN)/python -m coverage report --skip-covered

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo test quick mutate check fix bench docs screens walk lock sbom audit clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(VENV)/installed  ## make .venv with the package in it: .venv/bin/anjuan
	@echo "Ready: $(BIN)/anjuan --help"

demo: $(VENV)/installed  ## a city's quarter, simulated, then served on 127.0.0.1:8000 (ARGS="--days 30")
	@$(BIN)/anjuan demo $(ARGS)

test: $(VENV)/developed  ## the whole test suite (ARGS="-k calendar"; ARGS=--cov: branch coverage)
	@$(PYTEST) --ignore tests/bench $(ARGS)
	@$(if $(filter --cov,$(ARGS)),$(FLOOR) --include="domain/*" --fail-under=98 && $(FLOOR) --include="projections/*" --fail-under=88)

quick: $(VENV)/developed  ## the rules and most laws, in one to two minutes
	@$(PYTEST) -m "not slow" tests/domain tests/laws $(ARGS)

mutate: $(VENV)/developed  ## do the tests notice a changed rule? (ARGS="domain.worktime.calendar.*")
	@$(PIP) mutmut==$(MUTMUT_VERSION)
	$(BIN)/mutmut run --max-children $(WORKERS) $(ARGS)
	@$(BIN)/mutmut results

check: $(VENV)/developed  ## format, lint, types and import contracts
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports

fix: $(VENV)/developed  ## format, and repair what ruff can
	$(BIN)/ruff check --fix-only . && $(BIN)/ruff format .

bench: $(VENV)/installed  ## our figures beside the peers' and the floors' (ARGS="--json")
	@$(BIN)/anjuan bench all $(ARGS)

docs: $(VENV)/installed  ## write docs/events.md, commands.md, settings.md, lists.md, rights.md from the code
	@$(BIN)/python -m tools.catalogue

screens: $(VENV)/developed  ## every page of every role as a picture, in build/screens (needs Chromium; ARGS="--role auditor")
	@$(BIN)/python -m tools.screens $(ARGS)

walk: $(VENV)/developed  ## every page by axe, in both languages, three widths and forced colours (needs Chromium; half an hour)
	@$(BIN)/python -m tools.walk $(ARGS)

lock: $(VENV)/pyvenv.cfg  ## renew both lock files (ARGS="--upgrade")
	$(PIP) uv==$(UV_VERSION)
	$(COMPILE) $(ARGS) --output-file requirements.lock
	$(COMPILE) $(ARGS) --group dev --constraint requirements.lock --output-file requirements-dev.lock

sbom: $(SUPPLY)/installed  ## what the package is made of: build/sbom.json (CycloneDX, from the lock file)
	@PYTHONWARNINGS=ignore $(SUPPLY)/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml \
		--short-PURLs --output-reproducible --output-format JSON --output-file build/sbom.json
	@echo "Written: build/sbom.json"

audit: $(VENV)/installed $(SUPPLY)/installed  ## known faults in what is pinned; says what could not be looked up, and fails
	@$(BIN)/python -m tools.audit $(SUPPLY)/bin/pip-audit

clean:  ## remove caches and build output; .venv and your data stay
	rm -rf build dist mutants .coverage .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find domain ledger projections api tests tools -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/installed: requirements.lock pyproject.toml $(VENV)/pyvenv.cfg
	@echo "Installing into $(VENV): about half a minute" >&2
	@$(PIP) --require-hashes --requirement requirements.lock
	@$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/developed: $(VENV)/installed requirements-dev.lock
	@echo "Installing the developer's tools into $(VENV): about a minute" >&2
	@$(PIP) --require-hashes --requirement requirements-dev.lock
	@touch $@

$(SUPPLY)/installed: Makefile $(VENV)/pyvenv.cfg
	@echo "Installing cyclonedx-bom and pip-audit into $(SUPPLY)" >&2
	@$(PYTHON) -m venv $(SUPPLY)
	@$(SUPPLY)/bin/python -m pip --disable-pip-version-check -qq install cyclonedx-bom==$(SBOM_VERSION) pip-audit==$(AUDIT_VERSION)
	@touch $@
