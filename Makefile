# Needs make and Python 3.11; everything else is installed into .venv, by hash, from requirements/*.lock.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
export WHEELS
COMPILE := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make locks" $(if $(UPGRADE),--upgrade)
CORE_TESTS = $(wildcard $(addprefix tests/,test_*.py fut core indicators features simulation reporting))

.PHONY: help env wheels dev demo test test-core check lint layers types house fresh bench docs referee locks clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: .venv/batch.stamp ## install what the monthly batch needs

wheels: ## fetch into WHEELS what env needs; on a machine without internet: make env WHEELS=DIR
	@requirements/install.sh fetch

dev: .venv/dev.stamp ## install everything a developer needs: tests, linters, benchmarks, notebooks

demo: env ## run the built-in example and show the top of the list
	@$(BIN)/fut demo

test: dev ## the whole suite; DATA=DIR adds the tests on shared data, ARGS=... goes to pytest
	@requirements/system.sh
	@$(BIN)/pytest $(if $(DATA),"--data=$(DATA)") $(ARGS)

test-core: dev ## the fast part: no Dagster, Great Expectations, scikit-learn or PyOD in the process
	@$(BIN)/pytest $(CORE_TESTS) $(ARGS)

check: lint layers types house fresh ## linter, formatter, layers, types, house rules, stale documentation
lint: dev
	@$(BIN)/ruff check --output-format concise .
	@$(BIN)/ruff format --check .
layers: dev
	@$(BIN)/lint-imports --no-logo
types: dev
	@$(BIN)/ty check
house: dev
	@$(BIN)/pytest -q tests/test_house.py
fresh: dev
	@$(BIN)/fut docs --check

bench: dev ## detection quality and speed, one table each; DATA=DIR as in test
	@$(BIN)/python -m benchmarks $(if $(DATA),--data "$(DATA)") $(ARGS)

docs: dev ## write docs/generated/ anew
	@$(BIN)/fut docs

referee: .venv/referee.stamp ## let an outside tool judge our contracts; WAREHOUSE=FILE adds its tables
	@.venv/referee/bin/python requirements/referee.py data_contracts $(WAREHOUSE)

locks: ## compile requirements/*.lock from pyproject.toml (needs uv); UPGRADE=1 takes newer versions
	$(COMPILE) pyproject.toml --extra build --extra review -o requirements/batch.lock
	$(COMPILE) pyproject.toml --all-extras -c requirements/batch.lock -o requirements/dev.lock
	$(COMPILE) --group referee -o requirements/referee.lock
	$(COMPILE) --group bootstrap -o requirements/bootstrap.lock

clean: ## remove caches and built files; .venv and var/ stay
	@rm -rf build dist *.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache .mypy_cache
	@find . -path ./.venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/batch.stamp: requirements/batch.lock requirements/install.sh pyproject.toml
	@requirements/install.sh batch
	@touch $@

.venv/dev.stamp: requirements/dev.lock requirements/batch.lock requirements/install.sh pyproject.toml
	@requirements/install.sh dev
	@touch .venv/batch.stamp $@

.venv/referee.stamp: requirements/referee.lock requirements/install.sh
	@requirements/install.sh referee
	@touch $@
