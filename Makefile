# Everything a developer or a continuous-integration machine runs. `make help` lists the targets.
#
#   PYTHON=/path/to/python   the interpreter to build the environments with (3.11 or newer)
#   VENV=folder              where the development environment lives (default .venv)
#   CONSTRAINTS=file         pip constraints, such as constraints/tested.txt, for a repeatable set-up
#   TESTS="tests/sem -x"     what `make test` passes to pytest
#   WORKERS=2                processes that share the tests (default: one a core; 0: none besides pytest itself)
#   CASES="trust-ml fiml"    what `make bench` times (default: everything); REPEATS=9 runs of each side;
#   THREADS=1                threads of the BLAS on each side of `make bench`

VENV ?= .venv
VENV_MINIMUM ?= .venv-minimum
VENV_WHEEL ?= .venv-wheel
TESTS ?=
WORKERS ?= auto
CASES ?=
REPEATS ?= 9
THREADS ?= 1
BIN := $(VENV)/bin
PIP_INSTALL := -m pip install -qq --disable-pip-version-check --progress-bar off
CONSTRAIN := $(if $(CONSTRAINTS),-c $(CONSTRAINTS))

# Set-up steps are cached in these empty files; they run again when what they depend on changes.
CREATED := $(VENV)/.created
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
INSTALLED_DOCS := $(VENV)/.installed-docs
INSTALLED_MINIMUM := $(VENV_MINIMUM)/.installed
INSTALLED_WHEEL := $(VENV_WHEEL)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test lint format types docs notebooks notebooks-store reference bench bench-robustness bench-coverage bench-careless bench-dif minimum wheel tested clean distclean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(INSTALLED)  ## Set up, then run the whole way on the bundled simulated sample into build/demo
	@$(BIN)/trustmeasure demo -o build/demo

# Tests of one file share costly fixtures, so that a file stays with one worker. The workers take all cores:
# linear algebra takes one thread in each.
ONE_THREAD = OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1
PYTEST = -m pytest -rfEs --durations=15 -n $(WORKERS) --dist loadfile

test: $(INSTALLED_DEV)  ## Set up, then run all tests on all cores (TESTS=... for some of them, WORKERS=...)
	@$(ONE_THREAD) $(BIN)/python $(PYTEST) $(TESTS)

lint: $(INSTALLED_DEV)  ## Check style and formatting
	@test "$$($(BIN)/ruff check --show-files | wc -l)" -gt 0 || { echo "lint: ruff found no file to check." >&2; exit 1; }
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

format: $(INSTALLED_DEV)  ## Format the code and repair what can be repaired by itself
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

types: $(INSTALLED_DEV)  ## Check types strictly, in the package, the tools and the benchmarks
	@$(BIN)/mypy
	@$(BIN)/mypy tools
	@$(BIN)/mypy benchmarks

docs: $(INSTALLED_DOCS)  ## Build the site into docs/_build/html, warnings are errors
	@$(BIN)/python -m sphinx --fail-on-warning --keep-going -q -E -b html docs docs/_build/html
	@$(BIN)/python tools/check_docs.py docs/_build/html

notebooks: $(INSTALLED_DEV)  ## Execute all notebooks and compare their headline figures with the stored ones
	@$(BIN)/python tools/check_notebooks.py notebooks

notebooks-store: $(INSTALLED_DEV)  ## Execute all notebooks and store their outputs
	@$(BIN)/python tools/check_notebooks.py --store notebooks

reference: $(INSTALLED_DEV)  ## Recompute the reference values with R and show differences; stores nothing
	@$(BIN)/python tools/check_reference.py tests/reference

# The same number of threads for the BLAS of NumPy and of R.
BENCH = OPENBLAS_NUM_THREADS=$(THREADS) OMP_NUM_THREADS=$(THREADS) $(BIN)/python -m

bench: $(INSTALLED_DEV)  ## Time the engine against lavaan and semopy (CASES=..., REPEATS=...); needs R with lavaan
	@$(BENCH) benchmarks --repeats $(REPEATS) $(if $(CASES),--cases $(CASES)) \
	  --command 'make bench$(if $(CASES), CASES="$(CASES)") REPEATS=$(REPEATS) THREADS=$(THREADS)'

bench-robustness: $(INSTALLED_DEV)  ## Fit 500 small or misspecified data sets beside lavaan; needs R with lavaan
	@$(BENCH) benchmarks.robustness

