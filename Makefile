# Every command sets up its own environment: Python 3.11 or newer, git and make suffice; uv is used where it is found.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA_DIR ?= data
ACCOUNTS ?= 2000
EVENTS ?= 5000000
MONTHS ?= 12
WORLDS ?= 400
CRM ?= hubspot

export DBT_PROFILES_DIR := $(CURDIR)
export GX_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1
export TZ := UTC
export PYTHONHASHSEED := 0

export DATA_DIR

.PHONY: help env env-dev demo build urgent test lint parse bench simulate simulate-gate simulate-month fuzz dashboard report publish push push-rates docs-page audit lock metrics metrics-env guards guards-env readers-env approve new-company doctor restart decide fit clean spark-test

help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

define install
	@if [ ! -x $(BIN)/python ]; then \
		if command -v uv >/dev/null; then uv venv -q --python $(PYTHON) $(VENV); else $(PYTHON) -m venv $(VENV); fi; \
	fi
	@if command -v uv >/dev/null; then uv pip install -q --require-hashes --python $(BIN)/python -r $(1); \
	else $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1); fi
	@touch $@
endef

$(VENV)/.installed: requirements.lock
	$(call install,requirements.lock)

$(VENV)/.installed-dev: requirements-dev.lock
	$(call install,requirements-dev.lock)
	@touch $(VENV)/.installed

env: $(VENV)/.installed  ## the environment to run with
env-dev: $(VENV)/.installed-dev  ## and what the tests need

demo: export DATA_DIR := data/demo
demo: env  ## the whole way on a sample world, below data/demo
	@$(BIN)/python scripts/demo.py --data-dir $(DATA_DIR)

build: env  ## build, check and publish what lies in DATA_DIR
	@$(BIN)/python scripts/build.py --data-dir $(DATA_DIR)

doctor: env  ## what is missing in the landing and the configuration, worst first
	@$(BIN)/python scripts/doctor.py --data-dir $(DATA_DIR)

restart: env  ## forget recorded firings as long as none was delivered: YES=1 to do it
	@$(BIN)/python scripts/restart.py --data-dir $(DATA_DIR) $(if $(YES),--yes)

decide: env  ## a decision of the council as a change of the seeds: TRIGGER, DECISION, APPLY=1, REASON
	@$(BIN)/python scripts/decide.py --data-dir $(DATA_DIR) --trigger "$${TRIGGER:-}" --decision "$${DECISION:-}" \
		--reason "$${REASON:-}" $(if $(APPLY),--apply)

fit: env  ## readiness weights of the month ends that have none yet, monthly; ANEW=1: of all of them again
	@$(BIN)/python scripts/fit.py --data-dir $(DATA_DIR) $(if $(ANEW),--anew)

approve: env  ## let held firings go: TRIGGER=, DAY=, REASON=; without TRIGGER what waits is listed
	@$(BIN)/python scripts/approve.py --data-dir $(DATA_DIR) $(if $(TRIGGER),--trigger $(TRIGGER) --day $(DAY)) $(if $(REASON),--reason "$(REASON)")

urgent: env  ## between full builds: event triggers only, built and pushed
	@$(BIN)/python scripts/urgent.py --data-dir $(DATA_DIR) --to $(or $(TO),file)

publish: env  ## publish the marts of the last build again
	@$(BIN)/python scripts/publish_marts.py --data-dir $(DATA_DIR)

push: env  ## push what is due to the file destination
	@$(BIN)/python scripts/push_triggers.py --data-dir $(DATA_DIR) --to file

push-rates: env-dev  ## rows a second to each destination, mocked on this machine
	@$(BIN)/python tests/push/push_rates.py

report: env  ## the council's page from the published marts
	@$(BIN)/python scripts/council_report.py --data-dir $(DATA_DIR)

docs-page: env  ## models, columns, tests and lineage as one page, docs.html in DATA_DIR
	@$(BIN)/python scripts/docs_page.py --data-dir $(DATA_DIR)

bench: env  ## CPU, memory, spill and files of every step at a size: ACCOUNTS, EVENTS, MONTHS
	@$(BIN)/python scripts/bench.py --accounts $(ACCOUNTS) --events $(EVENTS) --months $(MONTHS)

new-company: env  ## a dbt project for another company: NAME, TO, CRM
	@$(BIN)/python scripts/new_company.py --name "$(NAME)" --to "$(TO)" --crm $(CRM)

simulate: env  ## prove the validation on drawn worlds, tables into docs/validation.md: WORLDS
	@$(BIN)/python scripts/simulate.py --worlds $(WORLDS) --write

simulate-gate: env  ## how often the gate stops healthy companies, table into docs/quality.md
	@$(BIN)/python scripts/simulate_gate.py --write

simulate-month: env-dev  ## thirty daily builds with a late source, a flood of firings and a killed run in them, and what build_runs tells of it
	@EXPANSION_DAYS=30 $(BIN)/python -m pytest -q -s tests/test_runs.py -k tell_what_happened

