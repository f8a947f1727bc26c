# Two commands set everything up: `make run` and `make test`. All targets can be repeated.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
export HF_HUB_OFFLINE ?= 1

.PHONY: run install install-tests test check bench lint clean

run: install  ## install, index seeds/, serve the chat page at http://127.0.0.1:8000
	@$(BIN)/assistant ingest seeds
	@$(BIN)/assistant serve

install: $(VENV)/.installed $(if $(OCR),$(VENV)/.installed-ocr)  ## install Dossier into .venv; OCR=1: what reads scans too

install-tests: $(VENV)/.installed-tests  ## what the tests need besides, a Chromium included

test: install-tests lint  ## every test; benchmarks are left out
	@$(BIN)/python -m pytest -m "not benchmark"

check: install-tests lint  ## the fast tests
	@$(BIN)/python -m pytest -q -m "not benchmark and not slow and not browser"

bench: install-tests  ## measure Dossier beside a plain LangChain pipeline
	@$(BIN)/python -m tests.benchmarks $(BENCH)

lint: install-tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

clean:  ## remove what was installed here; the library in the data directory stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .browsers

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is missing: install it, or name another with make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || { echo "Dossier needs Python 3.11 to 3.13" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "the venv module is missing: install your system's python3-venv package" >&2; exit 1; }

$(VENV)/.installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing Dossier (about 2 GB on the disk, most of it torch) ..."
	@# torch by itself and first: whatever asks for it afterwards then finds it there.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep '^torch==' requirements.txt)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-ocr: $(VENV)/.installed requirements-ocr.txt
	@echo "Installing what reads scans and pictures (about 200 MB on the disk) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-ocr.txt
	@touch $@

$(VENV)/.installed-tests: $(VENV)/.installed requirements-dev.txt requirements-ocr.txt tests/install_browser.sh
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@sh tests/install_browser.sh $(BIN)/python
	@touch $@
