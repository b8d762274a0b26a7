#!/usr/bin/env bash
# Pin the newest versions of all dependencies of pyproject.toml, resolved in clean environments: envs/lock.txt, the same
# for conda, and in envs/trackers.txt what trackers need beside it, all of which go together. torch keeps its version:
# change it here. The CUDA libraries of a GPU build are not listed: torch's own metadata pins them.
set -euo pipefail
cd "$(dirname "$0")/.."
torch=2.13.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
freeze() { "$folder/$1/bin/pip" list --format freeze | sed 's/+cpu$//' | grep -viE '^(pip|phasemix)=='; }
for name in all workflow; do "${PYTHON:-python3}" -m venv "$folder/$name"; done
"$folder/all/bin/pip" install "torch==$torch" setuptools ".[workflow,dev,trackers]"
freeze all > "$folder/all.txt"
"$folder/workflow/bin/pip" install --constraint "$folder/all.txt" "torch==$torch" setuptools ".[workflow,dev]"
{
    echo "# Every package of the environment, pinned. Made by envs/lock.sh from pyproject.toml; do not edit."
    freeze workflow
} > envs/lock.txt
{
    echo "# What trackers of experiments need beside envs/lock.txt, pinned. Made by envs/lock.sh from pyproject.toml; do not edit."
    grep -vxF -f envs/lock.txt "$folder/all.txt"
} > envs/trackers.txt
{
    echo "# envs/lock.txt for sites that prefer conda (snakemake --software-deployment-method conda). Made by envs/lock.sh."
    printf 'name: phasemix\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.11\n  - pip\n  - pip:\n'
    grep -v '^#' envs/lock.txt | sed 's/^/      - /'
} > envs/conda.yaml
