# The commands of this project; `make help` lists them. Each first makes ready what it needs
# (scripts/setup), which takes no time when nothing has changed.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON_HERE := .venv/bin/python
PORT ?=
TESTS ?=

.PHONY: help setup run test test-long lint format bench assets translations lock clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: ## the environment in .venv, front-end assets, compiled catalogues
	@scripts/setup

run: setup ## everything for a first look: web, worker, sandbox, demo data (PORT=8000 for another)
	@exec $(PYTHON_HERE) -m scripts.run --port "$(PORT)"

# Where a machine forbids Python to keep what it has compiled, each of the many processes of a run
# would compile everything anew.
test test-long: export PYTHONDONTWRITEBYTECODE :=

test: setup ## all tests but the long ones (TESTS=tests/rules for some)
	@$(PYTHON_HERE) -m tests.browser.chromium
	@$(PYTHON_HERE) -m pytest -n 3 --dist worksteal -q -m "not long" $(TESTS)

test-long: setup ## the long campaigns
	@$(PYTHON_HERE) -m tests.browser.chromium
	@$(PYTHON_HERE) -m pytest -n 2 --dist worksteal -q -m long --timeout 5400 $(TESTS)

lint: setup ## style and types
	@$(PYTHON_HERE) -m ruff check .
	@$(PYTHON_HERE) -m ruff format --check .
	@$(PYTHON_HERE) -m mypy

format: setup ## put the style right
	@$(PYTHON_HERE) -m ruff check --fix .
	@$(PYTHON_HERE) -m ruff format .

bench: setup ## how fast it is, in under ten minutes: each goal, bench/results.json, a chart
	@$(PYTHON_HERE) -m bench

assets: ## build the front end into static/build
	@scripts/setup assets

translations: setup ## collect the texts anew into core/translations
	@scripts/translations

lock: setup ## rewrite the lock files (UPGRADE=1 for newer versions)
	@scripts/lock

clean: ## remove everything that was made here, the demo database too
	rm -rf .venv node_modules static/build instance test-results .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find core roster dispatch exchange sandbox tests bench scripts migrations -name __pycache__ -type d -prune -exec rm -rf {} +
	find core -name '*.mo' -delete
