# The five verbs: run, test, check, bench, docs. Python 3.11+ with venv, and make, are all that is needed.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
SITE := $(or $(CMS_SITE),instance)

.PHONY: run test check bench docs editor clean

run: $(VENV)/installed  ## Demo site on first use, then serve http://127.0.0.1:8000 (PORT=8080 to change)
	@test -e $(SITE)/cms.db || CMS_SITE=$(SITE) $(BIN)/cms demo
	CMS_SITE=$(SITE) $(BIN)/cms run --port $(PORT)

test: $(VENV)/installed-dev  ## All tests; those that lack a browser say how to get one
	$(BIN)/python -m pytest -n $(or $(JOBS),2) $(ARGS)

check: $(VENV)/installed-dev  ## Format, lint, types, layers, migrations, generated docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/architecture
	CMS_SITE=$(VENV)/check-site $(BIN)/cms init $(VENV)/check-site
	CMS_SITE=$(VENV)/check-site $(BIN)/cms db check
	$(BIN)/cms dev docs --check

bench: $(VENV)/installed-dev  ## Measurements, printed with their anchors; see docs/explanation/performance.md
	$(BIN)/python bench/run.py $(ARGS)

docs: $(VENV)/installed  ## Write the generated pages of docs/reference anew
	$(BIN)/cms dev docs

editor:  ## Build the editor bundle again (maintainers; needs Node)
	cd cms/editor && npm ci && npm run build

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@ $(VENV)/installed

clean:
	rm -rf $(VENV) build dist
