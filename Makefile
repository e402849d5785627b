# run · test · check · bench: each does all the set-up it needs.
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test check bench git-suite libraries words clean lock
.DEFAULT_GOAL := run

run: $(VENV)/.run libraries
	@$(BIN)/python opendesign/web/assets/hatch_build.py
	@exec $(BIN)/opendesign run

test: $(VENV)/.dev libraries
	@$(BIN)/python opendesign/web/assets/hatch_build.py
	@bash tests/chromium.sh
	@bash tests/lfs.sh
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(TESTS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_architecture.py
	@$(BIN)/python tests/audit.py requirements.lock

bench: $(VENV)/.dev libraries
	@$(BIN)/python opendesign/web/assets/hatch_build.py
	PYTHONPATH=tests:. $(BIN)/python -m bench $(if $(ONLY),--only $(ONLY))

# Git's own tests, from Debian's source of the git that is installed, with our server in Apache's place.
git-suite: $(VENV)/.dev
	PYTHONPATH=tests:. $(BIN)/python -m tests.git_suite $(ONLY)

# The words of the pages: takes new ones into the catalogues, counts what is translated.
words: $(VENV)/.dev
	@words=$$(mktemp) && trap "rm -f $$words" EXIT && \
	$(BIN)/pybabel -q extract -F opendesign/translations/babel.cfg -k Licence:3 --ignore-dirs ".* node_modules" --add-location=file --no-wrap --project=OpenDesign -o $$words . && \
	$(BIN)/pybabel -q update -i $$words -d opendesign/translations --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap && \
	$(BIN)/pybabel compile -d opendesign/translations --statistics

# Set-up, each step once and again when the lock changes.
$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; choose one: make PYTHON=python3.12"; exit 1; }
	@command -v git >/dev/null || { echo "git is missing: apt install git"; exit 1; }
	@echo "1/3 Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { echo "python3-venv is missing: apt install python3-venv"; rm -rf $(VENV); exit 1; }

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "2/3 Installing CadQuery and the other locked packages (about 500 MB, once)"
	@$(BIN)/pip install --progress-bar on -q --no-deps -r requirements.lock
	@echo "3/3 Installing OpenDesign and building its pages"
	@$(BIN)/pip install -q --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "2/3 Installing CadQuery, the test tools and the other locked packages (about 500 MB, once)"
	@$(BIN)/pip install --progress-bar on -q --no-deps -r requirements-dev.lock
	@echo "3/3 Installing OpenDesign and building its pages"
	@$(BIN)/pip install -q --no-deps -e .
	@touch $@ $(VENV)/.run

# CadQuery's kernel is linked against these three even where nothing is drawn on a screen.
libraries:
	@$(PYTHON) -c 'import ctypes; [ctypes.CDLL(name) for name in ("libGL.so.1", "libX11.so.6", "libexpat.so.1")]' 2>/dev/null \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing the libraries of the CAD kernel" \
	     && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libgl1 libx11-6 libexpat1 >/dev/null; } \
	|| echo "Building will be off: the CAD kernel needs libGL.so.1. Install it with: sudo apt install libgl1 libx11-6 libexpat1"

lock: $(BIN)/python
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --extra models pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --extra models --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) opendesign/web/static opendesign/web/assets/node_modules