bench-coverage: $(INSTALLED_DEV)  ## Coverage of intervals over 2,000 simulated data sets, 1,000 of ordinal answers
	@$(BENCH) benchmarks.coverage
	@$(BENCH) benchmarks.coverage.ordinal

bench-dif: $(INSTALLED_DEV)  ## How often tests of differential item functioning find planted items, and flag others
	@$(BENCH) benchmarks.dif

bench-careless: $(INSTALLED_DEV)  ## How well indices find planted careless respondents in 200 simulated surveys
	@$(BENCH) benchmarks.careless

minimum: $(INSTALLED_MINIMUM)  ## Run the tests of the package with the lowest supported versions (needs Python 3.11)
	@$(VENV_MINIMUM)/bin/python tools/check_minimum.py
	@$(ONE_THREAD) $(VENV_MINIMUM)/bin/python $(PYTEST) -p no:cacheprovider --ignore=tests/tools --ignore=tests/test_documents.py -m "not system" $(TESTS)

wheel: $(INSTALLED_DEV) $(INSTALLED_WHEEL)  ## Build sdist and wheel, install the wheel elsewhere and run it there
	@rm -rf build/dist && mkdir -p build
	@$(BIN)/python -m build --outdir build/dist . > build/build.log 2>&1 || { cat build/build.log >&2; exit 1; }
	@$(VENV_WHEEL)/bin/python $(PIP_INSTALL) --force-reinstall --no-deps build/dist/*.whl
	@$(VENV_WHEEL)/bin/python -m pip --disable-pip-version-check check
	@$(BIN)/python tools/check_wheel.py $(VENV_WHEEL) build/dist

tested: $(INSTALLED_DOCS)  ## Write the installed versions into constraints/tested.txt, after .ci/run has passed with them
	@{ echo "# The versions that .ci/run has last passed with, on $$($(BIN)/python --version). Not a requirement:"; \
	   echo "# make test CONSTRAINTS=constraints/tested.txt repeats this set-up."; \
	   $(BIN)/python -m pip list --format=freeze --exclude-editable --exclude pip --exclude setuptools; \
	 } > constraints/tested.txt.new
	@mv constraints/tested.txt.new constraints/tested.txt

clean:  ## Remove what was built and all caches; keep the environments
	@rm -rf build dist docs/_build docs/notebooks docs/reference/generated
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.venv*' -prune -exec rm -rf {} +

distclean: clean  ## Also remove the environments
	@rm -rf $(VENV) $(VENV_MINIMUM) $(VENV_WHEEL)

# --- set-up -----------------------------------------------------------------------------------------

$(CREATED):
	@python=$$(PYTHON="$(PYTHON)" tools/find-python) && echo "Making $(VENV) with $$python" && "$$python" -m venv $(VENV)
	@touch $@

$(INSTALLED): pyproject.toml $(CREATED)
	@echo "Installing trustmeasure into $(VENV) (about a minute)"
	@$(BIN)/python $(PIP_INSTALL) $(CONSTRAIN) -e .
	@touch $@

$(INSTALLED_DEV): pyproject.toml $(CREATED)
	@echo "Installing trustmeasure and the development tools into $(VENV) (about a minute)"
	@$(BIN)/python $(PIP_INSTALL) $(CONSTRAIN) -e '.[dev]'
	@touch $(INSTALLED) $@

$(INSTALLED_DOCS): pyproject.toml $(INSTALLED_DEV)
	@echo "Installing the documentation tools into $(VENV)"
	@$(BIN)/python $(PIP_INSTALL) $(CONSTRAIN) -e '.[dev,docs]'
	@touch $@

$(INSTALLED_MINIMUM): pyproject.toml constraints/minimum.txt
	@python=$$(PYTHON="$(PYTHON311)" tools/find-python 3.11) && "$$python" -m venv --clear $(VENV_MINIMUM)
	@echo "Installing the lowest supported versions into $(VENV_MINIMUM) (about a minute)"
	@$(VENV_MINIMUM)/bin/python $(PIP_INSTALL) -c constraints/minimum.txt -e '.[test]'
	@touch $@

# An environment with what the wheel asks for and nothing else; the wheel itself comes anew every time.
$(INSTALLED_WHEEL): pyproject.toml
	@python=$$(PYTHON="$(PYTHON)" tools/find-python) && "$$python" -m venv --clear $(VENV_WHEEL)
	@echo "Installing what the wheel depends on into $(VENV_WHEEL) (about a minute)"
	@$(VENV_WHEEL)/bin/python $(PIP_INSTALL) $(CONSTRAIN) .
	@touch $@
