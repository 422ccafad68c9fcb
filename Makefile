# Everything a developer does, by one word. `make help` lists it.
#
# All targets work in .venv, which the first of them makes. PYTHON chooses the interpreter (3.10 or newer).

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
CONSTRAINTS := constraints/constraints.txt
# Scripts and measurements are checked, too, but not strictly: what few tests run must not rot.
MYPY_OF_TOOLS := --config-file= --ignore-missing-imports --explicit-package-bases --exclude "/(slow_dags|back_office|town_stores)/" tests/bench tests/evals tests/e2e scripts
# Tests share two cores with the Airflow processes that they start.
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo setup test check format e2e topology browser faults faults-ops trials trials-by-dag evals figures bench docs ui ui-check catalog openapi reference constraints build release-check fab fuzz audit clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { echo "Python 3.10 or newer is needed: make PYTHON=python3.11 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# What a user installs, and SQLite for the demo. uv needs a tenth of the processor time that pip needs; where it cannot
# be had, or does not know the index that pip is set up for, pip does it.
$(VENV)/.demo-installed: pyproject.toml $(CONSTRAINTS) | $(BIN)/python
	@echo "installing Airflow and this package into $(VENV) (some minutes, once)"
	@{ $(PIP) install --quiet uv && $(BIN)/uv pip install --quiet --python $(BIN)/python -c $(CONSTRAINTS) -e ".[demo]"; } 2>/dev/null \
		|| $(PIP) install --quiet -c $(CONSTRAINTS) -e ".[demo]"
	@touch $@

# Providers that come without their dependencies, which are large or need C headers to build: their classes import
# without them, and no test talks to these services.
ALONE := $(addprefix apache-airflow-providers-,apache-flink apache-hdfs apache-hive apache-pig grpc informatica \
	mysql openai openfaas pgvector)

# All that tests and checks need.
$(VENV)/.dev-installed: pyproject.toml $(CONSTRAINTS) | $(BIN)/python
	@echo "installing what tests and checks need into $(VENV) (some minutes, once)"
	$(PIP) install --quiet -c $(CONSTRAINTS) -e ".[demo,test,dev,llm,providers]"
	$(PIP) install --quiet -c $(CONSTRAINTS) --no-deps $(ALONE)
	@touch $@ $(VENV)/.demo-installed

$(VENV)/.docs-installed: pyproject.toml $(CONSTRAINTS) | $(BIN)/python
	$(PIP) install --quiet -c $(CONSTRAINTS) -e ".[docs]"
	@touch $@

$(VENV)/.audit-installed: $(VENV)/.dev-installed
	$(PIP) install --quiet -c $(CONSTRAINTS) -e ".[audit]"
	@touch $@

$(VENV)/.bench-installed: $(VENV)/.dev-installed
	$(PIP) install --quiet -c $(CONSTRAINTS) -e ".[bench]"
	@touch $@

setup: $(VENV)/.dev-installed ## make .venv with all that tests and checks need

demo: $(VENV)/.demo-installed ## start a real Airflow, generate three DAGs from words and run them (DEMO_EXIT=1: then stop)
	$(BIN)/wfintel demo $(if $(filter-out 0,$(DEMO_EXIT)),--exit)

test: $(VENV)/.dev-installed ## unit, integration and end-to-end tests
	$(BIN)/pytest tests/unit tests/integration -n $(WORKERS) --dist loadfile -m "not long_faults"
	$(BIN)/pytest tests/e2e --ignore tests/e2e/ui --ignore tests/e2e/topology

check: $(VENV)/.dev-installed ## lint, format, types, floors, spelling
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy $(MYPY_OF_TOOLS)
	$(BIN)/lint-imports
	$(BIN)/codespell

format: $(VENV)/.dev-installed ## let ruff mend what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

e2e: $(VENV)/.dev-installed ## real Airflows: the demo, the self-diagnosis, a few provoked faults and trials
	$(BIN)/pytest tests/e2e --ignore tests/e2e/ui --ignore tests/e2e/topology

topology: $(VENV)/.dev-installed ## Celery, Redis, PostgreSQL, two of each node; every node is killed once (6 minutes)
	$(BIN)/pytest tests/e2e/topology

browser: $(VENV)/.dev-installed ## the pages in a real Airflow with a history, in Chromium; pictures go to reports/
	$(BIN)/pytest tests/e2e/ui

faults: $(VENV)/.dev-installed ## provoke all faults in a real Airflow, write the labelled corpus anew and score it
	$(BIN)/python -m tests.e2e.faults.collect --write tests/e2e/faults/corpus/faults.jsonl
	$(BIN)/python tests/evals/run.py --only scores_faults

faults-ops: $(VENV)/.dev-installed ## restarts, full disks, interrupted migrations, clock jumps, slow networks, junk, killed nodes
	$(BIN)/pytest tests/integration/faults tests/e2e/ops tests/e2e/topology

trials: $(VENV)/.dev-installed ## let remedies act on failures in a real Airflow: who was helped, what acted, how long it took
	$(BIN)/python -m tests.e2e.faults.resolve --write tests/e2e/faults/corpus/trials.json

trials-by-dag: $(VENV)/.dev-installed ## the same by the self-diagnosis DAG on its schedule, which is killed once while it acts
	$(BIN)/python -m tests.e2e.faults.by_dag --write tests/e2e/faults/corpus/trials_by_dag.json

# The FAB auth manager is no dependency of ours: it gets an environment of its own.
fab: $(VENV)/.dev-installed ## the roles of the FAB auth manager against every route, and service accounts with the least rights
	test -x $(VENV)-fab/bin/python || $(PYTHON) -m venv $(VENV)-fab
	$(VENV)-fab/bin/python -m pip --disable-pip-version-check install --quiet -c $(CONSTRAINTS) -e ".[demo]" "apache-airflow-providers-fab>=3.10" httpx
	WFINTEL_FAB_PYTHON=$(abspath $(VENV)-fab/bin/python) $(BIN)/pytest tests/integration/fab

# EXAMPLES is for each property of the parsers; routes get a twentieth of it.
fuzz: $(VENV)/.dev-installed ## look for inputs that break the parsers of text, schedules, logs, specs, settings and REST
	WFINTEL_FUZZ_EXAMPLES=$(or $(EXAMPLES),2000) $(BIN)/pytest --timeout 7200 tests/unit/fuzz tests/integration/test_api_fuzz.py

audit: $(VENV)/.audit-installed ## known faults of dependencies, secrets, the script of CI, a bill of materials (OFFLINE=1: without services)
	$(BIN)/python scripts/audit.py $(if $(OFFLINE),--offline)

evals: $(VENV)/.dev-installed ## one line per score: name, value, interval, floor
	$(BIN)/python tests/evals/run.py

figures: $(VENV)/.dev-installed ## the same, and docs/reference/figures.md anew
	$(BIN)/python tests/evals/run.py --write docs/reference/figures.md

bench: $(VENV)/.bench-installed ## time things
	$(BIN)/pytest tests/bench
	$(BIN)/python -m tests.bench.figures
	$(BIN)/python -m tests.bench.layout_figures
	$(BIN)/python -m tests.bench.optimize_speed

docs: $(VENV)/.docs-installed ## build the documentation into site/
	$(BIN)/mkdocs build --strict

UI := airflow_provider_wfintel/plugin/www

ui: openapi ## build the pages anew (needs Node.js 20.19 or newer)
	cd $(UI) && npm ci --no-progress && npm run types && npm run check && npm run build

ui-check: ## check and test the pages; fails if the committed bundle is not what the source gives
	cd $(UI) && npm ci --no-progress && npm run types && npm run check && npm run build && npm test
	git diff --exit-code --stat -- $(UI)

catalog: $(VENV)/.dev-installed ## make the catalogue's operator signatures anew from the provider distributions
	$(BIN)/python scripts/build_catalog.py

reference: $(VENV)/.dev-installed ## make the pages of the reference anew that come from the code
	$(BIN)/python scripts/build_reference.py

openapi: $(VENV)/.dev-installed ## write docs/openapi.json
	$(BIN)/python -m airflow_provider_wfintel.api.export docs/openapi.json

constraints: $(VENV)/.dev-installed ## resolve the constraints file anew (UPGRADE=1: newest versions)
	$(PIP) install --quiet uv
	$(BIN)/python scripts/build_constraints.py $(if $(UPGRADE),--upgrade)

build: $(VENV)/.dev-installed ## build the distributions into dist/
	$(BIN)/python -m build

# FAST=1: the wheel beside what is installed, as in CI; INTERPRETERS="python3.10 python3.13": clean environments with these.
release-check: $(VENV)/.dev-installed ## build, twine check, install into a clean environment, use what was installed
	$(BIN)/python scripts/release_check.py $(if $(FAST),--fast,$(addprefix --python ,$(INTERPRETERS)))

clean: ## remove what was built, the demo's folder and .venv
	rm -rf $(VENV) $(VENV)-fab .demo dist site build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache htmlcov .coverage
