# make run    open the office on http://localhost:8080; needs Python 3.11 or newer and nothing else
# make test   every check and test, with what they need
#
# PYTHON=python3.12 takes that Python, in an environment of its own. ARGS="--port 9000" goes to the program.

ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
else
VENV ?= .venv-$(notdir $(PYTHON))
endif
BIN := $(VENV)/bin
NPM := $(BIN)/python hatch_build.py

# What the installation is made from: folders are in it too, so that a deleted file is noticed.
CLIENT := $(shell find client_web \( -name node_modules -o -name dist -o -name __pycache__ \) -prune -o -print \
	| grep -v -e '^client_web$$' -e '[.]tsbuildinfo$$')
COMPILED := sim/compiled.c $(wildcard server/rooms/*.[ch])
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help run install dev test check lint format types client client-check browser pytest api-cases hearing cluster crowd media-servers debian-chromium pictures docs wheel clean

help: ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

run: $(INSTALLED) ## open the office
	@exec $(BIN)/hallway serve $(ARGS)

install: $(INSTALLED) ## install into .venv, with the built client

dev: $(INSTALLED_DEV) ## install what development and tests need, too

# Tests wait for much, for servers that start and for people who walk: two processes share two processors.
WORKERS ?= 2
test: browser ## all checks and all tests, side by side
	@MAKE=$(MAKE) .ci/side_by_side $(BIN)/python -m pytest -n $(WORKERS) --durations 10 $(ARGS)

check: lint types client-check ## the checks that run nothing

lint: $(INSTALLED_DEV) ## ruff, rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(INSTALLED_DEV) ## put the Python code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(INSTALLED_DEV) ## mypy --strict
	$(BIN)/mypy

client: $(INSTALLED_DEV) ## build the browser client and the compiled passes if they are stale
	$(NPM)

client-check: $(INSTALLED_DEV) ## the client's types, lint and tests
	$(NPM) run typecheck
	$(NPM) run lint
	$(NPM) run test

pytest: $(INSTALLED_DEV) ## the Python tests; ARGS="tests/server -k config" picks some
	$(BIN)/python -m pytest $(ARGS)

CASES ?= 100
api-cases: $(INSTALLED_DEV) ## thousands of requests made from the API's description; CASES=1000 for more
	API_CASES=$(CASES) $(BIN)/python -m pytest --timeout 0 tests/server/api/test_api_cases.py

HEARING_S ?= 300
HEARING_PEOPLE ?= 6
hearing: $(INSTALLED_DEV) ## five minutes of six browsers that walk about: does everyone hear whom they should, and nobody else
	HEARING_S=$(HEARING_S) HEARING_PEOPLE=$(HEARING_PEOPLE) $(BIN)/python -m pytest -s tests/e2e/test_media_invariant.py

CLUSTER_PEOPLE ?= 200
CLUSTER_ROOMS ?= 20
CLUSTER_WORKERS ?= 2
CLUSTER_AWAY_S ?= 60
cluster: $(INSTALLED_DEV) media-servers ## two servers, two workers each, 200 people: one is killed, paused, restarted; Redis and PostgreSQL away for 60 s
	CLUSTER_PEOPLE=$(CLUSTER_PEOPLE) CLUSTER_ROOMS=$(CLUSTER_ROOMS) CLUSTER_WORKERS=$(CLUSTER_WORKERS) \
		CLUSTER_AWAY_S=$(CLUSTER_AWAY_S) $(BIN)/python -m pytest -s --timeout 0 \
		tests/adversity/test_cluster.py tests/adversity/test_cluster_outage.py

SFU_PAGES ?= 4
crowd: $(INSTALLED_DEV) ## twelve in one conversation through the built-in SFU, some of them browsers: do all hear all
	SFU_PAGES=$(SFU_PAGES) $(BIN)/python -m pytest -s tests/e2e/test_media_sfu.py -k crowd

PICTURES ?= test-results/pictures
pictures: $(INSTALLED_DEV) browser ## pictures of every page and state, by day and by night, on a desk and on a phone
	$(BIN)/python -m tests.e2e.pictures $(PICTURES)

docs: $(INSTALLED_DEV) ## write docs/configuration.md anew
	$(BIN)/python -m server.config_docs docs/configuration.md

wheel: $(INSTALLED_DEV) ## pack dist/hallway-*.whl and .tar.gz
	$(BIN)/python -m hatchling build

# A relay, an SFU, a proxy and the judge of alarms (promtool) come from Debian, in containers only: on a machine that
# runs services, the packages start theirs. Without them what needs them is skipped, and says so.
media-servers:
	@missing=""; command -v turnserver >/dev/null || missing="$$missing coturn"; \
	command -v janus >/dev/null || missing="$$missing janus"; \
	[ -x /usr/sbin/nginx ] || command -v nginx >/dev/null || missing="$$missing nginx-light"; \
	command -v promtool >/dev/null || missing="$$missing prometheus"; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && [ ! -d /run/systemd/system ] \
			&& grep -qs '^ID=debian' /etc/os-release; then \
		echo "Installing$$missing from Debian ..."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
			$$missing >/dev/null || echo "Not installed:$$missing. What needs them is skipped."; \
	fi

# Chromium comes from Debian where that is possible, else from Playwright. With `make -j2` all that Debian has comes down
# beside the libraries; one after the other, for apt-get does not run twice.
debian-chromium: media-servers
	@if command -v chromium-headless-shell >/dev/null; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && grep -qs '^ID=debian' /etc/os-release; then \
		echo "Installing Chromium from Debian ..."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
			chromium-headless-shell fonts-dejavu-core >/dev/null || echo "Debian's Chromium was not installed."; \
	fi

browser: $(INSTALLED_DEV) debian-chromium ## make sure that there is a Chromium for the browser tests
	@if command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null; then exit 0; fi; \
	echo "Installing Chromium with Playwright ..."; \
	$(BIN)/playwright install chromium || { \
		echo "No Chromium for the browser tests: install your system's chromium package so that \`chromium\` is on" \
			"the PATH, then run make test again." >&2; exit 1; }

clean: ## remove what was built and installed in this folder; data stays
	rm -rf $(VENV) dist build client_web/dist client_web/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(BIN)/python:
	@[ -n "$(PYTHON)" ] || { echo "Hallway needs Python 3.11 or newer; none was found. Install one," \
		"or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Hallway needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "This Python cannot make virtual environments. On Debian: apt-get install python3-venv" >&2; exit 1; }

$(INSTALLED): $(BIN)/python pyproject.toml hatch_build.py .ci/install.py $(CLIENT) $(COMPILED)
	@echo "Installing Hallway and building its browser client; this is done once ..."
	@$(BIN)/python .ci/install.py
	@touch $@

$(INSTALLED_DEV): $(BIN)/python pyproject.toml hatch_build.py .ci/install.py $(CLIENT) $(COMPILED)
	@echo "Installing Hallway and what its tests need, and building its browser client ..."
	@$(BIN)/python .ci/install.py dev
	@touch $(INSTALLED) $@
