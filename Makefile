# Kijun (基準): every command of this checkout. Python 3.11 or newer, make, git and a package index are all it needs.
.DEFAULT_GOAL := help
.PHONY: help setup run test check matrix fix bench mutants faults clean is-new-enough demo dev peers catalogues
PYTHON ?= python3
VENV := .venv/bin/python
MAKEFLAGS += --no-print-directory

help: ## Show this list
	@$(PYTHON) -c 'import re; [print("make %-8s %s" % found) for found in re.findall(r"(?m)^(\w+):.*?## (.*)", open("Makefile", encoding="utf-8").read())]'

setup: dev catalogues ## Make .venv with everything that tests and tools need

run: demo catalogues ## Start the made-up town: database, broker, web server, worker; Ctrl-C stops them
	@$(VENV) manage.py up

test: check ## Prove it: check, then every test on a real PostgreSQL; all that CI runs
	$(VENV) -m pytest -n auto --maxprocesses 4 --dist worksteal

check: dev catalogues ## Format, lint, types, layers, missing migrations; no server needed
	$(VENV) -m ruff format --check .
	$(VENV) -m ruff check .
	$(VENV) -m mypy
	$(VENV) -c 'import sys; from importlinter.cli import lint_imports_command as lint; sys.exit(lint())'
	$(VENV) -W "ignore:Got an error checking a consistent migration history" manage.py makemigrations --check --dry-run

matrix: dev catalogues ## The tests on PostgreSQL 15 and on Python 3.12 and 3.13, where present
	@$(VENV) -m municipal.machine.matrix

fix: dev ## Let the tools correct format and lint
	$(VENV) -m ruff format .
	$(VENV) -m ruff check --fix .

bench: peers catalogues ## Measure how fast it is; benchmarks/README.md holds the last figures
	$(VENV) -m benchmarks

mutants: peers catalogues ## Change the checker's rules in small ways and see whether the proofs notice
	$(VENV) -m benchmarks.mutants

faults: dev catalogues ## Kill servers under load and look whether everything comes back; then every test, with nothing left out
	$(VENV) -m pytest -m faults
	KIJUN_WALKS=all $(VENV) -m pytest -n auto --maxprocesses 4 --dist worksteal

clean: is-new-enough ## Stop this checkout's servers; remove .venv, .data (the town!) and caches
	@$(PYTHON) -B -m municipal.machine.cleaning

is-new-enough:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kijun needs Python 3.11 or newer; %s is %d.%d (choose another with: make PYTHON=...)." % (("$(PYTHON)",) + tuple(sys.version_info[:2])))'

demo dev: is-new-enough
	@$(PYTHON) -B -m municipal.machine.environment .venv $@

peers: is-new-enough
	@$(PYTHON) -B -m municipal.machine.environment .venv bench

catalogues:
	@$(VENV) -m municipal.machine.catalogues
