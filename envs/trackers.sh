#!/usr/bin/env bash
# Make .venv-trackers hold envs/trackers.txt on top of .venv; do nothing if it does already.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=.venv-trackers
if cmp -s envs/trackers.txt "$folder/stamp" && "$folder/bin/python" -c 'import pytest' 2>/dev/null; then exit; fi
rm -rf "$folder"
.venv/bin/python -m venv "$folder"
.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
    > "$("$folder/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/base.pth"
"$folder/bin/pip" install --quiet --no-deps --requirement envs/trackers.txt
cp envs/trackers.txt "$folder/stamp"