fuzz: env-dev  ## spoil a small landing in two hundred ways and judge what a build makes of each, table into docs/quality.md
	@$(BIN)/python tests/fuzz/run.py --write

dashboard: env  ## a site over the published marts of DATA_DIR, in examples/dashboard/dist; needs Node 18
	@command -v npm >/dev/null || { echo "make dashboard needs Node 18: expected npm on the path." >&2; exit 2; }
	test -f "$(DATA_DIR)/marts.duckdb" || { echo "$(DATA_DIR)/marts.duckdb is missing: build it first (make build)." >&2; exit 1; }
	export MARTS="$$(realpath "$(DATA_DIR)/marts.duckdb")" PYTHON="$$(realpath -s $(BIN)/python)" OBSERVABLE_TELEMETRY_DISABLE=true
	cd examples/dashboard
	npm ci --no-audit --no-fund --loglevel=error
	npm run --silent build

lint: env-dev  ## style of SQL and Python: all of it
	@$(call lint,--all)

define lint
$(BIN)/ruff check scripts tests
$(BIN)/ruff format --check scripts tests
$(BIN)/sqlfmt --check --quiet models macros tests/data analyses
$(BIN)/python tests/support/lint.py $(1)
endef

parse: env-dev  ## strict parse: unknown keys are errors
	@$(BIN)/python scripts/strict_parse.py

test: env-dev parse  ## what can fail, long lists of cases sampled; ALL=1: everything
	@$(call lint,$(if $(ALL),--all))
	# What a file builds for its tests is built once: a file is one worker's.
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(if $(ALL),--all)

spark-test:  ## the same rows on DuckDB and on Spark, in an environment of its own; ONLY=random, hubspot or salesforce; needs Java 17
	@command -v java >/dev/null || { echo "make spark-test needs Java 17: expected a java of version 17 or newer on the path." >&2; exit 2; }
	$(MAKE) --no-print-directory VENV=.venv-spark .venv-spark/.installed-spark
	.venv-spark/bin/python tests/spark/spark_test.py $(if $(ONLY),--only $(ONLY))

$(VENV)/.installed-spark: requirements-spark.lock
	$(call install,requirements-spark.lock)

$(VENV)/.installed-audit: requirements-audit.lock
	$(call install,requirements-audit.lock)

$(VENV)/.installed-metrics: requirements-metrics.lock
	$(call install,requirements-metrics.lock)

$(VENV)/.installed-readers: requirements-readers.lock
	$(call install,requirements-readers.lock)

readers-env:
	@$(MAKE) --no-print-directory VENV=.venv-readers .venv-readers/.installed-readers

$(VENV)/.installed-guards: requirements-guards.lock
	$(call install,requirements-guards.lock)

guards-env:
	@$(MAKE) --no-print-directory VENV=.venv-guards .venv-guards/.installed-guards

guards: env guards-env  ## architectural rules on what dbt parses: contracts, access, groups, readers, descriptions
	@$(BIN)/dbt --quiet parse
	.venv-guards/bin/dbt-bouncer run --config-file dbt-bouncer.yml

metrics-env:
	@$(MAKE) --no-print-directory VENV=.venv-metrics .venv-metrics/.installed-metrics

metrics: metrics-env  ## answer metrics from DATA_DIR: QUERY="--metrics firings,acceptance --group-by metric_time__month"; without QUERY they are listed
	@.venv-metrics/bin/dbt --quiet parse
	.venv-metrics/bin/mf $(if $(QUERY),query $(QUERY),list metrics)

audit:  ## known vulnerabilities of what is locked, in an environment of its own; ADVISORIES= an export to look in offline
	@$(MAKE) --no-print-directory VENV=.venv-audit .venv-audit/.installed-audit
	.venv-audit/bin/python scripts/audit.py $(if $(ADVISORIES),--advisories "$(ADVISORIES)")

lock:  ## resolve the locks from pyproject.toml, with hashes; UPGRADE=1 takes newer versions; needs uv
	@command -v uv >/dev/null || { echo "make lock needs uv: expected it on the path." >&2; exit 2; }
	compile() { uv pip compile -q $(if $(UPGRADE),--upgrade) --universal --python-version 3.11 --generate-hashes \
		--no-strip-extras --annotation-style line --no-header --no-emit-index-url --no-emit-find-links "$$@"; }
	compile pyproject.toml --extra dev -o requirements-dev.lock
	# What runs is what was tested.
	compile pyproject.toml -c requirements-dev.lock -o requirements.lock
	compile pyproject.toml --extra spark -c requirements-dev.lock -o requirements-spark.lock
	compile --group audit -o requirements-audit.lock
	compile --group readers -o requirements-readers.lock
	compile --group guards -o requirements-guards.lock
	compile --group metrics -c requirements.lock -o requirements-metrics.lock

clean:  ## remove what can be made again
	@rm -rf target logs data/demo
