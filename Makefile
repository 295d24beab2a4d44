# Sajja from nothing: needs Python 3.11 and make. Everything it makes stands under .sajja/.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
RUN := .sajja/venv/bin/python
CODE := project workflows cases notifications scripts
export PORT ROUNDS SEED BROKEN DEADLINES TIMERS

help: ## what can be done
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/'

demo: demo-packages ## run the demonstration: PORT=8000, Ctrl-C stops it
	@$(RUN) -m project.run

test: dev-packages ## run the tests on real engines: ARGS="tests/cases -k ..." for some
	@$(RUN) -m pytest -n 2 --dist loadfile $(ARGS)

test-full: dev-packages ## run the long tests, and those that try examples with many more
	@$(RUN) -m pytest -n 2 --dist loadfile --full -m "hypothesis or full or long" $(ARGS)

torture: dev-packages ## kill everything while thousands of deadlines fall due: ROUNDS=20 SEED= BROKEN=1
	@$(RUN) -m tests.torture

bench: dev-packages ## measure the sweep among a million deadlines, beside others
	@$(RUN) -m tests.bench

check: export DJANGO_SETTINGS_MODULE = tests.settings
check: dev-packages ## all that can be said without running: style, types, imports, migrations
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy $(CODE)
	$(RUN) -c 'from importlinter.cli import lint_imports_command as run; run()'
	$(RUN) -W 'ignore:Got an error checking a consistent' manage.py makemigrations --check --dry-run
	$(RUN) scripts/check_templates.py
	$(RUN) scripts/check_catalogues.py

messages: dev-packages ## bring the translations up to date and compile them
	@$(RUN) scripts/check_catalogues.py --write

clean: ## remove all data of the demonstration and the tests; packages stay
	@if test -x $(RUN); then $(RUN) -m project.embedded.remove; fi

lock: ## resolve the packages again: UPGRADE=--upgrade for newer ones
	$(PYTHON) -m venv .sajja/lock && .sajja/lock/bin/pip install --quiet uv
	$(call resolve,requirements-dev.txt,--group demo --group dev)
	$(call resolve,requirements-demo.txt,--group demo --constraint requirements-dev.txt)
	$(call resolve,requirements.txt,--constraint requirements-dev.txt)

resolve = env -u PIP_FIND_LINKS .sajja/lock/bin/uv --no-config pip compile pyproject.toml \
	--universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	--custom-compile-command 'make lock' --quiet $(UPGRADE) $(2) --output-file $(1)

demo-packages dev-packages: %-packages:
	@$(PYTHON) scripts/install.py $*

.PHONY: help demo test test-full torture bench check messages clean lock demo-packages dev-packages
