# Every task of a developer or operator. The work is in scripts/: short files that may also be run by hand.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help run test check test-long coverage bench setup model web docs map changelog locks sbom clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: ## make what is missing, then serve until Ctrl-C
	@scripts/run

test: ## make what is missing, then run every check and test
	@scripts/test all

check: ## only the checks that take seconds: ruff, mypy, import contracts
	@scripts/test check

test-long: ## the tests that take minutes
	@scripts/test long

coverage: ## the gateway's tests with the share of code they reach; fails below the floor in pyproject.toml
	@scripts/test coverage

bench: ## measurements; ARGS="…" is passed on
	@scripts/bench $(ARGS)

setup: ## both environments, the web parts and the model, without serving
	@scripts/environment dev
	@scripts/environment engine
	@scripts/web build
	@scripts/model

model: ## train the model when its inputs changed
	@scripts/environment engine
	@scripts/model

web: ## build the browser's side when its sources changed
	@scripts/web build

docs: ## build the documentation site; ARGS=serve serves it
	@scripts/docs $(ARGS)

map: ## print lines, packages and imports, and write the package map
	@scripts/environment dev
	@.venv/bin/python scripts/map.py page > docs/explanation/package-map.md
	@.venv/bin/python scripts/map.py figures

changelog: ## move the fragments in changes/ into CHANGELOG.md; ARGS=--check only checks them
	@scripts/environment dev
	@.venv/bin/python scripts/changelog.py $(ARGS)

locks: ## lock the dependency groups again; ARGS=--upgrade moves the pins
	@scripts/locks $(ARGS)

sbom: ## print the bill of materials (CycloneDX) of everything that is installed to run Candor
	@scripts/environment dev >&2
	@.venv/bin/python scripts/sbom.py

clean: ## remove environments, builds and trained models; the data folder stays
	rm -rf .venv .venv-engine .venv-docs .tools .make .rasa bot/static web/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	rm -f models/*.tar.gz
