# The commands of the house. Nothing is needed before the first one but make and Python 3.11 or newer.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
BIN := .venv/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
UV := 0.13.9
export UV_PYTHON_DOWNLOADS := never

.PHONY: help setup run test quick lint types test-external test-spark bench browser clean

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1	/' | expand -t 24

setup: .venv/.ready field-client/dist/index.html ## Make .venv and the phone app from their lock files; after it .venv/bin/hutong works

.venv/.ready: pyproject.toml uv.lock hutong/locale/en/LC_MESSAGES/django.po
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found. 没有找到 Python 3.11 或更新的版本。" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "On Debian and Ubuntu: apt-get install python3-venv" >&2; rm -rf .venv; exit 1; }
	@$(BIN)/uv --version 2>/dev/null | grep -q ' $(UV)' || { $(BIN)/python -m ensurepip >/dev/null && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV); }
	@$(BIN)/uv sync --frozen --inexact --quiet
	@$(BIN)/python -c "from hutong.workbench.catalogue import compile_words; compile_words()"
	@touch $@

# The phone app. Node comes with .venv; node_modules' own scripts would look for it elsewhere.
field-client/node_modules/.ready: field-client/package.json field-client/package-lock.json .venv/.ready
	@cd field-client && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null
	@touch $@

field-client/dist/index.html: field-client/node_modules/.ready $(shell find field-client -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/tests/*')
	@cd field-client && ../$(BIN)/node node_modules/vite/bin/vite.js build --logLevel warn
	@touch $@

# What keeps style and script within old browsers; only `make lint` needs it.
browser-lint/node_modules/.ready: browser-lint/package.json browser-lint/package-lock.json .venv/.ready
	@cd browser-lint && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null
	@touch $@

run: setup ## Start with the demonstration county; Ctrl-C stops everything
	@$(BIN)/hutong up || test $$? = 130 # Ctrl-C is how it ends

test: setup browser lint ## Everything: lint, then all tests, browser tests too
	@$(BIN)/pytest -q

quick: setup ## The tests without a browser
	@$(BIN)/pytest -q -m "not browser" --ignore tests/faults

lint: setup types browser-lint/node_modules/.ready ## Style, layers, dependencies, templates, words without English, old browsers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Run: .venv/bin/ruff format ." >&2; exit 1; }
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/deptry . 2>&1
	@$(BIN)/djlint --lint --quiet hutong
	@$(BIN)/hutong words --check
	@$(BIN)/node browser-lint/node_modules/eslint/bin/eslint.js -c browser-lint/eslint.config.mjs "hutong/**/*.js" "field-client/dist/**/*.js"
	@$(BIN)/node browser-lint/node_modules/stylelint/bin/stylelint.mjs --config browser-lint/stylelint.config.mjs "hutong/**/*.css" "field-client/dist/**/*.css"

types: setup
	@$(BIN)/mypy
	@$(BIN)/node field-client/node_modules/typescript/bin/tsc -p field-client

browser: # Chromium and Chinese fonts, where we may install them; without them browser tests say why they are skipped
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		command -v chromium >/dev/null && fc-list :lang=zh 2>/dev/null | grep -q . || \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fontconfig fonts-noto-cjk >/dev/null; }; fi

test-external: setup ## All tests against the system's own PostgreSQL 15 or newer, in a cluster of its own
	@deploy/postgresql/with-cluster $(BIN)/pytest -q

test-spark: setup ## The rules on Spark and on DuckDB give the same leads; HUTONG_SPARK_PEOPLE=1000000 for the long one
	@$(BIN)/uv sync --frozen --inexact --quiet --extra spark
	@$(BIN)/pytest -q tests/discovery/test_spark.py

bench: setup ## Build a city of 300,000 files once and measure; figures stay in the data folder's bench/
	@$(BIN)/hutong bench all

clean: ## Remove what setup and tests made; your data is elsewhere and stays
	rm -rf .venv static field-client/node_modules field-client/dist browser-lint/node_modules .mypy_cache .ruff_cache .pytest_cache
