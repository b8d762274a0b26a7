# The targets of phasemix. Each does all of its own set-up.
#
#   make reproduce              the default study, to results/laptop/report.html
#   make reproduce SCALE=smoke  another scale of scales/
#   make reproduce TARGET=a_fig_2      one experiment or figure by name
#   make test                   all tests
#   make lint                   formatters, linters, type checker
#   make lock                   pin the newest versions of all dependencies anew

SCALE ?= laptop
TARGET ?= all
PYTHON ?= python3
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export HF_HUB_DISABLE_TELEMETRY := 1

.PHONY: reproduce test lint lock environment clean

reproduce: environment scales/$(SCALE).yaml
	snakemake $(TARGET) --configfile scales/$(SCALE).yaml --quiet reason host

scales/$(SCALE).yaml:
	@echo "error: SCALE=$(SCALE): no scales/$(SCALE).yaml; there are: $(patsubst scales/%.yaml,%,$(wildcard scales/*.yaml))" >&2; exit 1

test: environment
	pytest -n 2 --dist loadgroup tests

lint: environment
	ruff format --check .
	ruff check .
	snakefmt --check Snakefile rules
	mypy
	snakemake --lint

lock: environment
	envs/lock.sh

environment:
	@PYTHON=$(PYTHON) envs/setup.sh

clean:
	rm -rf .venv results .snakemake
