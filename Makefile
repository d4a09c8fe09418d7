# The front door. Each target installs what it needs; nothing is done twice.
#
#	make matrix	boot every kernel of lab.yaml, try every claim, write reports/html/index.html
#	make matrix FILE=lab-all.yaml	the same of another lab
#	make test	all tests, on real kernels too
#	make check	what needs no guest: lint, types, unit tests (seconds)
#	make mutants	break a kernel in one place at a time: do the claims notice?
#	make docs	write docs/claims.md, docs/kernel-bugs.md and docs/*.schema.json anew
#	make faults	break guests and the host for real: whom does the lab blame?
#	make bisect-demo	a kernel tree with one bad commit among traps: is it found?
#	make bench	how close to a bare QEMU boot the lab comes
#	make bench-matrix	the whole matrix to what its guests alone would take, and its own share
#	make bench-loop	how long one waits for one suite on one kernel, and for no news
#	make bench-index	how long questions about a thousand runs take (minutes)
#	make bench-cluster	what very many targets cost whoever sends them out; guests are simulated
#	make bench-report	how fast the report of a very large lab is rendered, opened, filtered
#	make screenshots	pictures of the last run's report, into reports/screenshots/

SHELL	:= /bin/sh
PYTHON	?= python3
VENV	:= .venv
BIN	:= $(VENV)/bin
LAB	:= $(BIN)/lab

# Arguments for the verb behind a target: make matrix ARGS='--arch parisc'
ARGS	?=

# The lab, and which arches it has, for what those need on the host.
FILE	?= lab.yaml
ARCHES	?= $(shell sed -n 's/^arches: \[\(.*\)\]$$/\1/p' $(FILE) | tr -d ,)

# What is for a shell, on the host or in a guest.
SCRIPTS	:= $(wildcard images/hooks/*) images/init images/install-host-packages images/modprobe images/repro/repro.sh

# What --json prints has a schema each in docs/.
FORMS	:= matrix cell diff runs history compat agreement night

.PHONY: help matrix test check mutants faults docs bench bench-cluster bench-index bench-loop bench-matrix bench-report bisect-demo screenshots format lock setup clean

help:
	@sed -n 's/^#\t//p' Makefile

matrix: setup
	$(LAB) -f $(FILE) run $(ARGS)

test: check setup test-packages
	$(BIN)/pytest -n 2 --dist loadfile -m 'guest or browser' $(ARGS)

check: $(VENV)/.installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/shellcheck $(SCRIPTS)
	$(BIN)/pytest -q -n auto -m 'not guest and not browser'

mutants: setup
	$(LAB) mutants $(ARGS)

faults: setup
	$(BIN)/python -m orchestrator.faults $(ARGS)

docs: setup
	$(LAB) list claims --markdown > docs/claims.md
	$(LAB) list bugs --markdown > docs/kernel-bugs.md
	$(LAB) check --schema > docs/lab.schema.json
	for form in $(FORMS); do $(LAB) schema $$form > docs/$$form.schema.json; done

bisect-demo: setup
	$(BIN)/python -m orchestrator.bisectdemo $(ARGS)

bench: setup
	$(BIN)/python -m orchestrator.bench $(ARGS)

bench-cluster: setup
	$(BIN)/python -m orchestrator.bench_cluster_simulated $(ARGS)

bench-index: setup
	$(BIN)/python -m orchestrator.bench_index $(ARGS)

bench-loop: setup
	$(BIN)/python -m orchestrator.bench_loop $(ARGS)

bench-matrix: setup
	$(BIN)/python -m orchestrator.bench_matrix $(ARGS)

format: $(VENV)/.installed
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench-report: $(VENV)/.installed test-packages
	$(BIN)/python -m orchestrator.bench_report $(ARGS)

screenshots: $(VENV)/.installed test-packages
	$(BIN)/python -m orchestrator.screenshots $(ARGS)

setup: host-packages $(VENV)/.installed

.PHONY: host-packages test-packages
host-packages:
	@images/install-host-packages $(ARCHES)

test-packages:
	@images/install-host-packages --tests

# The interpreter's venv module is a host package too, so those come first.
$(VENV)/.installed: requirements.lock pyproject.toml | host-packages
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --require-hashes -r requirements.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	touch $@

# After a change of pyproject.toml's dependencies.
lock: $(VENV)/.installed
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url \
		--extra dev pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) reports/html *.egg-info
