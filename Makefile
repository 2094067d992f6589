# The commands of the README and of .ci/run. `make` alone lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
# bytecode is kept whatever the shell says: every worker, and every process that a test starts, would compile it anew;
# glibc keeps freed pieces of plans at hand, as in the processes of many clients (flows/run/many.py)
PYTEST := PYTHONDONTWRITEBYTECODE= GLIBC_TUNABLES=glibc.malloc.tcache_count=2000 $(BIN)/python -m pytest --dist loadscope --no-loadscope-reorder --numprocesses
# one worker more than cores: some tests wait, for a server or for a process that is killed
WORKERS = $(shell $(BIN)/python -c 'import os; print((os.cpu_count() or 1) + 1)')
COMPILE := $(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra build

.PHONY: help install demo quick test test-long check lint types contracts lock pages bench bench-sheets fuzz pictures demo-sheets scale-spark clean

help:  ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 16

$(VENV)/runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  yours=$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	  echo "Нужен Python 3.11 или новее, у вас $${yours:-$(PYTHON) не запускается}; PYTHON=python3.12 make $(MAKECMDGOALS)" >&2; \
	  echo "Python 3.11 or newer is needed, yours: $${yours:-none}; PYTHON=python3.12 make $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@echo "Installing the locked dependencies into $(VENV), once (a minute or so)…"
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q config transforms connectors flows
	@touch $@

$(VENV)/dev: $(VENV)/runtime requirements-dev.lock
	@echo "Installing the tools for tests and checks into $(VENV), once…"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/runtime  ## .venv/bin/svodka and what it needs, nothing else: for a server, or a client of your own

CLIENT ?= school

demo: $(VENV)/runtime  ## an example from exports to a report: school, or CLIENT=workshop, CLIENT=salon
	@test -f examples/$(CLIENT)/svodka.yaml || { echo "examples/$(CLIENT): нет такого примера; есть: $$(ls examples/*/svodka.yaml | cut -d/ -f2 | tr '\n' ' ')" >&2; exit 2; }
	@rm -rf out/demo && mkdir -p out && cp -R examples/$(CLIENT) out/demo
	@$(BIN)/svodka run out/demo --as-of 2026-09-20

quick: $(VENV)/dev  ## while working: the tests of less than a second that need no warehouse on disk
	$(PYTEST) auto -m "not slow"

test: $(VENV)/dev  ## the whole test suite
	$(PYTEST) $(WORKERS)

test-long: $(VENV)/dev  ## the same with every random test repeated as often as at night
	TESTS=long $(PYTEST) $(WORKERS)

check: lint types contracts test  ## everything that guards main

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev
	$(BIN)/mypy

contracts: $(VENV)/dev
	$(BIN)/lint-imports

lock: $(VENV)/dev  ## lock what pyproject.toml names; UPGRADE=--upgrade renews every version
	$(COMPILE) $(UPGRADE) pyproject.toml -o requirements.lock
	$(COMPILE) $(UPGRADE) --extra dev pyproject.toml -o requirements-dev.lock

pages: $(VENV)/dev  ## the pages and goldens that are made from what the code declares
	$(BIN)/python -m tools.commands_page
	$(BIN)/python -m tools.settings_page
	$(BIN)/python -m tools.exports_page
	$(BIN)/python -m tools.tables_page
	$(BIN)/python -m tests.helpers.metrics_page
	$(BIN)/python -m tests.helpers.golden

bench: $(VENV)/dev  ## bars of time and memory; Svodka beside scripts of DuckDB, polars and pandas
	$(BIN)/python -m pytest bench/bars
	$(BIN)/python -m bench --size 10k 1m 1m-monthly --rounds 3 --peers "bare, in memory" polars pandas

bench-sheets: $(VENV)/dev  ## requests of a night beside two libraries doing the same
	$(BIN)/python -m bench.sheets

fuzz: $(VENV)/dev  ## 10,000 damaged exports, and 2,000 distorted ones whose figures are known
	$(BIN)/python -m tests.fuzz --cases 10000
	$(BIN)/python -m tests.fuzz --meaning --cases 2000

pictures: $(VENV)/runtime  ## every page of the demo workbook as PNG (needs LibreOffice and poppler)
	sh bench/pictures.sh out/demo/out/*.xlsx out/pictures

demo-sheets: $(VENV)/dev  ## the example with Google Sheets, against the local server
	$(BIN)/python -m examples.demo_sheets

scale-spark: $(VENV)/dev  ## figures on a server of Spark Connect beside DuckDB, cell by cell: ENGINE=sc://127.0.0.1:15002
	ENGINE=$(ENGINE) $(BIN)/python -m pytest tests/connectors/warehouse/engine

clean:
	rm -rf $(VENV) out build *.egg-info
