# `make run` and `make test` need Python 3.11 to 3.13 and the package index, nothing else.
# The environment is .venv, every package at the version and hash of the lock file.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	if $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then echo $$p; break; fi; done)
BIN := .venv/bin
TESTS ?= tests
# long and special suites have targets of their own
NOT ?= not torture and not spark and not bi
JOBS ?= $(shell $(BIN)/python -c 'import os; print(min(4, os.cpu_count() or 1))' 2>/dev/null || echo 2)

.DEFAULT_GOAL := help
.PHONY: help run test lint format dev accuracy bench torture spark-test expectations baselines dictionary clean

help:
	@echo "make run       set everything up, then: the bundled reports to published marts in ./data"
	@echo "make test      set everything up, then the tests"
	@echo "make lint      ruff, mypy, sqlfluff"
	@echo "make dev       Dagster's own UI on localhost"
	@echo "make accuracy  recall and precision on generated reports"
	@echo "make bench     benchmarks; writes docs/benchmarks.md"
	@echo "make torture   the opt-in reliability suite"
	@echo "make spark-test DuckDB and a Spark cluster build the same marts (needs the extra spark and Java)"
	@echo "make baselines the bundled reports' row counts, to be read and committed"
	@echo "make dictionary docs/data-dictionary.md from the dbt project"

run: .venv/.ready
	$(BIN)/jixiao run

test: .venv/.ready-dev
	$(BIN)/python -m pytest $(TESTS) -n $(JOBS) --dist loadgroup -m "$(NOT)"

lint: .venv/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint dbt/models dbt/tests --processes 2

format: .venv/.ready-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

dev: .venv/.ready
	$(BIN)/jixiao dev

accuracy: .venv/.ready-dev
	$(BIN)/python -m benchmarks.accuracy

bench: .venv/.ready-dev
	$(BIN)/python -m benchmarks

torture: .venv/.ready-dev
	$(BIN)/python -m pytest $(TESTS) -m torture --timeout=3600

# in an environment of its own, so that the usual one stays light; Java 17 or 21 is looked for by the tests
SPARK_BIN := .venv-spark/bin
spark-test: .venv-spark/.ready
	$(SPARK_BIN)/python -m pytest tests/spark -m "spark or not spark"

.venv-spark/.ready: requirements-spark.lock requirements-dev.lock pyproject.toml
	$(call install,-r requirements-spark.lock -r requirements-dev.lock,.venv-spark)
	touch $@

# the suites' JSON from dagster_project/expectations_build.py: read the difference before committing it
expectations: .venv/.ready
	$(BIN)/python -m dagster_project.expectations_build

baselines: .venv/.ready-dev
	$(BIN)/python -m tests.baselines

dictionary: .venv/.ready
	$(BIN)/python -m dagster_project.data_dictionary

.venv/.ready: requirements.lock pyproject.toml
	$(call install,-r requirements.lock,.venv)
	touch $@

.venv/.ready-dev: requirements-dev.lock pyproject.toml
	$(call install,-r requirements-dev.lock,.venv)
	touch $@ .venv/.ready

# uv where it is or can be had, else pip: the same lock files and the same hashes either way. They hold everything, so pip has
# nothing to look for (23.2 would not take `gql` for the `gql[requests]` that another package asks for).
# The dbt project is parsed here once, so that no run has to.
define install
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed and was not found; name it: make run PYTHON=/path/to/python"; exit 1; }
	test -x $(2)/bin/python || $(PYTHON) -m venv $(2) || { rm -rf $(2) && uv venv --python $(PYTHON) $(2); }
	@set -e; \
	if command -v uv >/dev/null 2>&1; then UV=uv; \
	elif $(2)/bin/python -m pip install --quiet --disable-pip-version-check uv 2>/dev/null; then UV=$(2)/bin/uv; \
	else UV=; fi; \
	if [ -n "$$UV" ]; then \
		echo "installing $(1) with uv"; \
		VIRTUAL_ENV=$$PWD/$(2) $$UV pip install --quiet --compile-bytecode --require-hashes $(1); \
		VIRTUAL_ENV=$$PWD/$(2) $$UV pip install --quiet --no-deps --editable .; \
	else \
		echo "installing $(1) with pip"; \
		$(2)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps $(1); \
		$(2)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .; \
	fi
	$(2)/bin/python -c 'from dagster_project.modelling import manifest_path; manifest_path()'
endef

clean:
	rm -rf dbt/target dbt/logs .pytest_cache .ruff_cache .mypy_cache .hypothesis
