# Two commands do it all: `make`, then `make test`. `make help` lists the rest.

SHELL := bash
PYTHON ?= python3
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
SETS := $(sort $(foreach folder,$(wildcard exercises/ps*_*/),$(firstword $(subst _, ,$(notdir $(folder:/=))))))
SET ?= ps1
HUNT_SECONDS ?= 600
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
unexport PYTHONDONTWRITEBYTECODE  # compiled modules make every command faster
MAKEFLAGS += --no-print-directory

ENVIRONMENT := .venv/.complete
VENDOR := build/.vendor
BOOK := build/_build/html/index.html
LITE := build/lite/jupyter-lite.json
RELEASED := $(foreach set,$(SETS),build/release/$(set)/$(set).ipynb)
CLASS := build/submitted/.complete
GRADED := build/grading/ps1/results.json

COURSE_CODE := $(shell find course_lib -name '*.py' -o -name '*.csv' -o -path '*modules/*')
AUTOGRADER_CODE := $(shell find autograder -name '*.py' -o -path '*templates*' -type f)
BOOK_TEXT := $(shell find book -type f)
CASES := $(shell find exercises -path '*/cases/*' -name '*.py')

.DEFAULT_GOAL := all
.PHONY: all environment book pdf site lite release grade serve lab check test hunt pythons lint prove bench clean help

all: $(BOOK) $(RELEASED) $(GRADED)  ## set up, build the book, release the problem sets, mark the sample class
	@printf '\nAll is there. Open\n'
	@printf '  the book                  file://%s\n' "$(CURDIR)/$(BOOK)"
	@printf '  a problem set             make lab SET=ps1   (%s; the notebooks lie in build/release)\n' "$(SETS)"
	@printf '  the feedback              file://%s\n' "$(CURDIR)/build/grading/ps1/feedback/carl.html"
	@printf '  the class report          file://%s\n' "$(CURDIR)/build/grading/ps1/report.html"

environment: $(ENVIRONMENT)  ## make .venv with everything, and the system packages where that is allowed
book: $(BOOK)  ## build the book
pdf: $(BOOK)  ## print the book as one PDF, build/autodiff-and-mixtures.pdf
	@$(BIN)/python book/paper.py

site: $(BOOK)  ## put the book into build/site, a folder that any web host serves
	@$(BIN)/python book/site.py

lite: $(ENVIRONMENT) $(RELEASED)  ## build a site that runs the problem sets in the browser: make lite PYODIDE_PACKAGES=...
	@$(BIN)/python book/lite.py "$(PYODIDE_PACKAGES)"

release: $(RELEASED)  ## make the students' notebooks from the instructor's
grade: $(GRADED)  ## mark the sample class

$(ENVIRONMENT): pyproject.toml .ci/system-packages
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "This course needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.12"; exit 1; }
	@sh .ci/system-packages
	@echo 'Installing the Python packages into .venv (one to four minutes)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off --editable '.[dev]' | \
	  awk '/^Collecting/ && ++n % 40 == 0 { printf "  %d packages collected\n", n; fflush() } /^Installing/ { print "  unpacking them"; fflush() }'
	@$(BIN)/python -c 'import autograder.cli, nbgrader, jupyter_book' && touch $@

$(VENDOR): $(ENVIRONMENT) book/package-lock.json book/vendor.py
	@$(BIN)/python book/vendor.py
	@mkdir -p $(@D) && touch $@

$(BOOK): $(ENVIRONMENT) $(VENDOR) $(RELEASED) $(BOOK_TEXT) $(CASES) $(COURSE_CODE)
	@echo 'Building the book (chapters are executed; one to three minutes the first time)'
	@$(BIN)/jupyter-book build book --path-output build -W --keep-going --quiet > build/book.log \
	  2> >(grep -v 'IPKernelApp' >&2) || { cat build/book.log; exit 1; }
	@touch $@

.SECONDEXPANSION:
$(RELEASED): build/release/%.ipynb: $(ENVIRONMENT) $(AUTOGRADER_CODE) $$(wildcard exercises/$$(*F)_*/*.*)
	@$(BIN)/autograder release $(*F)
	@touch $@

$(CLASS): exercises/sample_class.py $(RELEASED) $(wildcard exercises/ps1_*/cases/*/*.py)
	@$(BIN)/python exercises/sample_class.py build/release/ps1/ps1.ipynb build/submitted
	@touch $@

$(GRADED): $(CLASS) $(AUTOGRADER_CODE) $(COURSE_CODE)
	@$(BIN)/autograder grade ps1 --submissions build/submitted --jobs $(JOBS) --yes

serve: $(BOOK)  ## serve the book on this machine, http://127.0.0.1:8000
	@$(BIN)/python -m http.server 8000 --bind 127.0.0.1 --directory $(dir $(BOOK))

lab: $(RELEASED)  ## open a copy of a problem set in JupyterLab, as a student does: make lab SET=ps4
	@mkdir -p build/lab && cp -n build/release/$(SET)/$(SET).ipynb build/lab/ || true
	@$(BIN)/jupyter lab build/lab/$(SET).ipynb

$(LITE): $(ENVIRONMENT) book/lite.py book/vendor.py | $(RELEASED)
	@$(BIN)/python book/lite.py

test: all $(LITE) lint  ## run all tests: style, types, units, notebooks, browser, grading
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

check: lint $(VENDOR)  ## what to run before a commit: style, types and the quick tests, in about a minute
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile --hypothesis-profile=check --quick --ignore=course_lib/explore -m "not grading and not notebooks"

pythons: $(ENVIRONMENT) $(VENDOR)  ## run the tests without browser, sandbox and chapters on every other Python found; TESTS=--quick: fewer
	@$(BIN)/python -m tests.pythons $(TESTS)

hunt: all  ## run random tests and cases on examples that nobody has seen
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -m hypothesis --hypothesis-profile=hunt
	@HUNT_SECONDS=$(HUNT_SECONDS) $(BIN)/python -m pytest -q -s tests/autodiff/test_random_programs.py tests/autodiff/test_nested_programs.py tests/autodiff/test_awkward_values.py
	@$(BIN)/autograder prove --jobs $(JOBS) --seeds 20
	@$(BIN)/python tests/exercises/one_slip.py
	@$(BIN)/python -m tests.autograder.under_load

lint: $(ENVIRONMENT)
	@$(BIN)/ruff check .
	@$(BIN)/mypy

prove: $(ENVIRONMENT)  ## run every case of every problem set, right and wrong
	@$(BIN)/autograder prove --jobs $(JOBS)

bench: all  ## measure derivatives, EM and marking beside their peers
	@$(BIN)/python -m tests.benchmarks

clean:  ## remove all that was built; .venv stays
	rm -rf build

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{ printf "make %-12s %s\n", $$1, $$2 }'
