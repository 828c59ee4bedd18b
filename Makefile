# Two commands: `make run` serves the app, `make test` runs every check. Windows and macOS: docs/manual/installer.md.
PYTHON ?= python3
PY := .venv/bin/python
# The official files the pipeline is tried on, where they stand beside the checkout.
MAILLAGE_MIRROR ?= $(abspath $(wildcard ../shared/open-data))
export MAILLAGE_MIRROR

.PHONY: run test suite lint assets map-files build docs release lock bench fuzz faults clean

# MAILLAGE_LOCAL: the one reader sits at this machine. A server for others is started without it (docs/security.md).
run: .venv/run.stamp assets
	MAILLAGE_LOCAL=1 $(PY) -m streamlit run app.py

test: .venv/test.stamp assets
	@$(MAKE) --no-print-directory -j2 lint suite

# The suite alone; what it starts is told nothing of this make.
suite:
	@MAKEFLAGS= sh tests/run.sh

lint: .venv/test.stamp
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo

# Map files, from the shapes in use (the committed snapshot, or what was synced) and installed packages, and an estimate; nothing when up to date.
assets: .venv/run.stamp
	@$(MAKE) --no-print-directory -j2 map-files .cache/supply.stamp

map-files: .venv/run.stamp
	@$(PY) -m data assets

# What the simulator estimates from the embedded tables: 20 s, once, that no reader waits for then.
.cache/supply.stamp: data/snapshots/manifest.json $(wildcard coverage/simulator/*.py coverage/access/*.py) | .venv/run.stamp
	@mkdir -p .cache
	@$(PY) -m pages.screens.simulator.ahead && touch $@

build: .venv/run.stamp
	$(PY) -m data build

# The manual as a site: docs/_build/html/index.html. A warning is an error; the notebooks run.
docs: .venv/test.stamp
	$(PY) -m sphinx -q -W --keep-going -E -b html docs docs/_build/html

# What is committed, with the locks that fix every dependency; the same bytes each time.
RELEASES ?= dist
VERSION = $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
release:
	mkdir -p $(RELEASES)
	git archive --format=tar --prefix=maillage-$(VERSION)/ HEAD | gzip -n > $(RELEASES)/maillage-$(VERSION).tar.gz
	cd $(RELEASES) && sha256sum maillage-$(VERSION).tar.gz > maillage-$(VERSION).tar.gz.sha256

bench: .venv/test.stamp assets
	$(PY) -m tests.bench

# Damaged files against every reader; as many as wanted: make fuzz CASES=200000 SEED=3
CASES ?= 20000
SEED ?= 1
fuzz: .venv/test.stamp
	$(PY) -m tests.fuzz --cases $(CASES) --seed $(SEED)

# Kills, failing servers and damaged files, with nothing lost: KILLS of each of three kinds of jobs
KILLS ?= 34
faults: .venv/test.stamp assets
	$(PY) -m tests.faults --kills $(KILLS) --seed $(SEED)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (PYTHON=python3.12 make ...)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv; } || { echo "Install venv first: sudo apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.lock | .venv/bin/python
	$(PY) -m pip install --quiet --require-hashes --requirement requirements.lock
	@touch $@

.venv/test.stamp: requirements-test.lock .venv/run.stamp
	$(PY) -m pip install --quiet --require-hashes --requirement requirements-test.lock
	@touch $@

# Hashes only: no registry address is ever written.
lock:
	$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet uv
	.venv-lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet pyproject.toml -o requirements.lock
	.venv-lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet pyproject.toml --group test -o requirements-test.lock
	rm -rf .venv-lock

clean:
	rm -rf .venv .cache static/vendor static/geometry docs/_build dist
