#!/usr/bin/env bash
# Pin the newest versions of all dependencies of pyproject.toml, resolved in a clean environment.
# torch keeps its version: change it here.
set -euo pipefail
cd "$(dirname "$0")/.."
torch=2.13.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder"
"$folder/bin/pip" install "torch==$torch" setuptools ".[dev]"
{
    echo "# Every package of the environment, pinned. Made by envs/lock.sh from pyproject.toml; do not edit."
    "$folder/bin/pip" list --format freeze | sed 's/+cpu$//' | grep -viE '^(pip|phasemix)=='
} > envs/lock.txt
