# The targets of phasemix. Each does all of its own set-up.
#
#   make reproduce              the default study, to results/laptop/report.html
#   make reproduce SCALE=smoke  another scale of scales/
#   make reproduce EXPERIMENTS=all     all experiments, or EXPERIMENTS=name,name
#   make reproduce TARGET=all_tables   a target of the Snakefile
#   make reproduce PROFILE=slurm       somewhere else: a folder of profiles/
#   make pages                  figures and report from tables copied from elsewhere, by SCALE
#   make plan                   what a study will cost, by SCALE and PROFILE
#   make status                 where it stands, by SCALE
#   make compare                how a finished study compares with docs/results, by SCALE
#   make keep                   keep a finished study's results in docs/results, by SCALE
#   make test                   all tests
#   make test-extras            what extras bring: trackers, downstream tasks, the site of the docs
#   make test-cluster           the workflow and its faults in a real SLURM on this machine
#   make gpu-check              what a GPU can do here, before a study: speed, memory, resuming, equality with the CPU
#   make lint                   formatters, linters, type checker
#   make bench                  speed, as ratios measured in one run
#   make environment EXTRAS=trackers   what an extra needs, in .venv: a list of envs/
#   make docs                   the site of the documentation, to build/docs
#   make lock                   pin the newest versions of all dependencies anew

SCALE ?= laptop
TARGET ?= all
PROFILE ?= default
CORES ?= all
EXTRA_TESTS := docs downstream trackers
REPEAT ?= 1
CHOSEN := $(if $(EXPERIMENTS),--experiments $(EXPERIMENTS))
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export HF_HUB_DISABLE_TELEMETRY := 1

.PHONY: reproduce run pages plan status compare keep test test-cluster test-extras lint bench docs gpu-check lock environment clean

reproduce: scales/$(SCALE).yaml profiles/$(PROFILE)/config.yaml environment
	@flock --nonblock --conflict-exit-code 75 .reproduce.lock $(MAKE) --no-print-directory run || { code=$$?; \
	[ $$code -ne 75 ] || echo "error: another make reproduce, or a job it left, is running in this folder" >&2; exit $$code; }

# Under the lock of `reproduce`, and if no Snakemake holds its own: what is found here was left by one that was killed.
run:
	@mkdir -p .snakemake && flock --nonblock .snakemake/running.lock true || { \
	echo "error: a snakemake is running in this folder; wait for it, or stop it" >&2; exit 1; }
	@if ls .snakemake/locks/* >/dev/null 2>&1; then snakemake --unlock --configfile scales/$(SCALE).yaml --quiet; fi
	@python scripts/orphans.py
	@PYTHONPATH=. python scripts/reproduce.py $(TARGET) --scale scales/$(SCALE).yaml --profile profiles/$(PROFILE) \
	    --cores $(CORES) $(CHOSEN)

# Figures and report from tables alone, copied from where they were made.
pages: scales/$(SCALE).yaml environment
	snakemake --configfile $< --quiet reason host --allowed-rules all report ledger \
	    $(patsubst phasemix/experiments/%/spec.py,section_%,$(wildcard phasemix/experiments/*/spec.py)) \
	    $(subst /figures/,_,$(patsubst phasemix/experiments/%.py,draw_%,$(wildcard phasemix/experiments/*/figures/[!_]*.py)))

plan: scales/$(SCALE).yaml profiles/$(PROFILE)/config.yaml environment
	@PYTHONPATH=. python scripts/plan.py --scale $< --profile profiles/$(PROFILE) $(CHOSEN)

status: scales/$(SCALE).yaml environment
	@PYTHONPATH=. python scripts/status.py --scale $< $(CHOSEN)

# What readers see who run nothing, and how one's own run compares with it.
keep: scales/$(SCALE).yaml environment
	@PYTHONPATH=. python scripts/keep_results.py --scale $< $(CHOSEN)

compare: scales/$(SCALE).yaml environment
	@PYTHONPATH=. python scripts/compare.py --scale $< $(CHOSEN)

scales/$(SCALE).yaml:
	@echo "error: SCALE=$(SCALE): no scales/$(SCALE).yaml; there are: $(patsubst scales/%.yaml,%,$(wildcard scales/*.yaml))" >&2; exit 1

profiles/$(PROFILE)/config.yaml:
	@echo "error: PROFILE=$(PROFILE): no profiles/$(PROFILE)/config.yaml; there are: $(notdir $(wildcard profiles/*))" >&2; exit 1

test: environment
	pytest -n 2 --dist loadgroup tests --ignore tests/cluster $(addprefix --ignore tests/,$(EXTRA_TESTS))

test-extras:
	@EXTRAS="docs downstream trackers" envs/setup.sh
	pytest -n 2 $(addprefix tests/,$(EXTRA_TESTS))

# A real SLURM on this machine, as root: the study and faults through profiles/slurm; with FAULTS=write into docs/faults.md.
test-cluster: environment
	pytest -rs -n 3 --dist worksteal tests/cluster --repeat $(REPEAT) $(if $(FAULTS),--write-faults)

lint: environment
	ruff format --check .
	ruff check .
	snakefmt --check Snakefile rules phasemix/experiments/*/rules.smk
	mypy
	snakemake --lint

bench: environment
	PYTHONPATH=. python bench/stream.py
	PYTHONPATH=. python bench/corpora_at_scale.py
	PYTHONPATH=. python bench/training.py
	test ! -d results/laptop/evaluations || PYTHONPATH=. python bench/science.py
	PYTHONPATH=. python bench/entropies.py
	PYTHONPATH=. python bench/laws.py
	PYTHONPATH=. python bench/coverage.py
	PYTHONPATH=. python bench/cliff.py
	PYTHONPATH=. python bench/dag.py

gpu-check: environment
	@PYTHONPATH=. python scripts/gpu_check.py

docs:
	@EXTRAS=docs envs/setup.sh
	sphinx-build -E -W --keep-going -n -q -b html -d build/doctrees docs build/docs

lock: environment
	envs/lock.sh

environment:
	@envs/setup.sh

clean:
	rm -rf .venv .venv.extras results .snakemake
