# The two commands: `make demo` and `make test`. Each sets up what it needs.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# Without bytecode every start takes three times as long; with a root-owned uv cache a second environment takes 3 s.
unexport PYTHONDONTWRITEBYTECODE
export UV_PYTHON_DOWNLOADS := never
export DAOGOU_HOME ?= ./daogou-data

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null && echo $$p && break; done)
PORT ?= 8000

.PHONY: help demo demo-data test check bench format clean
help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):[^#]*## /  \1\t/' | expand -t 14

demo: demo-data ## set everything up, build the demo shop, serve its storefront
	@$(BIN)/daogou serve --port $(PORT)

demo-data: $(DAOGOU_HOME)/demo.ready
$(DAOGOU_HOME)/demo.ready: | $(VENV)/.jobs
	@$(BIN)/daogou simulate
	@$(BIN)/daogou build --publish
	@touch $@

test: $(VENV)/.dev ## set everything up and pass the tests
	@.ci/browser || true
	@$(BIN)/pytest -n 2 --dist loadgroup -m "not slow" -q
	@$(BIN)/pytest -m slow -q

check: $(VENV)/.dev ## lint, types, layers
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache

bench: $(VENV)/.dev ## measure against the peers; results in benchmarks/results
	@$(BIN)/python -m benchmarks

format: $(VENV)/.dev ## format the code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

clean: ## remove the environment and the demo shop
	@rm -rf $(VENV) daogou-data

$(VENV)/.jobs: pyproject.toml constraints.txt
	@.ci/install "$(PYTHON)" $(VENV) jobs && touch $@
$(VENV)/.dev: pyproject.toml constraints.txt
	@.ci/install "$(PYTHON)" $(VENV) jobs,dev && touch $@ $(VENV)/.jobs
