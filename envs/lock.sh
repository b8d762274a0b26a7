#!/usr/bin/env bash
# Pin the newest versions of all dependencies of pyproject.toml, resolved in clean environments: envs/lock.txt, the same
# for conda, and in envs/<extra>.txt what each extra needs beside it, all of which go together. torch keeps its version:
# change it here. PIP_CONSTRAINT=envs/lock.txt keeps all others, too. The CUDA libraries of a GPU build are not listed: torch's own metadata pins them.
set -euo pipefail
cd "$(dirname "$0")/.."
torch=2.13.0
extras=(docs downstream trackers)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
freeze() { "$folder/$1/bin/pip" list --format freeze | sed 's/+cpu$//' | grep -viE '^(pip|phasemix)=='; }
pin() { # a name, and the extras of its environment
    "${PYTHON:-python3}" -m venv "$folder/$1"
    "$folder/$1/bin/pip" install "torch==$torch" setuptools ".[$2]"
    freeze "$1" > "$folder/$1.txt"
}
pin all "workflow,dev,$(IFS=,; echo "${extras[*]}")"
export PIP_CONSTRAINT="$folder/all.txt"
pin workflow workflow,dev
{
    echo "# Every package of the environment, pinned. Made by envs/lock.sh from pyproject.toml; do not edit."
    cat "$folder/workflow.txt"
} > envs/lock.txt
for extra in "${extras[@]}"; do
    pin "$extra" "workflow,dev,$extra"
    {
        echo "# What the extra $extra needs beside envs/lock.txt, pinned. Made by envs/lock.sh from pyproject.toml; do not edit."
        grep -vxF -f envs/lock.txt "$folder/$extra.txt"
    } > "envs/$extra.txt"
done
{
    echo "# envs/lock.txt for sites that prefer conda (snakemake --software-deployment-method conda). Made by envs/lock.sh."
    printf 'name: phasemix\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.11\n  - pip\n  - pip:\n'
    grep -v '^#' envs/lock.txt | sed 's/^/      - /'
} > envs/conda.yaml
