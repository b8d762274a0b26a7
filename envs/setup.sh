#!/usr/bin/env bash
# Make .venv hold exactly envs/lock.txt and this package, doing nothing if it does already.
# A half-made or damaged environment is noticed (by its stamp, and by the version of every package)
# and mended: first in place, then from scratch.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
log=.venv.log

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "error: phasemix needs Python 3.11 or newer and '$python' is not: install it, or name one with PYTHON=…" >&2
    exit 1
fi

complete() { [ -x .venv/bin/python ] && .venv/bin/python envs/check.py 2>"$log"; }

install() {
    [ -x .venv/bin/pip ] && .venv/bin/python -c '' || "$python" -m venv --clear .venv || return
    .venv/bin/python -m pip install --requirement envs/lock.txt &&
        .venv/bin/python -m pip install --no-deps --no-build-isolation --editable . &&
        .venv/bin/python envs/check.py --stamp
}

complete && exit
echo "setting up .venv from envs/lock.txt (some minutes; log in $log) …" >&2
if ! install >"$log" 2>&1; then
    echo "… from scratch" >&2
    rm -rf .venv
    if ! install >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        echo "error: the environment could not be made: see $log (on Debian: apt-get install python3-venv)" >&2
        exit 1
    fi
fi
rm -f "$log"
