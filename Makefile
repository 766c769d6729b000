# Each target does its own set-up; nothing but Python 3.11+ and make is needed beforehand.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/
# make demo OPEN=1 opens the report in the browser.
OPEN ?=
# make test WORKERS=0 runs the tests one after the other.
WORKERS ?= auto

.PHONY: demo test lint check docs words robustness lab bench bench-page bench-size clean

demo: $(VENV)/installed
	$(RUN)claimstats demo $(if $(OPEN),--open)

test: $(VENV)/installed-test
	$(RUN)python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

lint: $(VENV)/installed-test
	$(RUN)ruff check .
	$(RUN)ruff format --check .
	$(RUN)mypy
	$(RUN)lint-imports

check: lint test

docs: $(VENV)/installed
	$(RUN)python docs/tables.py

# make words brings the languages' catalogues up to the texts of the code, and lists what is unsaid.
words: $(VENV)/installed
	$(RUN)python docs/catalogue.py

# What loading costs beside a plain insert; a quiet machine and several minutes are wanted.
bench: $(VENV)/installed
	$(RUN)python benchmarks/loading.py $(ARGS)

# When a report is usable and its charts are drawn, in a real browser.
bench-page: $(VENV)/installed-test
	$(RUN)python benchmarks/page.py $(ARGS)

# What a report of 20 million orders and 200,000 claims takes; some minutes and 6 GB of disk.
bench-size: $(VENV)/installed
	$(RUN)python -m benchmarks.size $(ARGS)

# make robustness damages every kind of export in every way and writes docs/robustness.md.
robustness: $(VENV)/installed
	$(RUN)python -m benchmarks.robustness $(ARGS)

lab: $(VENV)/installed
	$(RUN)claimstats lab

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "claimstats needs Python 3.11 or newer; name one with: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV) || \
		{ echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; rm -rf $(VENV); exit 1; }
	$(RUN)python -m pip install --quiet --upgrade 'pip>=25.1'

$(VENV)/installed: $(VENV)/bin/python pyproject.toml
	$(RUN)python -m pip install --quiet --editable '.[lab]'
	@touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(RUN)python -m pip install --quiet --group test --group check
	@touch $@

clean:
	rm -rf $(VENV) claimstats-demo
