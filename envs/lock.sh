#!/usr/bin/env bash
# Pin the newest versions of all dependencies of pyproject.toml, resolved in a clean environment:
# envs/lock.txt, and the same for conda. torch keeps its version: change it here. The CUDA libraries
# of a GPU build are not listed: torch's own metadata pins them.
set -euo pipefail
cd "$(dirname "$0")/.."
torch=2.13.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder"
"$folder/bin/pip" install "torch==$torch" setuptools ".[workflow,dev]"
{
    echo "# Every package of the environment, pinned. Made by envs/lock.sh from pyproject.toml; do not edit."
    "$folder/bin/pip" list --format freeze | sed 's/+cpu$//' | grep -viE '^(pip|phasemix)=='
} > envs/lock.txt
{
    echo "# envs/lock.txt for sites that prefer conda (snakemake --software-deployment-method conda). Made by envs/lock.sh."
    printf 'name: phasemix\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.11\n  - pip\n  - pip:\n'
    grep -v '^#' envs/lock.txt | sed 's/^/      - /'
} > envs/conda.yaml
